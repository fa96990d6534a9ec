//! 窓口: which functions it carries since when, who runs it, its hours, areas, nickname, old names.

use std::collections::HashMap;

use chrono::NaiveDate;
use engawa_kernel::{
    access::Duty,
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
    form::Form,
};
use uuid::Uuid;

use super::{
    Query,
    sql_parts::{CHUNK, List, filter, page},
};
use crate::{
    choices::Choices,
    codes::CodeList,
    field::{Field, Kind, Record, Source, Spec, Values},
};

const STATES: &[(&str, &str)] = &[
    ("planned", "予定"),
    ("in_force", "実施中"),
    ("withdrawn", "取りやめ・終了"),
];
const FUNCTION: &[Field] = &[
    Field::new(
        "function",
        "機能",
        Kind::Pick(Source::Codes(CodeList::DeskFunction)),
    )
    .required(),
    Field::new("state", "状態", Kind::Pick(Source::Fixed(STATES))).required(),
    Field::new("since", "から", Kind::Day),
    Field::new("until", "まで", Kind::Day),
];
const OPERATOR: &[Field] = &[
    Field::new("body", "機関", Kind::Pick(Source::Bodies)).required(),
    Field::new("part", "受け持つ部分", Kind::Line(100)),
];
const AREA: &[Field] = &[Field::new("area", "圏域", Kind::Pick(Source::Areas)).required()];

pub(super) static SPEC: Spec = Spec {
    slug: "desks",
    title: "窓口",
    about: "相談を受ける場所。地域包括、自立相談、身近な受け止める場など。支所・ブランチも一つの窓口です。",
    duty: Duty::Configure,
    fields: &[
        Field::new("code", "コード", Kind::Line(20))
            .hint("空欄なら番号を付けます。取り込みのとき、同じコードは上書きになります。")
            .aliases(&["窓口コード"])
            .seldom(),
        Field::new("name", "名前", Kind::Line(100))
            .required()
            .aliases(&["窓口名", "正式名称"]),
        Field::new("nickname", "愛称", Kind::Line(100))
            .hint("住民向けの呼び名。正式な名前でも愛称でも同じ窓口として数えます。"),
        Field::new("body", "運営する機関", Kind::Pick(Source::Bodies))
            .required()
            .aliases(&["機関", "法人"]),
        Field::new(
            "mode",
            "実施方法",
            Kind::Pick(Source::Codes(CodeList::ContractMode)),
        )
        .required()
        .hint("委託の窓口の職員は、二段階認証が必須になります。"),
        Field::new("operator", "ほかの運営機関", Kind::Rows(OPERATOR))
            .hint("一つの窓口を二つ以上の機関が受け持つとき（相談は甲、就労は乙など）。")
            .seldom(),
        Field::new(
            "parent",
            "本所(この窓口が支所・ブランチのとき)",
            Kind::Pick(Source::Desks),
        )
        .aliases(&["本所"])
        .seldom(),
        Field::new("function", "機能", Kind::Rows(FUNCTION)),
        Field::new("phone", "電話", Kind::Line(30))
            .required()
            .hint("「支援中の機関があります」と案内するときの連絡先になります。")
            .aliases(&["電話番号", "TEL"]),
        Field::new("site", "場所", Kind::Line(200)).aliases(&["所在地", "住所"]),
        Field::new("hours", "受付時間", Kind::Lines(500)),
        Field::new("area", "担当する圏域", Kind::Rows(AREA)).seldom(),
        Field::new("valid_from", "開始日", Kind::Day)
            .required()
            .aliases(&["始まりの日", "開設日"]),
        Field::new("valid_to", "終了日", Kind::Day)
            .aliases(&["終わりの日", "閉鎖日"])
            .seldom(),
        Field::new("note", "備考", Kind::Lines(2000)).seldom(),
    ],
    shown: &["name", "nickname", "body", "mode", "phone", "valid_to"],
    action: "organisations.desk",
    letter: "D",
};

pub(super) const LIST: List = (
    "from organisations_desk t",
    "(lower(t.name) like :q escape '!' or lower(t.code) like :q escape '!' or lower(t.nickname) like :q escape '!'
      or exists (select 1 from organisations_desk_name n where n.desk_id = t.id and (lower(n.name) like :q escape '!' or lower(n.nickname) like :q escape '!')))",
    "(t.body_id = :of or t.parent_id = :of)",
);

pub(super) async fn fetch(conn: &mut Conn, ctx: &Ctx, query: &Query) -> Result<Vec<Record>> {
    let q = sql("select t.*, b.code as body_code, p.code as parent_code
                   from organisations_desk t join organisations_body b on b.id = t.body_id
                   left join organisations_desk p on p.id = t.parent_id");
    let q = filter(q, ctx, query, LIST.1, LIST.2).push("order by t.code");
    let rows = conn.rows(page(q, query)).await?;
    let mut records = Vec::with_capacity(rows.len());
    for r in &rows {
        let mut record = Record::new(r.get("id")?, r.get("version")?);
        for key in [
            "code", "name", "nickname", "mode", "phone", "site", "hours", "note",
        ] {
            record.put(key, r.get::<String>(key)?);
        }
        record.put("body", r.get::<String>("body_code")?);
        record.put(
            "parent",
            r.opt::<String>("parent_code")?.unwrap_or_default(),
        );
        for key in ["valid_from", "valid_to"] {
            record.put_day(key, r.opt(key)?);
        }
        records.push(record);
    }
    more(conn, &mut records).await?;
    Ok(records)
}

async fn more(conn: &mut Conn, records: &mut [Record]) -> Result<()> {
    let at: HashMap<Uuid, usize> = records.iter().enumerate().map(|(n, r)| (r.id, n)).collect();
    let ids: Vec<Uuid> = records.iter().map(|r| r.id).collect();
    for ids in ids.chunks(CHUNK) {
        let q = sql(
            "select * from organisations_desk_function where desk_id in (:ids) order by desk_id, place",
        );
        for r in conn.rows(q.bind_all("ids", ids.iter().copied())).await? {
            if let Some(record) = at.get(&r.get("desk_id")?).and_then(|n| records.get_mut(*n)) {
                let n = record.next_row("function");
                record.put(
                    &format!("function[{n}].function"),
                    r.get::<String>("function")?,
                );
                record.put(&format!("function[{n}].state"), r.get::<String>("state")?);
                record.put_day(&format!("function[{n}].since"), r.opt("since")?);
                record.put_day(&format!("function[{n}].until"), r.opt("until")?);
            }
        }
        let q = sql("select o.desk_id, b.code, o.part from organisations_desk_operator o
              join organisations_body b on b.id = o.body_id where o.desk_id in (:ids) order by o.desk_id, o.place");
        for r in conn.rows(q.bind_all("ids", ids.iter().copied())).await? {
            if let Some(record) = at.get(&r.get("desk_id")?).and_then(|n| records.get_mut(*n)) {
                let n = record.next_row("operator");
                record.put(&format!("operator[{n}].body"), r.get::<String>("code")?);
                record.put(&format!("operator[{n}].part"), r.get::<String>("part")?);
            }
        }
        let q = sql("select d.desk_id, a.code from organisations_desk_area d
              join organisations_area a on a.id = d.area_id where d.desk_id in (:ids) order by d.desk_id, d.place");
        for r in conn.rows(q.bind_all("ids", ids.iter().copied())).await? {
            if let Some(record) = at.get(&r.get("desk_id")?).and_then(|n| records.get_mut(*n)) {
                let n = record.next_row("area");
                record.put(&format!("area[{n}].area"), r.get::<String>("code")?);
            }
        }
    }
    Ok(())
}

/// A desk is not its own branch.
pub(super) fn check(id: Option<Uuid>, v: &Values, choices: &Choices, form: &mut Form) {
    if id.is_some() && choices.id(Source::Desks, v.text("parent")) == id {
        form.error(
            "parent",
            "本所",
            "「本所」に、この窓口自身が選ばれています。選び直してください。",
        );
    }
}

pub(super) async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    id: Uuid,
    version: Option<i64>,
    v: &Values,
    choices: &Choices,
) -> Result<()> {
    let before = tx
        .row(sql("select name, nickname from organisations_desk where id = :id").bind("id", id))
        .await?;
    let q = if version.is_some() {
        sql("update organisations_desk set code = :code, name = :name, nickname = :nickname, body_id = :body, parent_id = :parent,
                    mode = :mode, phone = :phone, site = :site, hours = :hours, valid_from = :from, valid_to = :to, note = :note,
                    version = version + 1
              where id = :id and version = :version and municipality_id = :m")
            .bind("version", version)
    } else {
        sql("insert into organisations_desk (id, municipality_id, code, name, nickname, body_id, parent_id, mode, phone, site, hours, valid_from, valid_to, note, version)
             values (:id, :m, :code, :name, :nickname, :body, :parent, :mode, :phone, :site, :hours, :from, :to, :note, 1)")
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("m", ctx.municipality)
            .bind("code", v.text("code"))
            .bind("name", v.text("name"))
            .bind("nickname", v.text("nickname"))
            .bind("body", choices.id(Source::Bodies, v.text("body")))
            .bind("parent", choices.id(Source::Desks, v.text("parent")))
            .bind("mode", v.text("mode"))
            .bind("phone", v.text("phone"))
            .bind("site", v.text("site"))
            .bind("hours", v.text("hours"))
            .bind("from", v.day("valid_from"))
            .bind("to", v.day("valid_to"))
            .bind("note", v.text("note")),
    )
    .await?;
    if let Some(before) = before {
        let (name, nickname): (String, String) = (before.get("name")?, before.get("nickname")?);
        if name != v.text("name") || nickname != v.text("nickname") {
            tx.exec(
                sql("insert into organisations_desk_name (id, desk_id, name, nickname, used_until) values (:id, :desk, :name, :nickname, :today)")
                    .bind("id", engawa_kernel::id::new_uuid())
                    .bind("desk", id)
                    .bind("name", name)
                    .bind("nickname", nickname)
                    .bind("today", ctx.today()),
            )
            .await?;
        }
    }
    rows(tx, id, v, choices).await?;
    // Whom to ask about this desk's rooms (`access::contact_of`).
    tx.exec(
        sql(
            "insert into desk_contact (desk_id, contact) values (:id, :contact)
             on conflict (desk_id) do update set contact = excluded.contact",
        )
        .bind("id", id)
        .bind(
            "contact",
            format!("{} {}", v.text("name"), v.text("phone")).trim(),
        ),
    )
    .await?;
    Ok(())
}

async fn rows(tx: &mut Tx, id: Uuid, v: &Values, choices: &Choices) -> Result<()> {
    tx.exec(sql("delete from organisations_desk_function where desk_id = :id").bind("id", id))
        .await?;
    for (row, place) in v.rows("function").iter().zip(0_i64..) {
        tx.exec(
            sql("insert into organisations_desk_function (desk_id, place, function, state, since, until) values (:id, :place, :function, :state, :since, :until)")
                .bind("id", id)
                .bind("place", place)
                .bind("function", row.text("function"))
                .bind("state", row.text("state"))
                .bind("since", row.day("since"))
                .bind("until", row.day("until")),
        )
        .await?;
    }
    tx.exec(sql("delete from organisations_desk_operator where desk_id = :id").bind("id", id))
        .await?;
    for (row, place) in v.rows("operator").iter().zip(0_i64..) {
        tx.exec(
            sql("insert into organisations_desk_operator (desk_id, place, body_id, part) values (:id, :place, :body, :part)")
                .bind("id", id)
                .bind("place", place)
                .bind("body", choices.id(Source::Bodies, row.text("body")))
                .bind("part", row.text("part")),
        )
        .await?;
    }
    tx.exec(sql("delete from organisations_desk_area where desk_id = :id").bind("id", id))
        .await?;
    for (row, place) in v.rows("area").iter().zip(0_i64..) {
        tx.exec(
            sql("insert into organisations_desk_area (desk_id, place, area_id) values (:id, :place, :area)")
                .bind("id", id)
                .bind("place", place)
                .bind("area", choices.id(Source::Areas, row.text("area"))),
        )
        .await?;
    }
    Ok(())
}

/// What a desk was called before, newest first: (name, nickname, last day).
pub(crate) async fn old_names(
    conn: &mut Conn,
    id: Uuid,
) -> Result<Vec<(String, String, NaiveDate)>> {
    conn.rows(
        sql("select name, nickname, used_until from organisations_desk_name where desk_id = :id order by used_until desc, id desc limit 100")
            .bind("id", id),
    )
    .await?
    .iter()
    .map(|r| Ok((r.get("name")?, r.get("nickname")?, r.get("used_until")?)))
    .collect()
}
