//! What is in already, whichever file it came in.

use std::collections::HashSet;

use engawa_kernel::{
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
    id::PersonId,
};

use crate::model::ImportId;

/// Signatures in one statement.
const CHUNK: usize = 400;

/// Those of the signatures that are in.
///
/// # Errors
/// The database refuses.
pub async fn known_signatures(
    conn: &mut Conn,
    ctx: &Ctx,
    signatures: &[String],
) -> Result<HashSet<String>> {
    let mut known = HashSet::new();
    for chunk in signatures.chunks(CHUNK) {
        let rows = conn
            .rows(
                sql("select signature from ledger_seen where municipality_id = :m and signature in (:all)")
                    .bind("m", ctx.municipality)
                    .bind_all("all", chunk.iter().map(String::as_str)),
            )
            .await?;
        for r in rows {
            known.insert(r.get("signature")?);
        }
    }
    Ok(known)
}

/// Notes that a row is in. False: it was, and is not taken in again.
///
/// # Errors
/// The database refuses.
pub async fn remember(
    tx: &mut Tx,
    ctx: &Ctx,
    import: ImportId,
    signature: &str,
    person_key: &str,
) -> Result<bool> {
    let n = tx
        .exec(
            sql("insert into ledger_seen (municipality_id, signature, import_id, person_key)
                 values (:m, :signature, :import, :key) on conflict (municipality_id, signature) do nothing")
                .bind("m", ctx.municipality)
                .bind("signature", signature)
                .bind("import", import)
                .bind("key", person_key),
        )
        .await?;
    Ok(n == 1)
}

/// Says whom a row that is in is about, so that later rows find the person.
///
/// # Errors
/// The database refuses.
pub async fn is_about(tx: &mut Tx, ctx: &Ctx, signature: &str, person: PersonId) -> Result<()> {
    tx.exec(
        sql("update ledger_seen set person_id = :person where municipality_id = :m and signature = :signature")
            .bind("person", person)
            .bind("m", ctx.municipality)
            .bind("signature", signature),
    )
    .await?;
    Ok(())
}

/// The person that an earlier row with this name and birthday made.
///
/// # Errors
/// The database refuses.
pub async fn person_of(conn: &mut Conn, ctx: &Ctx, person_key: &str) -> Result<Option<PersonId>> {
    let row = conn
        .row(
            sql("select s.person_id from ledger_seen s
                  where s.municipality_id = :m and s.person_key = :key and s.person_id is not null
                  order by s.signature limit 1")
            .bind("m", ctx.municipality)
            .bind("key", person_key),
        )
        .await?;
    row.map(|r| r.get("person_id")).transpose()
}

/// Takes rows whose consultation is gone out again.
///
/// # Errors
/// The database refuses.
pub async fn forget(tx: &mut Tx, import: ImportId, places: &[i64]) -> Result<()> {
    for chunk in places.chunks(CHUNK) {
        tx.exec(
            sql("delete from ledger_seen where import_id = :import and signature in
                   (select l.signature from ledger_line l where l.import_id = :import and l.place in (:places))")
                .bind("import", import)
                .bind_all("places", chunk.iter().copied()),
        )
        .await?;
    }
    Ok(())
}
