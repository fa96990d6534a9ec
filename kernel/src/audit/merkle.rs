//! The tree of RFC 6962: leaf = SHA-256(0x00 ‖ entry), node = SHA-256(0x01 ‖ left ‖ right).
//!
//! A growing tree needs only its frontier, the roots of its complete subtrees from left to right:
//! a tree of n leaves has one for each set bit of n.

use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The hash of an entry.
pub fn leaf(entry: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(entry)
        .finalize()
        .into()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// A tree that can grow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    frontier: Vec<Hash>,
}

impl Tree {
    /// Takes a tree up from what a head stored.
    ///
    /// Returns none when the frontier cannot belong to that size.
    pub fn resume(size: u64, frontier: &[u8]) -> Option<Self> {
        let (hashes, rest) = frontier.as_chunks::<32>();
        (rest.is_empty() && hashes.len() == size.count_ones() as usize).then(|| Self {
            size,
            frontier: hashes.to_vec(),
        })
    }

    /// Number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The frontier as stored.
    pub fn frontier(&self) -> Vec<u8> {
        self.frontier.concat()
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        let mut bits = self.size;
        while bits & 1 == 1 {
            if let Some(left) = self.frontier.pop() {
                hash = node(&left, &hash);
            }
            bits >>= 1;
        }
        self.frontier.push(hash);
        self.size += 1;
    }

    /// The root: complete subtrees joined from the right.
    pub fn root(&self) -> Hash {
        let mut hashes = self.frontier.iter().rev();
        match hashes.next() {
            None => Sha256::digest([]).into(),
            Some(last) => hashes.fold(*last, |right, left| node(left, &right)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition in RFC 6962 section 2.1, word for word.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => *one,
            many => {
                let k = (many.len() as u64).next_power_of_two() as usize / 2;
                node(&by_definition(&many[..k]), &by_definition(&many[k..]))
            }
        }
    }

    #[test]
    fn grows_as_the_rfc_defines() {
        let leaves: Vec<Hash> = (0..70_u8).map(|i| leaf(&[i])).collect();
        let mut tree = Tree::default();
        assert_eq!(tree.root(), by_definition(&[]));
        for n in 1..=leaves.len() {
            tree.push(leaves[n - 1]);
            assert_eq!(tree.root(), by_definition(&leaves[..n]), "{n} leaves");
            assert_eq!(Tree::resume(n as u64, &tree.frontier()), Some(tree.clone()));
        }
    }

    #[test]
    fn a_frontier_of_another_size_is_refused() {
        assert_eq!(Tree::resume(3, &[0; 32]), None);
        assert_eq!(Tree::resume(1, &[0; 31]), None);
    }
}
