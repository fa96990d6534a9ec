//! 呼称: the municipality's words for roles, each standing for one canonical role.

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
use crate::field::{Field, Kind, Record, Source, Spec, Values};

const ROLES: &[(&str, &str)] = &[
    (
        "coordinator",
        "推進員・事務局(受付・ケース・引き継ぎ・秘匿の判断)",
    ),
    ("supervisor", "管理者(受付・ケース・引き継ぎ・秘匿の判断)"),
    ("worker", "相談員(受付・ケース)"),
    ("clerk", "受付・事務(相談受付だけ)"),
    ("entry", "協力者(自分の受付票だけ)"),
    ("no_case", "個人の記録を見ない"),
    ("auditor", "監査(記録の内容は見ない)"),
    ("admin", "システム管理(記録の内容は見ない)"),
];

pub(super) static SPEC: Spec = Spec {
    slug: "roles",
    title: "役割の呼び名",
    about: "「丸ごと相談員」「CSW」など、この自治体での呼び名。できることは、対応する権限で決まります。",
    duty: Duty::Configure,
    fields: &[
        Field::new("code", "コード", Kind::Line(40)).hint("空欄なら番号を付けます。"),
        Field::new("label", "呼び名", Kind::Line(60))
            .required()
            .aliases(&["名前"]),
        Field::new("role", "権限", Kind::Pick(Source::Fixed(ROLES))).required(),
        Field::new("sort", "並び順", Kind::Number(0, 1_000_000)),
        Field::new("hidden", "新しい配置では選べなくする", Kind::Flag),
    ],
    shown: &["label", "role", "hidden"],
    action: "organisations.role",
    letter: "R",
};

pub(super) const LIST: List = (
    "from organisations_role_label t",
    "(lower(t.label) like :q escape '!' or lower(t.code) like :q escape '!')",
    "",
);

pub(super) async fn fetch(conn: &mut Conn, ctx: &Ctx, query: &Query) -> Result<Vec<Record>> {
    let q = filter(sql("select t.*").push(LIST.0), ctx, query, LIST.1, LIST.2);
    conn.rows(page(q.push("order by t.sort, t.code"), query))
        .await?
        .iter()
        .map(|r| {
            let mut record = Record::new(r.get("id")?, r.get("version")?);
            for key in ["code", "label", "role"] {
                record.put(key, r.get::<String>(key)?);
            }
            record.put("sort", r.get::<i64>("sort")?.to_string());
            record.put_flag("hidden", r.get("hidden")?);
            Ok(record)
        })
        .collect()
}

pub(super) async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    id: Uuid,
    version: Option<i64>,
    v: &Values,
) -> Result<()> {
    let q = if version.is_some() {
        // Postings carry the canonical role: it moves with the word, but nobody's own by his own hand.
        tx.exec(
            sql("update posting set role = :role, version = version + 1 where role <> :role and staff_id <> :me and id in (
                   select x.posting_id from organisations_posting x join organisations_role_label l on l.code = x.role_code
                     join posting p on p.id = x.posting_id join staff s on s.id = p.staff_id and s.municipality_id = l.municipality_id
                    where l.id = :id)")
                .bind("role", v.text("role"))
                .bind("me", ctx.actor.staff)
                .bind("id", id),
        )
        .await?;
        sql("update organisations_role_label set code = :code, label = :label, role = :role, sort = :sort, hidden = :hidden, version = version + 1
              where id = :id and version = :version and municipality_id = :m")
            .bind("version", version)
    } else {
        sql("insert into organisations_role_label (id, municipality_id, code, label, role, sort, hidden, version)
             values (:id, :m, :code, :label, :role, :sort, :hidden, 1)")
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("m", ctx.municipality)
            .bind("code", v.text("code"))
            .bind("label", v.text("label"))
            .bind("role", v.text("role"))
            .bind("sort", v.number("sort").unwrap_or(500))
            .bind("hidden", v.flag("hidden")),
    )
    .await
}
