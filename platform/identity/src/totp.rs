//! Time-based one-time codes (RFC 6238), as every authenticator app makes them: SHA-1, six digits,
//! thirty seconds. One step of the clock before and after is accepted.

use chrono::{DateTime, Utc};
use engawa_kernel::error::{Error, Result};
use qrcode::{QrCode, render::svg};
use totp_rs::{Builder, Totp};

use crate::model::TotpSecret;

/// A new secret of 160 bits.
///
/// # Errors
/// The machine has no randomness.
pub fn new_secret() -> Result<TotpSecret> {
    Ok(TotpSecret(crate::secret::random::<20>()?.to_vec()))
}

fn totp(secret: &TotpSecret, issuer: &str, login: &str) -> Result<Totp> {
    // A colon would part issuer and name in the address that the app reads.
    Builder::new()
        .with_secret(secret.0.clone())
        .with_issuer(Some(issuer.replace(':', " ")))
        .with_account_name(login.replace(':', " "))
        .build()
        .map_err(|e| Error::Internal(format!("totp: {e}")))
}

/// The step (thirty seconds since 1970) that a code belongs to, if it fits now.
///
/// # Errors
/// The stored secret is not one.
pub fn step_of(secret: &TotpSecret, code: &str, now: DateTime<Utc>) -> Result<Option<i64>> {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    let step = totp(secret, "engawa", "engawa")?.check(code, seconds);
    Ok(step.and_then(|s| i64::try_from(s).ok()))
}

/// The secret as people type it into an app: base32 in groups of four.
///
/// # Errors
/// The stored secret is not one.
pub fn as_text(secret: &TotpSecret) -> Result<String> {
    let base32 = totp(secret, "engawa", "engawa")?.secret().to_base32();
    let groups: Vec<String> = base32
        .as_bytes()
        .chunks(4)
        .map(|c| String::from_utf8_lossy(c).into_owned())
        .collect();
    Ok(groups.join(" "))
}

/// The secret as a QR code for the app's camera. The picture leads nowhere else.
///
/// # Errors
/// The stored secret is not one.
pub fn as_svg(secret: &TotpSecret, issuer: &str, login: &str) -> Result<String> {
    let url = totp(secret, issuer, login)?
        .to_url()
        .map_err(|e| Error::Internal(format!("totp: {e}")))?;
    let code = QrCode::new(url).map_err(|e| Error::Internal(format!("qr: {e}")))?;
    Ok(code.render::<svg::Color>().min_dimensions(240, 240).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> TotpSecret {
        TotpSecret(b"12345678901234567890".to_vec())
    }
    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn the_codes_of_rfc_6238_are_understood() {
        // Appendix B has eight digits; six are their end.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(
                step_of(&secret(), code, at(seconds)).unwrap(),
                Some(seconds / 30)
            );
        }
        assert_eq!(step_of(&secret(), "287082", at(59 + 30)).unwrap(), Some(1));
        assert_eq!(step_of(&secret(), "287082", at(59 + 90)).unwrap(), None);
        assert_eq!(step_of(&secret(), "", at(59)).unwrap(), None);
    }

    #[test]
    fn the_picture_has_no_style_and_no_link() {
        let svg = as_svg(&secret(), "縁側 縁側市", "mihon").unwrap();
        assert!(svg.contains("<svg") && !svg.contains("style") && !svg.contains("href"));
        assert!(as_text(&secret()).unwrap().starts_with("GEZD GNBV"));
    }
}
