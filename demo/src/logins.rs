//! The logins: one of each kind, with passwords from the seed. Demo data only; a real municipality
//! is made by `engawa init`, and no password of a real one can be derived from anything.

use engawa_identity as identity;
use engawa_kernel::{context::Ctx, error::Result};
use serde::Serialize;

use crate::{rng::Rng, town::Town};

/// Somebody who can log in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Login {
    /// admin, coordinator, supervisor, worker, outside, clerk, entry, auditor, nocase
    pub kind: String,
    /// User name; the same as the kind.
    pub user: String,
    /// Password; there is no second factor.
    pub password: String,
    /// Canonical role.
    pub role: String,
    /// The body, as screens name it.
    pub body: String,
}

/// Makes the accounts.
///
/// # Errors
/// The database refuses, or there are such accounts already.
pub async fn make(ctx: &Ctx, town: &Town) -> Result<Vec<Login>> {
    let mut logins = Vec::with_capacity(town.logins.len());
    let mut hashed = Vec::with_capacity(town.logins.len());
    for (n, seat) in (0..).zip(&town.logins) {
        let Some(member) = town.members.get(seat.member) else {
            continue;
        };
        let password = password(&mut Rng::for_part(town.seed, "password", n));
        // Hashed before the transaction: it takes longer than everything else here.
        hashed.push((member.seat.staff, identity::hash_password(&password).await?));
        logins.push(Login {
            kind: seat.kind.to_owned(),
            user: seat.kind.to_owned(),
            password,
            role: member.role.as_code().to_owned(),
            body: town.bodies[member.body].name.clone(),
        });
    }
    let mut tx = ctx.write().await?;
    for (login, (staff, hashed)) in logins.iter().zip(&hashed) {
        identity::create_account_with(&mut tx, ctx, *staff, &login.user, hashed, false).await?;
    }
    tx.commit().await?;
    Ok(logins)
}

/// Four groups of four signs that are not mistaken for each other.
fn password(rng: &mut Rng) -> String {
    const SIGNS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let groups: Vec<String> = (0..4)
        .map(|_| (0..4).map(|_| char::from(*rng.pick(SIGNS))).collect())
        .collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_and_the_seeds_own() {
        let of = |seed, n| password(&mut Rng::for_part(seed, "password", n));
        assert_eq!(of(1, 0).len(), 19);
        assert_eq!(of(1, 0), of(1, 0));
        assert_ne!(of(1, 0), of(1, 1));
        assert_ne!(of(1, 0), of(2, 0));
    }
}
