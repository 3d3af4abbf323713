//! The record's log: a Merkle tree as in RFC 6962, checkpoints, keys and proofs as in C2SP, and the verifier of an export.
//! Pure: the server, the command line and the browser share it, and it needs neither database nor network.

pub mod checkpoint;
mod committed;
pub mod cosignature;
pub mod export;
pub mod hex;
pub mod note;
pub mod opening;
pub mod proof;
pub mod range;
pub mod tlog_proof;
pub mod verifier;

use sha2::{Digest as _, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// What stands before the JSON of an event where it is hashed: how the rest is to be read (1), and a tag that keeps these
/// bytes apart from any others that are ever hashed or signed.
pub const EVENT_PREFIX: &[u8] = b"\x01lotline.audit-event\0";

/// Hash of a leaf: SHA-256(0x00 || bytes).
#[must_use]
pub fn leaf_hash(bytes: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(bytes).finalize().into()
}

/// Hash of the leaf of an event, from its JSON as it stands.
#[must_use]
pub fn event_hash(json: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(EVENT_PREFIX).chain_update(json).finalize().into()
}

/// Hash of an inner node: SHA-256(0x01 || left || right).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// Root of the tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_rfc_6962() {
        assert_eq!(hex::encode(&empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(hex::encode(&leaf_hash(b"")), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        assert_eq!(event_hash(b"{}"), leaf_hash(b"\x01lotline.audit-event\0{}"));
    }
}
