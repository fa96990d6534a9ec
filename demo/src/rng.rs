//! The demo's own randomness: the same seed gives the same town on every machine and engine.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// SplitMix64: small, fast, and the same everywhere. Not for secrets.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// A stream of its own for one part of the town (a household, the staff, the passwords), so
    /// that adding to one part does not change another.
    #[must_use]
    pub fn for_part(seed: u64, part: &str, index: u64) -> Self {
        let mut rng = Self(seed);
        for byte in part.bytes() {
            rng.0 ^= u64::from(byte);
            rng.next();
        }
        rng.0 ^= index.wrapping_mul(0xA24B_AED4_963E_E407);
        rng.next();
        rng
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to `n` - 1; 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        // The bias of the remainder is far below what anyone can see in a town.
        self.next().checked_rem(n).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).unsigned_abs() + 1;
        low + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// True `percent` times out of a hundred.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// An index into something of this length.
    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or(0)
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.index(from.len())]
    }

    /// One of these, by weight.
    pub fn weighted<T: Copy>(&mut self, from: &[(u64, T)]) -> T {
        let mut at = self.below(from.iter().map(|(w, _)| w).sum());
        for (weight, value) in from {
            if at < *weight {
                return *value;
            }
            at -= weight;
        }
        from[0].1
    }
}

/// Makes ids that sort by time like the kernel's, from the seed instead of the clock.
#[derive(Clone, Debug)]
pub struct Ids {
    rng: Rng,
    count: u16,
}

impl Ids {
    /// Ids of one part of the town.
    #[must_use]
    pub const fn new(rng: Rng) -> Self {
        Self { rng, count: 0 }
    }

    /// A UUIDv7 of that moment. Ids of one millisecond sort in the order in which they were made
    /// (for up to 4,096 of them).
    pub fn at(&mut self, moment: DateTime<Utc>) -> Uuid {
        let mut bytes = [0_u8; 10];
        bytes[..2].copy_from_slice(&self.count.to_be_bytes());
        bytes[2..].copy_from_slice(&self.rng.next().to_be_bytes());
        self.count = (self.count + 1) & 0x0FFF;
        let millis = u64::try_from(moment.timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let mut a = Rng::for_part(7, "home", 3);
        let mut b = Rng::for_part(7, "home", 3);
        let mut other = Rng::for_part(7, "home", 4);
        let first: Vec<u64> = (0..9).map(|_| a.next()).collect();
        assert!(first.iter().all(|n| *n == b.next()));
        assert!(first.iter().any(|n| *n != other.next()));
    }

    #[test]
    fn numbers_stay_in_range() {
        let mut rng = Rng::for_part(1, "range", 0);
        for _ in 0..1000 {
            assert!((-3..=4).contains(&rng.between(-3, 4)));
            assert!(["a", "b"].contains(&rng.weighted(&[(1, "a"), (9, "b")])));
        }
        assert_eq!(rng.below(0), 0);
    }

    #[test]
    fn ids_sort_by_time_and_then_by_order() {
        let mut ids = Ids::new(Rng::for_part(1, "ids", 0));
        let at = |s| DateTime::from_timestamp(s, 0).unwrap();
        let made = [ids.at(at(10)), ids.at(at(10)), ids.at(at(11))];
        assert!(made.is_sorted());
        assert_eq!(made[0].get_version_num(), 7);
    }
}
