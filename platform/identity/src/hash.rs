//! Passwords at rest: argon2id, computed off the async threads, two at a time.

use std::sync::LazyLock;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use engawa_kernel::error::{Error, Result};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;

/// Bytes of a password at most; longer input is refused before any work is done on it.
pub const MAX_BYTES: usize = 1024;

/// Each computation takes 19 MiB and a core: a flood of attempts must not stop the office's work.
static WORKERS: Semaphore = Semaphore::const_new(2);
/// Attempts that may wait for one of the two.
static QUEUE: Semaphore = Semaphore::const_new(100);

/// Verified when there is no such user, so that the answer takes the same work.
static NOBODY: LazyLock<Hashed> = LazyLock::new(|| Hashed(compute("nobody has this password")));

/// A password's hash as PHC text. The password cannot be had back from it.
#[derive(Clone, PartialEq, Eq)]
pub struct Hashed(String);

impl Hashed {
    /// From storage.
    #[must_use]
    pub fn from_stored(phc: String) -> Self {
        Self(phc)
    }
    /// For storage.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Does not show the hash.
impl std::fmt::Debug for Hashed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hashed")
    }
}

/// The same password typed full-width or half-width is the same password.
fn normal(password: &str) -> String {
    password.nfkc().collect()
}

/// Empty (which no password fits) when the machine has no randomness or no memory.
fn compute(password: &str) -> String {
    Argon2::default()
        .hash_password(normal(password).as_bytes())
        .map(|h: PasswordHash| h.to_string())
        .unwrap_or_default()
}

fn fits(password: &str, hashed: &Hashed) -> bool {
    PasswordHash::new(&hashed.0).is_ok_and(|h| {
        Argon2::default()
            .verify_password(normal(password).as_bytes(), &h)
            .is_ok()
    })
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _place = QUEUE.try_acquire().map_err(|_| {
        Error::Forbidden(
            "ログインが混み合っています。少し待ってから、もう一度試してください。".into(),
        )
    })?;
    let _permit = WORKERS
        .acquire()
        .await
        .map_err(|e| Error::Internal(e.to_string()))?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| Error::Internal(format!("password hash: {e}")))
}

/// Hashes a new password. Its rules are [`crate::rules::check_password`].
///
/// # Errors
/// Longer than [`MAX_BYTES`]; the machine has no randomness or memory.
pub async fn hash_password(password: &str) -> Result<Hashed> {
    if password.len() > MAX_BYTES {
        return Err(Error::Invalid("パスワードが長すぎます。".into()));
    }
    let password = password.to_owned();
    let phc = off_thread(move || compute(&password)).await?;
    if phc.is_empty() {
        return Err(Error::Internal("argon2 failed".into()));
    }
    Ok(Hashed(phc))
}

/// Whether the password fits. With no hash (no such user) the same work is done and the answer is no.
///
/// # Errors
/// Too many attempts are waiting already.
pub async fn verify_password(password: &str, hashed: Option<&Hashed>) -> Result<bool> {
    if password.len() > MAX_BYTES {
        return Ok(false);
    }
    let (password, known, hashed) = (password.to_owned(), hashed.is_some(), hashed.cloned());
    off_thread(move || {
        let good = fits(&password, hashed.as_ref().unwrap_or_else(|| &NOBODY));
        good && known
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hashed = hash_password("えんがわで麦茶を飲む").await.unwrap();
        assert!(hashed.as_str().starts_with("$argon2id$"));
        assert!(
            verify_password("えんがわで麦茶を飲む", Some(&hashed))
                .await
                .unwrap()
        );
        assert!(
            !verify_password("えんがわで緑茶を飲む", Some(&hashed))
                .await
                .unwrap()
        );
        assert!(
            !verify_password("nobody has this password", None)
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn full_width_letters_are_the_same_password() {
        let hashed = hash_password("long enough 2026").await.unwrap();
        assert!(
            verify_password("ｌｏｎｇ　ｅｎｏｕｇｈ　２０２６", Some(&hashed))
                .await
                .unwrap()
        );
    }
}
