//! 機関・法人: one entry per body with all its spellings. A body without legal person is one too.

use std::collections::HashMap;

use engawa_kernel::{
    access::Duty,
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
};
use uuid::Uuid;

use super::{
    Query,
    sql_parts::{CHUNK, List, filter, page},
};
use crate::{
    codes::CodeList,
    field::{Field, Kind, Record, Source, Spec, Values},
};

const ALIAS: &[Field] = &[Field::new("name", "別の名前", Kind::Line(100)).required()];

pub(super) static SPEC: Spec = Spec {
    slug: "bodies",
    title: "機関・法人",
    about: "市区町村の課、社協、社会福祉法人、NPOなど。法人格のない団体も登録できます。",
    duty: Duty::Configure,
    fields: &[
        Field::new("code", "コード", Kind::Line(20))
            .hint("空欄なら番号を付けます。取り込みのとき、同じコードは上書きになります。")
            .aliases(&["機関コード"]),
        Field::new("name", "名前", Kind::Line(100))
            .required()
            .aliases(&["機関名", "法人名", "団体名"]),
        Field::new("kana", "ふりがな", Kind::Line(100)),
        Field::new("alias", "別の名前", Kind::Rows(ALIAS))
            .hint("略称、旧名、通称。どの名前でも探せます。"),
        Field::new(
            "kind",
            "種別",
            Kind::Pick(Source::Codes(CodeList::BodyKind)),
        )
        .required(),
        Field::new("phone", "電話", Kind::Line(30)).aliases(&["電話番号", "TEL"]),
        Field::new("email", "メール", Kind::Line(100)),
        Field::new("address", "所在地", Kind::Line(200)).aliases(&["住所"]),
        Field::new("valid_from", "開始日", Kind::Day).aliases(&["始まりの日"]),
        Field::new("valid_to", "終了日", Kind::Day).aliases(&["終わりの日"]),
        Field::new("note", "備考", Kind::Lines(2000)),
    ],
    shown: &["name", "kind", "phone", "valid_to"],
    action: "organisations.body",
    letter: "B",
};

pub(super) const LIST: List = (
    "from organisations_body t",
    "(lower(t.name) like :q escape '!' or lower(t.code) like :q escape '!' or lower(t.kana) like :q escape '!'
      or exists (select 1 from organisations_body_alias a where a.body_id = t.id and lower(a.name) like :q escape '!'))",
    "",
);

pub(super) async fn fetch(conn: &mut Conn, ctx: &Ctx, query: &Query) -> Result<Vec<Record>> {
    let q = filter(sql("select t.*").push(LIST.0), ctx, query, LIST.1, LIST.2);
    let rows = conn.rows(page(q.push("order by t.code"), query)).await?;
    let mut records = Vec::with_capacity(rows.len());
    for r in &rows {
        let mut record = Record::new(r.get("id")?, r.get("version")?);
        for key in [
            "code", "name", "kana", "kind", "phone", "email", "address", "note",
        ] {
            record.put(key, r.get::<String>(key)?);
        }
        for key in ["valid_from", "valid_to"] {
            record.put_day(key, r.opt(key)?);
        }
        records.push(record);
    }
    let at: HashMap<Uuid, usize> = records.iter().enumerate().map(|(n, r)| (r.id, n)).collect();
    let ids: Vec<Uuid> = records.iter().map(|r| r.id).collect();
    for ids in ids.chunks(CHUNK) {
        let q = sql(
            "select body_id, name from organisations_body_alias where body_id in (:ids) order by body_id, place",
        );
        for r in conn.rows(q.bind_all("ids", ids.iter().copied())).await? {
            if let Some(record) = at.get(&r.get("body_id")?).and_then(|n| records.get_mut(*n)) {
                let n = record.next_row("alias");
                record.put(&format!("alias[{n}].name"), r.get::<String>("name")?);
            }
        }
    }
    Ok(records)
}

pub(super) async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    id: Uuid,
    version: Option<i64>,
    v: &Values,
) -> Result<()> {
    let q = if version.is_some() {
        sql("update organisations_body set code = :code, name = :name, kana = :kana, kind = :kind, phone = :phone,
                    email = :email, address = :address, valid_from = :from, valid_to = :to, note = :note, version = version + 1
              where id = :id and version = :version and municipality_id = :m")
            .bind("version", version)
    } else {
        sql("insert into organisations_body (id, municipality_id, code, name, kana, kind, phone, email, address, valid_from, valid_to, note, version)
             values (:id, :m, :code, :name, :kana, :kind, :phone, :email, :address, :from, :to, :note, 1)")
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("m", ctx.municipality)
            .bind("code", v.text("code"))
            .bind("name", v.text("name"))
            .bind("kana", v.text("kana"))
            .bind("kind", v.text("kind"))
            .bind("phone", v.text("phone"))
            .bind("email", v.text("email"))
            .bind("address", v.text("address"))
            .bind("from", v.day("valid_from"))
            .bind("to", v.day("valid_to"))
            .bind("note", v.text("note")),
    )
    .await?;
    tx.exec(sql("delete from organisations_body_alias where body_id = :id").bind("id", id))
        .await?;
    for (row, place) in v.rows("alias").iter().zip(0_i64..) {
        tx.exec(
            sql("insert into organisations_body_alias (body_id, place, name) values (:id, :place, :name)")
                .bind("id", id)
                .bind("place", place)
                .bind("name", row.text("name")),
        )
        .await?;
    }
    Ok(())
}
