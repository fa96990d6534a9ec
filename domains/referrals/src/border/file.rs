//! The file: an age file for one receiver; inside, a line that names the format, the sender's
//! signature, and the payload. Signed first and sealed afterwards, with the receiver's code under
//! the signature: what was written to one municipality cannot be handed on as if written to another,
//! and who sends is not shown to whoever finds the file.

use ed25519_dalek::{Signature, Signer as _, VerifyingKey};

use super::{
    card::Card,
    keys::Keys,
    payload::{Payload, Unread},
};

/// Of the file's name.
pub const ENDING: &str = "engawa-tsunagu";
/// Bytes at most. A sheet with everything written to its limits has about a fifth of it.
pub const LIMIT: usize = 1_000_000;
/// What the signed bytes begin with: a signature of ours for another purpose fits nothing here.
const MAGIC: &[u8] = b"engawa-tsunagu/1\n";
const SIGNATURE: usize = 64;

/// A file that is ours to read but not yet checked: the signature is the next step, as soon as it is
/// known who should have signed.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What it says. Nothing of it may be used before [`Opened::check`].
    payload: Payload,
    signed: Vec<u8>,
    signature: [u8; SIGNATURE],
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    /// More than [`LIMIT`].
    TooLarge,
    /// Not an age file, or damaged on its way.
    NotSealed,
    /// Sealed for somebody else, or for a key that we no longer have.
    NotForUs,
    /// Opened, but what is in it is not of this format.
    Inside(Unread),
    /// The signature is not that of whom it names.
    Signature,
}

/// Makes a file.
///
/// # Errors
/// The receiver's key is damaged, or the payload cannot be written; never the user's fault.
pub fn seal(keys: &Keys, to: &Card, payload: &Payload) -> Result<Vec<u8>, String> {
    let mut signed = MAGIC.to_vec();
    serde_json::to_writer(&mut signed, payload).map_err(|e| format!("payload: {e}"))?;
    let signature = keys.signing.sign(&signed).to_bytes();
    let (magic, json) = signed.split_at(MAGIC.len());
    let plain = [magic, &signature, json].concat();
    age::encrypt(&to.recipient, &plain).map_err(|e| format!("sealing: {e}"))
}

/// Opens a file with our key.
///
/// # Errors
/// [`Bad`]
pub fn open(keys: &Keys, file: &[u8]) -> Result<Opened, Bad> {
    if file.len() > LIMIT {
        return Err(Bad::TooLarge);
    }
    let plain = age::decrypt(&keys.identity, file).map_err(|e| match e {
        age::DecryptError::NoMatchingKeys | age::DecryptError::ExcessiveWork { .. } => {
            Bad::NotForUs
        }
        _ => Bad::NotSealed,
    })?;
    inside(&plain)
}

/// Reads what an opened file holds. For the fuzzer, which cannot seal.
///
/// # Errors
/// [`Bad::Inside`]
pub fn inside(plain: &[u8]) -> Result<Opened, Bad> {
    let ours = Bad::Inside(Unread::NotOurs);
    let rest = plain.strip_prefix(MAGIC).ok_or(ours)?;
    let (signature, json) = rest.split_first_chunk::<SIGNATURE>().ok_or(ours)?;
    let payload = Payload::read(json).map_err(Bad::Inside)?;
    Ok(Opened {
        payload,
        signed: [MAGIC, json].concat(),
        signature: *signature,
    })
}

impl Opened {
    /// Whom it says it is from: only to find the key that must have signed it.
    #[must_use]
    pub fn claims_from(&self) -> &str {
        &self.payload.from.code
    }

    /// What it says, once the signature fits.
    ///
    /// # Errors
    /// [`Bad::Signature`]
    pub fn check(self, verifier: &VerifyingKey) -> Result<Payload, Bad> {
        verifier
            .verify_strict(&self.signed, &Signature::from_bytes(&self.signature))
            .map_err(|_| Bad::Signature)?;
        Ok(self.payload)
    }
}
