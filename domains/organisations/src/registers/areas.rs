//! 圏域: areas of any kind in overlapping, dated trees.

use std::collections::HashMap;

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

const TIERS: &[(&str, &str)] = &[("1", "第1層"), ("2", "第2層"), ("3", "第3層")];
const MARKS: &[(&str, &str)] = &[
    ("exclave", "飛び地"),
    ("model", "モデル・指定地区"),
    ("priority", "支援強化"),
];
const POPULATION: &[(&str, &str)] = &[
    ("exact", "実数"),
    ("about", "約"),
    ("range", "範囲"),
    ("unknown", "不明"),
];
const PEOPLE: Kind = Kind::Number(0, 20_000_000);

const PARENT: &[Field] = &[
    Field::new("area", "圏域", Kind::Pick(Source::Areas)).required(),
    Field::new("from", "から", Kind::Day),
    Field::new("to", "まで", Kind::Day),
];
const OLD: &[Field] = &[
    Field::new("area", "もとの圏域", Kind::Pick(Source::Areas)).required(),
    Field::new("on", "変わった日", Kind::Day),
];

pub(super) static SPEC: Spec = Spec {
    slug: "areas",
    title: "圏域",
    about: "日常生活圏域、小学校区、自治会など。小学校区と日常生活圏域のように、種類の違う区域が重なっていてもかまいません。",
    duty: Duty::Configure,
    fields: &[
        Field::new("code", "コード", Kind::Line(20))
            .hint("空欄なら番号を付けます。取り込みのとき、同じコードは上書きになります。"),
        Field::new("name", "名前", Kind::Line(100))
            .required()
            .aliases(&["圏域名", "地区名"]),
        Field::new(
            "kind",
            "種別",
            Kind::Picks(Source::Codes(CodeList::AreaKind)),
        )
        .required()
        .hint("二つ以上の種別を兼ねるときは、すべて選びます。"),
        Field::new("tier", "層", Kind::Pick(Source::Fixed(TIERS))),
        Field::new("marks", "印", Kind::Picks(Source::Fixed(MARKS))),
        Field::new("parent", "上位の圏域", Kind::Rows(PARENT))
            .hint("いくつでも持てます。期間が決まっていれば入れます。"),
        Field::new(
            "population_kind",
            "人口の確かさ",
            Kind::Pick(Source::Fixed(POPULATION)),
        ),
        Field::new("population", "人口", PEOPLE)
            .hint("「範囲」のときは下限を入れます。")
            .aliases(&["人口(人)"]),
        Field::new("population_high", "人口(上限)", PEOPLE).hint("「範囲」のときだけ入れます。"),
        Field::new("population_on", "人口の時点", Kind::Day),
        Field::new("valid_from", "開始日", Kind::Day)
            .required()
            .aliases(&["始まりの日", "設置日"]),
        Field::new("valid_to", "終了日", Kind::Day)
            .hint("分かれた、合わさったなどで無くなった日。過去の記録はこの圏域のまま残ります。")
            .aliases(&["終わりの日"]),
        Field::new("old", "引き継いだ、もとの圏域", Kind::Rows(OLD))
            .hint("分割・合併・線引きの変更の前の圏域。統計を新旧どちらでも出せます。"),
        Field::new("note", "備考", Kind::Lines(2000)),
    ],
    shown: &["name", "kind", "population", "valid_from", "valid_to"],
    action: "organisations.area",
    letter: "A",
};

pub(super) const LIST: List = (
    "from organisations_area t",
    "(lower(t.name) like :q escape '!' or lower(t.code) like :q escape '!')",
    "exists (select 1 from organisations_area_parent p where p.area_id = t.id and p.parent_id = :of)",
);

pub(super) async fn fetch(conn: &mut Conn, ctx: &Ctx, query: &Query) -> Result<Vec<Record>> {
    let q = filter(sql("select t.*").push(LIST.0), ctx, query, LIST.1, LIST.2);
    let rows = conn.rows(page(q.push("order by t.code"), query)).await?;
    let mut records = Vec::with_capacity(rows.len());
    for r in &rows {
        let mut record = Record::new(r.get("id")?, r.get("version")?);
        for key in ["code", "name", "tier", "note"] {
            record.put(key, r.get::<String>(key)?);
        }
        for mark in r.get::<String>("marks")?.split_whitespace() {
            record.put("marks", mark);
        }
        record.put("population_kind", r.get::<String>("population_kind")?);
        if let Some(low) = r.opt::<i64>("population_low")? {
            record.put("population", low.to_string());
        }
        if let Some(high) = r.opt::<i64>("population_high")? {
            record.put("population_high", high.to_string());
        }
        for key in ["population_on", "valid_from", "valid_to"] {
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
        let kinds = sql(
            "select area_id, kind from organisations_area_kind where area_id in (:ids) order by area_id, kind",
        );
        for r in conn
            .rows(kinds.bind_all("ids", ids.iter().copied()))
            .await?
        {
            if let Some(record) = at.get(&r.get("area_id")?).and_then(|n| records.get_mut(*n)) {
                record.put("kind", r.get::<String>("kind")?);
            }
        }
        let parents = sql("select p.area_id, a.code, p.valid_from, p.valid_to from organisations_area_parent p
             join organisations_area a on a.id = p.parent_id where p.area_id in (:ids) order by p.area_id, p.place");
        for r in conn
            .rows(parents.bind_all("ids", ids.iter().copied()))
            .await?
        {
            if let Some(record) = at.get(&r.get("area_id")?).and_then(|n| records.get_mut(*n)) {
                let n = record.next_row("parent");
                record.put(&format!("parent[{n}].area"), r.get::<String>("code")?);
                record.put_day(&format!("parent[{n}].from"), r.opt("valid_from")?);
                record.put_day(&format!("parent[{n}].to"), r.opt("valid_to")?);
            }
        }
        let old = sql("select c.area_id, a.code, c.changed_on from organisations_area_crosswalk c
             join organisations_area a on a.id = c.old_id where c.area_id in (:ids) order by c.area_id, c.place");
        for r in conn.rows(old.bind_all("ids", ids.iter().copied())).await? {
            if let Some(record) = at.get(&r.get("area_id")?).and_then(|n| records.get_mut(*n)) {
                let n = record.next_row("old");
                record.put(&format!("old[{n}].area"), r.get::<String>("code")?);
                record.put_day(&format!("old[{n}].on"), r.opt("changed_on")?);
            }
        }
    }
    Ok(())
}

/// An area is not its own ancestor, and a population says what kind of figure it is.
pub(super) async fn check(
    conn: &mut Conn,
    id: Option<Uuid>,
    v: &Values,
    choices: &Choices,
    form: &mut Form,
) -> Result<()> {
    let parents: Vec<Uuid> = v
        .rows("parent")
        .iter()
        .filter_map(|row| choices.id(Source::Areas, row.text("area")))
        .collect();
    if let Some(id) = id
        && is_ancestor(conn, id, parents).await?
    {
        form.error(
            "parent",
            "上位の圏域",
            "「上位の圏域」に、この圏域自身か、その下にある圏域が入っています。輪にならないように選び直してください。",
        );
    }
    let (kind, low, high) = (
        v.text("population_kind"),
        v.number("population"),
        v.number("population_high"),
    );
    if kind == "range" && !matches!((low, high), (Some(l), Some(h)) if l <= h) {
        form.error(
            "population_high",
            "人口(上限)",
            "人口が「範囲」のときは、「人口」に下限、「人口(上限)」に上限を入れてください。",
        );
    }
    if matches!(kind, "exact" | "about") && low.is_none() {
        form.error(
            "population",
            "人口",
            "「人口」を入れるか、「人口の確かさ」を「不明」にしてください。",
        );
    }
    Ok(())
}

/// Whether `id` stands among these areas or anywhere above them.
async fn is_ancestor(conn: &mut Conn, id: Uuid, mut level: Vec<Uuid>) -> Result<bool> {
    let mut seen: Vec<Uuid> = Vec::new();
    while !level.is_empty() {
        if level.contains(&id) {
            return Ok(true);
        }
        seen.extend(&level);
        let rows = conn
            .rows(
                sql("select distinct parent_id from organisations_area_parent where area_id in (:ids) limit 5000")
                    .bind_all("ids", level.iter().take(CHUNK).copied()),
            )
            .await?;
        let mut next = Vec::new();
        for row in rows {
            let parent = row.get("parent_id")?;
            if !seen.contains(&parent) {
                next.push(parent);
            }
        }
        level = next;
    }
    Ok(false)
}

pub(super) async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    id: Uuid,
    version: Option<i64>,
    v: &Values,
    choices: &Choices,
) -> Result<()> {
    let population_kind = match (v.text("population_kind"), v.number("population")) {
        ("", Some(_)) => "exact",
        ("", None) => "unknown",
        (kind, _) => kind,
    };
    let q = if version.is_some() {
        sql("update organisations_area set code = :code, name = :name, tier = :tier, marks = :marks,
                    population_kind = :pk, population_low = :low, population_high = :high, population_on = :pon,
                    valid_from = :from, valid_to = :to, note = :note, version = version + 1
              where id = :id and version = :version and municipality_id = :m")
            .bind("version", version)
    } else {
        sql("insert into organisations_area (id, municipality_id, code, name, tier, marks, population_kind,
                    population_low, population_high, population_on, valid_from, valid_to, note, version)
             values (:id, :m, :code, :name, :tier, :marks, :pk, :low, :high, :pon, :from, :to, :note, 1)")
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("m", ctx.municipality)
            .bind("code", v.text("code"))
            .bind("name", v.text("name"))
            .bind("tier", v.text("tier"))
            .bind("marks", v.all("marks").join(" "))
            .bind("pk", population_kind)
            .bind("low", v.number("population"))
            .bind("high", v.number("population_high"))
            .bind("pon", v.day("population_on"))
            .bind("from", v.day("valid_from"))
            .bind("to", v.day("valid_to"))
            .bind("note", v.text("note")),
    )
    .await?;
    tx.exec(sql("delete from organisations_area_kind where area_id = :id").bind("id", id))
        .await?;
    for kind in v.all("kind") {
        tx.exec(
            sql("insert into organisations_area_kind (area_id, kind) values (:id, :kind)")
                .bind("id", id)
                .bind("kind", kind.as_str()),
        )
        .await?;
    }
    tx.exec(sql("delete from organisations_area_parent where area_id = :id").bind("id", id))
        .await?;
    for (row, place) in v.rows("parent").iter().zip(0_i64..) {
        tx.exec(
            sql("insert into organisations_area_parent (area_id, place, parent_id, valid_from, valid_to) values (:id, :place, :parent, :from, :to)")
                .bind("id", id)
                .bind("place", place)
                .bind("parent", choices.id(Source::Areas, row.text("area")))
                .bind("from", row.day("from"))
                .bind("to", row.day("to")),
        )
        .await?;
    }
    tx.exec(sql("delete from organisations_area_crosswalk where area_id = :id").bind("id", id))
        .await?;
    for (row, place) in v.rows("old").iter().zip(0_i64..) {
        tx.exec(
            sql("insert into organisations_area_crosswalk (area_id, place, old_id, changed_on) values (:id, :place, :old, :on)")
                .bind("id", id)
                .bind("place", place)
                .bind("old", choices.id(Source::Areas, row.text("area")))
                .bind("on", row.day("on")),
        )
        .await?;
    }
    Ok(())
}
