//! Random secrets, and what is kept of them.

use engawa_kernel::error::{Error, Result};
use sha2::{Digest as _, Sha256};

/// Letters of recovery codes: none that looks like another.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Random bytes from the operating system.
///
/// # Errors
/// It has none.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| Error::Internal(format!("randomness: {e}")))?;
    Ok(bytes)
}

/// A secret of 256 bits as 64 hexadecimal digits: session cookies, form secrets.
///
/// # Errors
/// The machine has no randomness.
pub fn token() -> Result<String> {
    Ok(hex(&random::<32>()?))
}

/// A recovery code of 60 bits, without its hyphens.
///
/// # Errors
/// The machine has no randomness.
pub fn recovery_code() -> Result<String> {
    Ok(random::<12>()?
        .iter()
        .map(|b| char::from(LETTERS[usize::from(b % 32)]))
        .collect())
}

/// What is stored of a secret that is random itself; such a secret needs no salt and no stretching.
#[must_use]
pub fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// Hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_codes_are_readable() {
        assert_ne!(token().unwrap(), token().unwrap());
        let code = recovery_code().unwrap();
        assert_eq!(code.len(), 12);
        assert!(!code.contains(['0', 'O', '1', 'I']));
    }
}
