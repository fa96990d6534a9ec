//! 要綱・要領 by version. Each keeps the settings that were in force when it was saved, so that old
//! records can be read by the rules of their day.

use engawa_kernel::{
    access::Duty,
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
};
use uuid::Uuid;

use super::{
    Query,
    sql_parts::{List, filter, page},
};
use crate::field::{Field, Kind, Record, Spec, Values};

pub(super) static SPEC: Spec = Spec {
    slug: "rules",
    title: "要綱・要領",
    about: "この自治体の要綱・要領の本文を、版ごとに残します。過去の記録は、その日の版で読めます。",
    duty: Duty::Configure,
    fields: &[
        Field::new("title", "名前", Kind::Line(100))
            .required()
            .hint("例: 縁側市重層的支援体制整備事業実施要綱"),
        Field::new("edition", "版", Kind::Line(40))
            .required()
            .hint("例: 令和8年4月改正"),
        Field::new("effective_on", "施行日", Kind::Day).required(),
        Field::new("affects", "関係する様式・手順", Kind::Lines(1000)),
        Field::new("body", "本文", Kind::Lines(30_000)).required(),
    ],
    shown: &["title", "edition", "effective_on"],
    action: "organisations.rule",
    letter: "",
};

pub(super) const LIST: List = (
    "from organisations_rule t",
    "(lower(t.title) like :q escape '!' or lower(t.edition) like :q escape '!' or lower(t.body) like :q escape '!')",
    "",
);

pub(super) async fn fetch(conn: &mut Conn, ctx: &Ctx, query: &Query) -> Result<Vec<Record>> {
    let q = filter(sql("select t.*").push(LIST.0), ctx, query, LIST.1, LIST.2);
    conn.rows(page(
        q.push("order by t.effective_on desc, t.title, t.id"),
        query,
    ))
    .await?
    .iter()
    .map(|r| {
        let mut record = Record::new(r.get("id")?, r.get("version")?);
        for key in ["title", "edition", "affects", "body"] {
            record.put(key, r.get::<String>(key)?);
        }
        record.put_day("effective_on", r.opt("effective_on")?);
        Ok(record)
    })
    .collect()
}

pub(super) async fn existing(conn: &mut Conn, ctx: &Ctx, v: &Values) -> Result<Option<Uuid>> {
    let row = conn
        .row(
            sql("select id from organisations_rule where municipality_id = :m and title = :title and edition = :edition limit 1")
                .bind("m", ctx.municipality)
                .bind("title", v.text("title"))
                .bind("edition", v.text("edition")),
        )
        .await?;
    row.map(|r| r.get("id")).transpose()
}

pub(super) async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    id: Uuid,
    version: Option<i64>,
    v: &Values,
) -> Result<()> {
    let settings = serde_json::to_string(ctx.settings.as_ref())?;
    let q = if version.is_some() {
        sql("update organisations_rule set title = :title, edition = :edition, effective_on = :day, affects = :affects, body = :body,
                    settings = :settings, version = version + 1
              where id = :id and version = :version and municipality_id = :m")
            .bind("version", version)
    } else {
        sql("insert into organisations_rule (id, municipality_id, title, edition, effective_on, affects, body, settings, version)
             values (:id, :m, :title, :edition, :day, :affects, :body, :settings, 1)")
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("m", ctx.municipality)
            .bind("title", v.text("title"))
            .bind("edition", v.text("edition"))
            .bind("day", v.day("effective_on"))
            .bind("affects", v.text("affects"))
            .bind("body", v.text("body"))
            .bind("settings", settings),
    )
    .await
}
