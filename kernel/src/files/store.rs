//! Every SQL statement about attached files. Whether somebody may write an owner's files is decided by
//! the caller, which knows the owner; all of it stays within the actor's municipality.

use serde_json::json;
use uuid::Uuid;

use super::{
    Attachment, AttachmentId, Checked, Label, MOST_FILES, OWNER_LIMIT, Owner, StoredFileId,
};
use crate::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
};

const ATTACHMENT: &str = "select a.id, a.owner_kind, a.owner_id, a.place, a.file_id, a.name, a.caption, a.class, a.publish,
            a.version, a.added_by, a.added_at, f.media, f.size, f.width, f.height, f.sha256
       from attachment a join stored_file f on f.id = a.file_id";

fn read(r: &Row) -> Result<Attachment> {
    let (width, height): (i64, i64) = (r.get("width")?, r.get("height")?);
    Ok(Attachment {
        id: r.get("id")?,
        owner_kind: r.get("owner_kind")?,
        owner_id: r.get("owner_id")?,
        place: r.get("place")?,
        file: r.get("file_id")?,
        name: r.get("name")?,
        label: Label {
            caption: r.get("caption")?,
            class: r.get("class")?,
            publish: r.get("publish")?,
        },
        media: r.get("media")?,
        size: r.get("size")?,
        pixels: (width > 0).then_some((width, height)),
        version: r.get("version")?,
        added_by: r.get("added_by")?,
        added_at: r.get("added_at")?,
    })
}

/// What is attached to an owner, in the order of its places; without bytes.
///
/// # Errors
/// The database refuses.
pub async fn held(conn: &mut Conn, ctx: &Ctx, owner: Owner) -> Result<Vec<Attachment>> {
    held_by(conn, ctx, owner.kind, &[owner.id]).await
}

/// What is attached to many owners of a kind, for their list; without bytes.
///
/// # Errors
/// The database refuses.
pub async fn held_by(
    conn: &mut Conn,
    ctx: &Ctx,
    kind: &'static str,
    owners: &[Uuid],
) -> Result<Vec<Attachment>> {
    let mut all = Vec::new();
    for some in owners.chunks(100) {
        let rows = conn
            .rows(
                sql(ATTACHMENT)
                    .push("where a.owner_kind = :kind and a.owner_id in (:owners) and a.municipality_id = :m and a.removed_at is null
                           order by a.owner_id, a.place, a.id limit :limit")
                    .bind("kind", kind)
                    .bind_all("owners", some.iter().copied())
                    .bind("m", ctx.municipality)
                    .bind("limit", MOST_FILES * 100),
            )
            .await?;
        for row in &rows {
            all.push(read(row)?);
        }
    }
    Ok(all)
}

/// One attached file of this municipality, not taken off; whose it is has not been looked at.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn one(conn: &mut Conn, ctx: &Ctx, id: AttachmentId) -> Result<Attachment> {
    let q = sql(ATTACHMENT)
        .push("where a.id = :id and a.municipality_id = :m and a.removed_at is null")
        .bind("id", id)
        .bind("m", ctx.municipality);
    read(&conn.one(q).await?)
}

/// The bytes of a file that the caller may have.
///
/// # Errors
/// The database refuses.
pub async fn bytes(conn: &mut Conn, file: StoredFileId) -> Result<Vec<u8>> {
    conn.one(sql("select bytes from stored_file_bytes where file_id = :id").bind("id", file))
        .await?
        .get("bytes")
}

/// Attaches a file. The same bytes are stored once.
///
/// # Errors
/// [`Error::Invalid`] when the owner has too many files, too large ones, or this one already.
pub async fn add(
    tx: &mut Tx,
    ctx: &Ctx,
    owner: Owner,
    place: &str,
    label: &Label,
    file: &Checked,
) -> Result<AttachmentId> {
    let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
    room_for(tx, owner, &file.sha256, size).await?;
    let known = tx
        .row(
            sql("select id from stored_file where municipality_id = :m and sha256 = :sha and media = :media limit 1")
                .bind("m", ctx.municipality)
                .bind("sha", file.sha256.as_str())
                .bind("media", file.media),
        )
        .await?;
    let stored = match known {
        Some(row) => row.get("id")?,
        None => put(tx, ctx, file, size).await?,
    };
    let id = attach(tx, ctx, owner, place, label, &file.name, stored).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("file.added").detail(json!({
            "attachment": id, "file": stored, "owner": owner.kind, "of": owner.id, "place": place,
            "sha256": file.sha256, "bytes": size, "publish": label.publish
        })),
    )
    .await?;
    Ok(id)
}

async fn room_for(tx: &mut Tx, owner: Owner, sha: &str, size: i64) -> Result<()> {
    let row = tx
        .one(
            sql(
                "select count(*) as n, cast(coalesce(sum(f.size), 0) as bigint) as total,
                        max(case when f.sha256 = :sha then a.caption end) as same
                   from attachment a join stored_file f on f.id = a.file_id
                  where a.owner_kind = :kind and a.owner_id = :owner and a.removed_at is null",
            )
            .bind("kind", owner.kind)
            .bind("owner", owner.id)
            .bind("sha", sha),
        )
        .await?;
    let (n, total): (i64, i64) = (row.get("n")?, row.get("total")?);
    if let Some(same) = row.opt::<String>("same")? {
        return Err(Error::Invalid(format!(
            "同じ中身のファイルが、すでに付いています（説明: {same}）。もう一度付ける必要はありません。"
        )));
    }
    if n >= MOST_FILES {
        return Err(Error::Invalid(format!(
            "付けられるファイルは{MOST_FILES}個までです。要らなくなったものを外すか、PDFにまとめてから付けてください。"
        )));
    }
    if total.saturating_add(size) > OWNER_LIMIT {
        return Err(Error::Invalid(format!(
            "付けたファイルが合わせて{}MBを超えます。写真を小さくするか、要らなくなったものを外してから付けてください。",
            OWNER_LIMIT / (1024 * 1024)
        )));
    }
    Ok(())
}

async fn put(tx: &mut Tx, ctx: &Ctx, file: &Checked, size: i64) -> Result<StoredFileId> {
    let id = StoredFileId::new();
    let (width, height) = file.pixels.unwrap_or_default();
    tx.exec(
        sql("insert into stored_file (id, municipality_id, sha256, media, size, width, height, stored_at)
             values (:id, :m, :sha, :media, :size, :width, :height, :now)")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("sha", file.sha256.as_str())
            .bind("media", file.media)
            .bind("size", size)
            .bind("width", width)
            .bind("height", height)
            .bind("now", ctx.now()),
    )
    .await?;
    tx.exec(
        sql("insert into stored_file_bytes (file_id, bytes) values (:id, :bytes)")
            .bind("id", id)
            .bind("bytes", file.bytes.clone()),
    )
    .await?;
    Ok(id)
}

async fn attach(
    tx: &mut Tx,
    ctx: &Ctx,
    owner: Owner,
    place: &str,
    label: &Label,
    name: &str,
    stored: StoredFileId,
) -> Result<AttachmentId> {
    let id = AttachmentId::new();
    tx.exec(
        sql("insert into attachment (id, municipality_id, owner_kind, owner_id, place, file_id, name, caption, class, publish,
                    version, added_by, added_at)
             values (:id, :m, :kind, :owner, :place, :file, :name, :caption, :class, :publish, 1, :staff, :now)")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("kind", owner.kind)
            .bind("owner", owner.id)
            .bind("place", place)
            .bind("file", stored)
            .bind("name", name)
            .bind("caption", label.caption.as_str())
            .bind("class", label.class)
            .bind("publish", label.publish)
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    Ok(id)
}

/// A new owner starts with the files of an old one; no bytes are copied.
///
/// # Errors
/// The database refuses.
pub async fn carry_on(tx: &mut Tx, ctx: &Ctx, from: Owner, to: Owner) -> Result<()> {
    let files = held(tx, ctx, from).await?;
    for a in &files {
        attach(tx, ctx, to, &a.place, &a.label, &a.name, a.file).await?;
    }
    if files.is_empty() {
        return Ok(());
    }
    audit::append(
        tx,
        ctx,
        Entry::new("file.carried_on").detail(json!({
            "owner": to.kind, "from": from.id, "to": to.id, "files": files.len()
        })),
    )
    .await
}

/// Changes what is said about a file, on top of what was seen.
///
/// # Errors
/// [`Error::Changed`] when somebody changed it or took it off in between.
pub async fn change(
    tx: &mut Tx,
    ctx: &Ctx,
    id: AttachmentId,
    label: &Label,
    seen: i64,
) -> Result<()> {
    tx.exec_versioned(
        sql("update attachment set caption = :caption, class = :class, publish = :publish, version = version + 1
              where id = :id and municipality_id = :m and version = :seen and removed_at is null")
            .bind("caption", label.caption.as_str())
            .bind("class", label.class)
            .bind("publish", label.publish)
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("seen", seen),
    )
    .await?;
    let detail = json!({ "attachment": id, "publish": label.publish });
    audit::append(tx, ctx, Entry::new("file.changed").detail(detail)).await
}

/// Takes a file off its owner; it stays stored, with who did it and when.
///
/// # Errors
/// [`Error::Changed`] when somebody changed it or took it off in between.
pub async fn remove(tx: &mut Tx, ctx: &Ctx, id: AttachmentId, seen: i64) -> Result<()> {
    tx.exec_versioned(
        sql(
            "update attachment set removed_by = :staff, removed_at = :now, version = version + 1
              where id = :id and municipality_id = :m and version = :seen and removed_at is null",
        )
        .bind("staff", ctx.actor.staff)
        .bind("now", ctx.now())
        .bind("id", id)
        .bind("m", ctx.municipality)
        .bind("seen", seen),
    )
    .await?;
    let detail = json!({ "attachment": id });
    audit::append(tx, ctx, Entry::new("file.removed").detail(detail)).await
}
