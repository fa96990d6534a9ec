//! Replays a fuzz corpus as an ordinary test: no fuzzer, no other compiler, the same input every time.

use std::fs;
use std::path::PathBuf;

/// How many changed copies of each seed the long test tries.
const COPIES: u32 = 2_000;

/// Every seed of the corpus as it is.
pub fn seeds(target: &str, check: fn(&[u8])) {
    for (_, seed) in corpus(target) {
        check(&seed);
    }
}

/// Every seed, changed in a few bytes, many times over.
pub fn changed_seeds(target: &str, check: fn(&[u8])) {
    let mut dice = Dice(0x656e_6761_7761);
    let seeds = corpus(target);
    for (_, seed) in &seeds {
        for _ in 0..COPIES {
            let mut copy = seed.clone();
            for _ in 0..=dice.below(4) {
                change(&mut copy, &seeds, &mut dice);
            }
            check(&copy);
        }
    }
}

/// One change of the kinds that break parsers: a bit, a byte, a cut, a repeat, a piece of another seed.
fn change(bytes: &mut Vec<u8>, seeds: &[(PathBuf, Vec<u8>)], dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    match dice.below(6) {
        0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
        1 if at < bytes.len() => bytes[at] = [0, 0xff, 0x80, b'%', b'"', b','][dice.below(6)],
        2 => bytes.truncate(at),
        3 => {
            let piece = bytes[at..].to_vec();
            bytes.extend(piece);
        }
        4 => bytes.insert(at, dice.below(256) as u8),
        _ => {
            let other = &seeds[dice.below(seeds.len())].1;
            let from = dice.below(other.len() + 1);
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from..]);
        }
    }
    bytes.truncate(64 * 1024);
}

/// The seeds in the order of their names; an empty corpus is a mistake, not a pass.
fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let folder = here
        .ancestors()
        .map(|folder| folder.join("fuzz/corpus").join(target))
        .find(|folder| folder.is_dir())
        .unwrap_or_else(|| panic!("fuzz/corpus/{target} is missing"));
    let mut seeds: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    assert!(!seeds.is_empty(), "{} is empty", folder.display());
    seeds.sort();
    seeds
}

/// xorshift: the same throws in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}
