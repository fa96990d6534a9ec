//! Sealing and verifying the log.

use std::{io::Write as _, path::Path};

use chrono::{DateTime, Utc};
use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};

use super::merkle::{self, Tree};
use crate::{
    db::{Conn, Db, Row, sql},
    error::{Error, Result},
};

/// Signs heads. The key lies in the data folder, readable by the server's account only.
pub struct Signer(SigningKey);

impl Signer {
    /// Reads `audit.key` in the data folder, or makes one.
    ///
    /// # Errors
    /// The file cannot be read or written, or is not a key.
    pub fn in_folder(data: &Path) -> Result<Self> {
        let file = data.join("audit.key");
        let io = |e: std::io::Error| Error::Internal(format!("{}: {e}", file.display()));
        match std::fs::read(&file) {
            Ok(bytes) => {
                let seed: [u8; 32] = bytes
                    .try_into()
                    .map_err(|_| Error::Internal(format!("{} is not a key", file.display())))?;
                Ok(Self(SigningKey::from_bytes(&seed)))
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let mut seed = [0; 32];
                getrandom::fill(&mut seed).map_err(|e| Error::Internal(format!("random: {e}")))?;
                let mut options = std::fs::OpenOptions::new();
                options.write(true).create_new(true);
                #[cfg(unix)]
                {
                    use std::os::unix::fs::OpenOptionsExt as _;
                    options.mode(0o600);
                }
                let mut f = options.open(&file).map_err(io)?;
                f.write_all(&seed).map_err(io)?;
                f.sync_all().map_err(io)?;
                Ok(Self(SigningKey::from_bytes(&seed)))
            }
            Err(e) => Err(io(e)),
        }
    }

    /// A key for tests, from a seed.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// What others verify with; print it and keep it elsewhere.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }
}

/// The bytes of an entry that its leaf is the hash of: every column, in order, with its length.
fn leaf_bytes(row: &Row) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(256);
    let mut part = |bytes: &[u8]| {
        out.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        out.extend_from_slice(bytes);
    };
    part(row.get::<uuid::Uuid>("id")?.as_bytes());
    part(
        &row.get::<DateTime<Utc>>("at")?
            .timestamp_micros()
            .to_be_bytes(),
    );
    part(row.get::<uuid::Uuid>("municipality_id")?.as_bytes());
    for column in ["staff_id", "posting_id", "room_id", "person_id"] {
        let id = row.opt::<uuid::Uuid>(column)?;
        part(id.as_ref().map_or(&[][..], |i| i.as_bytes()));
    }
    part(row.get::<String>("action")?.as_bytes());
    part(row.get::<String>("detail")?.as_bytes());
    Ok(out)
}

fn head_bytes(size: u64, root: &[u8], at: DateTime<Utc>) -> Vec<u8> {
    let mut m = b"engawa audit head v1".to_vec();
    m.extend_from_slice(&size.to_be_bytes());
    m.extend_from_slice(root);
    m.extend_from_slice(&at.timestamp_micros().to_be_bytes());
    m
}

async fn last_tree(conn: &mut Conn) -> Result<Tree> {
    match conn
        .row(sql(
            "select size, frontier from audit_head order by size desc limit 1",
        ))
        .await?
    {
        None => Ok(Tree::default()),
        Some(r) => {
            let size: i64 = r.get("size")?;
            Tree::resume(size.unsigned_abs(), &r.get::<Vec<u8>>("frontier")?)
                .ok_or_else(|| Error::Internal("the newest audit head is damaged".into()))
        }
    }
}

const BATCH: i64 = 2_000;
const NUMBER: &str = "update audit_entry set leaf = n.leaf from \
     (select id, :from + row_number() over (order by id) - 1 as leaf \
      from audit_entry where leaf is null order by id limit :n) n \
     where audit_entry.id = n.id \
     returning audit_entry.id, at, municipality_id, staff_id, posting_id, action, room_id, person_id, \
     detail, audit_entry.leaf";

/// Seals all entries appended so far; returns how many. Several servers may call it at once: on
/// PostgreSQL a lock of the transaction lets one at a time through, SQLite has one writer anyway.
///
/// # Errors
/// The database refuses.
pub async fn seal(db: &Db, signer: &Signer, now: DateTime<Utc>) -> Result<u64> {
    let mut sealed = 0;
    loop {
        if sealed == 0 {
            // Nothing to do is the usual answer, and should cost no write.
            let mut conn = db.read().await?;
            if conn
                .row(sql("select id from audit_entry where leaf is null limit 1"))
                .await?
                .is_none()
            {
                return Ok(0);
            }
        }
        let mut tx = db.write().await?;
        if tx.dialect() == crate::db::Dialect::Postgres {
            // Not portable on purpose: SQLite has neither the function nor the need.
            tx.rows(sql("select pg_advisory_xact_lock(7262)::text as n"))
                .await?;
        }
        let mut tree = last_tree(&mut tx).await?;
        // One statement numbers the entries and returns them: what is hashed is what was numbered,
        // whoever appends meanwhile.
        let mut rows = Vec::new();
        for row in tx
            .rows(
                sql(NUMBER)
                    .bind("from", i64::try_from(tree.size()).unwrap_or(i64::MAX))
                    .bind("n", BATCH),
            )
            .await?
        {
            rows.push((row.get::<i64>("leaf")?, leaf_bytes(&row)?));
        }
        if rows.is_empty() {
            return Ok(sealed);
        }
        rows.sort_unstable_by_key(|(leaf, _)| *leaf);
        for (_, bytes) in &rows {
            tree.push(merkle::leaf(bytes));
        }
        let root = tree.root();
        let signature: Signature = signer.0.sign(&head_bytes(tree.size(), &root, now));
        tx.exec(
            sql("insert into audit_head (size, root, frontier, signature, at) values (:size, :root, :frontier, :signature, :at)")
                .bind("size", i64::try_from(tree.size()).unwrap_or(i64::MAX))
                .bind("root", root.to_vec())
                .bind("frontier", tree.frontier())
                .bind("signature", signature.to_bytes().to_vec())
                .bind("at", now),
        )
        .await?;
        tx.commit_unaudited().await?;
        sealed += rows.len() as u64;
        if (rows.len() as i64) < BATCH {
            return Ok(sealed);
        }
    }
}

/// What [`verify`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Entries proven unchanged.
    pub sealed: u64,
    /// Entries written since the last seal.
    pub unsealed: u64,
    /// Signed heads that were checked.
    pub heads: u64,
}

/// Proves that no sealed entry was changed, removed or inserted, and that every head was signed by
/// this key.
///
/// # Errors
/// [`Error::Invalid`] says in Japanese what does not fit, and from which entry on.
pub async fn verify(db: &Db, public: &[u8; 32]) -> Result<Report> {
    let key = VerifyingKey::from_bytes(public)
        .map_err(|_| Error::Invalid("監査記録の公開鍵が正しくありません。".into()))?;
    let mut conn = db.read().await?;
    let heads = conn
        .rows(sql(
            "select size, root, signature, at from audit_head order by size",
        ))
        .await?;
    let mut tree = Tree::default();
    let mut next: i64 = 0;
    for head in &heads {
        let size: i64 = head.get("size")?;
        while next < size {
            let rows = conn
                .rows(
                    sql("select id, at, municipality_id, staff_id, posting_id, action, room_id, person_id, detail, leaf from audit_entry where leaf >= :from and leaf < :size order by leaf limit :n")
                        .bind("from", next)
                        .bind("size", size)
                        .bind("n", BATCH),
                )
                .await?;
            if rows.is_empty() {
                return Err(broken(next, "記録が消されています"));
            }
            for row in &rows {
                if row.get::<i64>("leaf")? != next {
                    return Err(broken(next, "記録が消されているか、順番が変えられています"));
                }
                tree.push(merkle::leaf(&leaf_bytes(row)?));
                next += 1;
            }
        }
        let root = head.get::<Vec<u8>>("root")?;
        if tree.root().as_slice() != root {
            return Err(broken(size, "記録の内容が書き換えられています"));
        }
        let signature = Signature::from_slice(&head.get::<Vec<u8>>("signature")?)
            .map_err(|_| broken(size, "署名が壊れています"))?;
        key.verify(&head_bytes(tree.size(), &root, head.get("at")?), &signature)
            .map_err(|_| broken(size, "署名が合いません"))?;
    }
    let beyond = conn
        .count(sql("select count(*) as n from audit_entry where leaf >= :size").bind("size", next))
        .await?;
    if beyond > 0 {
        return Err(broken(next, "署名のない記録が差し込まれています"));
    }
    let unsealed = conn
        .count(sql(
            "select count(*) as n from audit_entry where leaf is null",
        ))
        .await?;
    Ok(Report {
        sealed: tree.size(),
        unsealed: unsealed.unsigned_abs(),
        heads: heads.len() as u64,
    })
}

fn broken(at: i64, what: &str) -> Error {
    Error::Invalid(format!(
        "監査記録の検証に失敗しました({at}件目まで): {what}。"
    ))
}
