//! Code lists: rename, hide, extend. The code itself never changes and is never deleted.

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
    sql_parts::{List, filter, page},
};
use crate::{
    codes::CodeList,
    field::{Field, Kind, Record, Source, Spec, Values},
};

const LISTS: &[(&str, &str)] = &{
    let mut lists = [("", ""); CodeList::ALL.len()];
    let mut n = 0;
    while n < lists.len() {
        lists[n] = (CodeList::ALL[n].as_code(), CodeList::ALL[n].label());
        n += 1;
    }
    lists
};

pub(super) static SPEC: Spec = Spec {
    slug: "codes",
    title: "選択肢の一覧",
    about: "相談の経路、課題、終結の理由など。言い方を変える、使わないものを隠す、足すことができます。",
    duty: Duty::Configure,
    fields: &[
        Field::new("list", "一覧", Kind::Pick(Source::Fixed(LISTS))).required(),
        Field::new("code", "コード", Kind::Line(40))
            .required()
            .hint("半角の英小文字・数字・下線。あとから変えられません。"),
        Field::new("label", "言い方", Kind::Line(60))
            .required()
            .aliases(&["表示名", "名前"]),
        Field::new("canonical", "統計での数え方", Kind::Line(40))
            .hint("足した選択肢を、もとからあるコードに含めて数えるときに、そのコードを入れます。"),
        Field::new("sort", "並び順", Kind::Number(0, 1_000_000)),
        Field::new("hidden", "隠す(新しい記録では選べなくする)", Kind::Flag).aliases(&["隠す"]),
    ],
    shown: &["label", "code", "canonical", "hidden"],
    action: "organisations.code",
    letter: "",
};

pub(super) const LIST: List = (
    "from organisations_code t",
    "(lower(t.label) like :q escape '!' or lower(t.code) like :q escape '!')",
    "",
);

pub(super) async fn fetch(conn: &mut Conn, ctx: &Ctx, query: &Query) -> Result<Vec<Record>> {
    let q = filter(sql("select t.*").push(LIST.0), ctx, query, LIST.1, LIST.2);
    conn.rows(page(q.push("order by t.list, t.sort, t.code"), query))
        .await?
        .iter()
        .map(|r| {
            let mut record = Record::new(r.get("id")?, r.get("version")?);
            for key in ["list", "code", "label", "canonical"] {
                record.put(key, r.get::<String>(key)?);
            }
            record.put("sort", r.get::<i64>("sort")?.to_string());
            record.put_flag("hidden", r.get("hidden")?);
            Ok(record)
        })
        .collect()
}

/// A code is ASCII, stays what it is, and is there once; what it counts as exists.
pub(super) async fn check(
    conn: &mut Conn,
    ctx: &Ctx,
    id: Option<Uuid>,
    v: &mut Values,
    form: &mut Form,
) -> Result<()> {
    let (list, code) = (v.text("list").to_owned(), v.text("code").to_owned());
    if !code
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    {
        form.error(
            "code",
            "コード",
            "「コード」は半角の英小文字・数字・下線(_)だけで入れてください。例: local_1",
        );
    }
    if let Some(id) = id {
        let row = conn
            .one(sql("select list, code from organisations_code where id = :id").bind("id", id))
            .await?;
        if row.get::<String>("list")? != list || row.get::<String>("code")? != code {
            form.error("code", "コード", "登録済みのコードは変えられません(過去の記録が指しているため)。新しいコードを足し、この行は「隠す」にしてください。");
        }
    } else if existing(conn, ctx, v).await?.is_some() {
        form.error(
            "code",
            "コード",
            format!("コード「{code}」は、この一覧にもうあります。別のコードにしてください。"),
        );
    }
    if v.text("canonical").is_empty() {
        v.set("canonical", code);
    } else if v.text("canonical") != code {
        let known = conn
            .row(
                sql("select 1 as n from organisations_code where municipality_id = :m and list = :list and code = :code")
                    .bind("m", ctx.municipality)
                    .bind("list", list.as_str())
                    .bind("code", v.text("canonical")),
            )
            .await?;
        if known.is_none() {
            form.error(
                "canonical",
                "統計での数え方",
                "「統計での数え方」には、この一覧にあるコードを入れてください。",
            );
        }
    }
    Ok(())
}

pub(super) async fn existing(conn: &mut Conn, ctx: &Ctx, v: &Values) -> Result<Option<Uuid>> {
    let row = conn
        .row(
            sql("select id from organisations_code where municipality_id = :m and list = :list and code = :code")
                .bind("m", ctx.municipality)
                .bind("list", v.text("list"))
                .bind("code", v.text("code")),
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
    let q = if version.is_some() {
        sql("update organisations_code set label = :label, canonical = :canonical, sort = :sort, hidden = :hidden, version = version + 1
              where id = :id and version = :version and municipality_id = :m")
            .bind("version", version)
    } else {
        sql("insert into organisations_code (id, municipality_id, list, code, label, canonical, sort, hidden, version)
             values (:id, :m, :list, :code, :label, :canonical, :sort, :hidden, 1)")
            .bind("list", v.text("list"))
            .bind("code", v.text("code"))
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("m", ctx.municipality)
            .bind("label", v.text("label"))
            .bind("canonical", v.text("canonical"))
            .bind("sort", v.number("sort").unwrap_or(100_000))
            .bind("hidden", v.flag("hidden")),
    )
    .await
}
