//! Our own keys: made once for each municipality, the private parts in the data folder beside
//! `audit.key`, readable by the server's account only. Several nodes on one PostgreSQL share a copy
//! of the file, as they do of `audit.key`.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use age::{secrecy::ExposeSecret as _, x25519};
use ed25519_dalek::SigningKey;
use engawa_kernel::{
    error::{Error, Result},
    id::MunicipalityId,
};

use super::card::Card;

/// Opens what is sealed for us, signs what we send.
pub struct Keys {
    pub(super) identity: x25519::Identity,
    pub(super) signing: SigningKey,
}

fn place(data: &Path, whose: MunicipalityId) -> PathBuf {
    data.join(format!("border.{whose}.key"))
}

impl Keys {
    /// Reads them; none when the file is not there.
    ///
    /// # Errors
    /// The file cannot be read, or holds no keys.
    pub fn load(data: &Path, whose: MunicipalityId) -> Result<Option<Self>> {
        let file = place(data, whose);
        match std::fs::read_to_string(&file) {
            Ok(text) => Self::parse(&text)
                .map(Some)
                .ok_or_else(|| Error::Internal(format!("{} holds no keys", file.display()))),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(Error::Internal(format!("{}: {e}", file.display()))),
        }
    }

    /// Makes new ones and writes them. A file that is already there is kept and read: another
    /// request was first.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn make(data: &Path, whose: MunicipalityId) -> Result<Self> {
        let file = place(data, whose);
        let io = |e: std::io::Error| Error::Internal(format!("{}: {e}", file.display()));
        let keys = Self::random()?;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        match options.open(&file) {
            Ok(mut f) => {
                f.write_all(keys.written().as_bytes()).map_err(io)?;
                f.sync_all().map_err(io)?;
                Ok(keys)
            }
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Self::load(data, whose)?
                .ok_or_else(|| Error::Internal(format!("{} has gone", file.display()))),
            Err(e) => Err(io(e)),
        }
    }

    /// New keys, kept nowhere yet.
    ///
    /// # Errors
    /// The machine gives no random numbers.
    pub fn random() -> Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|e| Error::Internal(format!("random: {e}")))?;
        Ok(Self {
            identity: x25519::Identity::generate(),
            signing: SigningKey::from_bytes(&seed),
        })
    }

    fn written(&self) -> String {
        let seed: String = self
            .signing
            .to_bytes()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        let identity = self.identity.to_string();
        format!(
            "engawa-border-key 1\n{}\n{seed}\n",
            identity.expose_secret()
        )
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next()? != "engawa-border-key 1" {
            return None;
        }
        let identity = lines.next()?.parse().ok()?;
        let seed = super::card::bytes_of(lines.next()?)?;
        Some(Self {
            identity,
            signing: SigningKey::from_bytes(&seed),
        })
    }

    /// The half that others get.
    #[must_use]
    pub fn card(&self, code: &str, name: &str) -> Card {
        Card {
            code: code.to_owned(),
            name: name.to_owned(),
            recipient: self.identity.to_public(),
            verifier: self.signing.verifying_key(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_read_again_by_nobody_else() {
        let folder = std::env::temp_dir().join(engawa_kernel::id::new_uuid().to_string());
        std::fs::create_dir(&folder).unwrap();
        let whose = MunicipalityId::new();
        assert!(Keys::load(&folder, whose).unwrap().is_none());
        let made = Keys::make(&folder, whose).unwrap().card("132195", "縁側市");
        let again = Keys::make(&folder, whose).unwrap().card("132195", "縁側市");
        let read = Keys::load(&folder, whose)
            .unwrap()
            .unwrap()
            .card("132195", "縁側市");
        assert_eq!(made.fingerprint(), again.fingerprint());
        assert_eq!(made.fingerprint(), read.fingerprint());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(place(&folder, whose))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::write(place(&folder, whose), "nothing").unwrap();
        assert!(Keys::load(&folder, whose).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
