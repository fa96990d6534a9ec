//! 実施主体・委託: which programme, which part, which year, how, through whom. 未実施 and 都道府県実施
//! are values too. One contract may have several bodies, one body several contracts.

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

const BODY: &[Field] = &[
    Field::new("body", "機関", Kind::Pick(Source::Bodies)).required(),
    Field::new("share", "担当する部分・割合", Kind::Line(100)),
];

pub(super) static SPEC: Spec = Spec {
    slug: "contracts",
    title: "事業の実施主体・委託",
    about: "どの事業を、どの年度に、だれが、直営・委託・未実施などのどの形で行うか。契約の金額・成果物・支払いは「財源・契約」に書きます。",
    duty: Duty::Configure,
    fields: &[
        Field::new("code", "コード", Kind::Line(20))
            .hint("空欄なら番号を付けます。")
            .aliases(&["契約番号"]),
        Field::new(
            "programme",
            "事業",
            Kind::Pick(Source::Codes(CodeList::Programme)),
        )
        .required()
        .aliases(&["事業名"]),
        Field::new("part", "事業のうちの部分", Kind::Line(100)),
        Field::new("year", "年度", Kind::Year)
            .required()
            .hint("例: R8、2026"),
        Field::new(
            "mode",
            "実施方法",
            Kind::Pick(Source::Codes(CodeList::ContractMode)),
        )
        .required(),
        Field::new("bodies", "実施する機関", Kind::Rows(BODY))
            .hint("共同で受けているときは、すべて並べます。"),
        Field::new("commissioner", "委託元・経由", Kind::Line(200)).hint("例: 市 → 県社協"),
        Field::new("note", "備考", Kind::Lines(2000)),
    ],
    shown: &["programme", "year", "mode", "bodies"],
    action: "organisations.contract",
    letter: "C",
};

pub(super) const LIST: List = (
    "from organisations_contract t",
    "(lower(t.code) like :q escape '!' or lower(t.part) like :q escape '!'
      or exists (select 1 from organisations_contract_body c join organisations_body b on b.id = c.body_id
                  where c.contract_id = t.id and lower(b.name) like :q escape '!'))",
    "exists (select 1 from organisations_contract_body c where c.contract_id = t.id and c.body_id = :of)",
);

pub(super) async fn fetch(conn: &mut Conn, ctx: &Ctx, query: &Query) -> Result<Vec<Record>> {
    let q = filter(sql("select t.*").push(LIST.0), ctx, query, LIST.1, LIST.2);
    let q = q.push("order by t.fiscal_year desc, t.programme, t.code");
    let rows = conn.rows(page(q, query)).await?;
    let mut records = Vec::with_capacity(rows.len());
    for r in &rows {
        let mut record = Record::new(r.get("id")?, r.get("version")?);
        for key in ["code", "programme", "part", "mode", "commissioner", "note"] {
            record.put(key, r.get::<String>(key)?);
        }
        record.put("year", r.get::<i64>("fiscal_year")?.to_string());
        records.push(record);
    }
    let at: HashMap<Uuid, usize> = records.iter().enumerate().map(|(n, r)| (r.id, n)).collect();
    let ids: Vec<Uuid> = records.iter().map(|r| r.id).collect();
    for ids in ids.chunks(CHUNK) {
        let q = sql("select c.contract_id, b.code, c.share from organisations_contract_body c
              join organisations_body b on b.id = c.body_id where c.contract_id in (:ids) order by c.contract_id, c.place");
        for r in conn.rows(q.bind_all("ids", ids.iter().copied())).await? {
            if let Some(record) = at
                .get(&r.get("contract_id")?)
                .and_then(|n| records.get_mut(*n))
            {
                let n = record.next_row("bodies");
                record.put(&format!("bodies[{n}].body"), r.get::<String>("code")?);
                record.put(&format!("bodies[{n}].share"), r.get::<String>("share")?);
            }
        }
    }
    Ok(records)
}

/// A programme that somebody carries out says who.
pub(super) fn check(v: &Values, form: &mut Form) {
    let nobody = matches!(
        v.text("mode"),
        "not_carried_out" | "none" | "prefecture" | ""
    );
    if !nobody && v.rows("bodies").is_empty() {
        form.error(
            "bodies",
            "実施する機関",
            "「実施する機関」を選んでください。実施していないときは、実施方法を「未実施」か「なし」にします。",
        );
    }
}

pub(super) async fn existing(conn: &mut Conn, ctx: &Ctx, code: &str) -> Result<Option<Uuid>> {
    let row = conn
        .row(
            sql(
                "select id from organisations_contract where municipality_id = :m and code = :code",
            )
            .bind("m", ctx.municipality)
            .bind("code", code),
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
    choices: &Choices,
) -> Result<()> {
    let q = if version.is_some() {
        sql("update organisations_contract set code = :code, programme = :programme, part = :part, fiscal_year = :year,
                    mode = :mode, commissioner = :commissioner, note = :note, version = version + 1
              where id = :id and version = :version and municipality_id = :m")
            .bind("version", version)
    } else {
        sql("insert into organisations_contract (id, municipality_id, code, programme, part, fiscal_year, mode, commissioner, note, version)
             values (:id, :m, :code, :programme, :part, :year, :mode, :commissioner, :note, 1)")
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("m", ctx.municipality)
            .bind("code", v.text("code"))
            .bind("programme", v.text("programme"))
            .bind("part", v.text("part"))
            .bind("year", v.number("year"))
            .bind("mode", v.text("mode"))
            .bind("commissioner", v.text("commissioner"))
            .bind("note", v.text("note")),
    )
    .await?;
    tx.exec(sql("delete from organisations_contract_body where contract_id = :id").bind("id", id))
        .await?;
    for (row, place) in v.rows("bodies").iter().zip(0_i64..) {
        tx.exec(
            sql("insert into organisations_contract_body (contract_id, place, body_id, share) values (:id, :place, :body, :share)")
                .bind("id", id)
                .bind("place", place)
                .bind("body", choices.id(Source::Bodies, row.text("body")))
                .bind("share", row.text("share")),
        )
        .await?;
    }
    Ok(())
}
