//! 職員: the register of coordinators and everybody else with an account. The kernel's `staff` is
//! written here and nowhere else.

use std::collections::HashMap;

use engawa_kernel::{
    access::{self, Duty},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
    form::Form,
    id::StaffId,
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

const QUALIFICATION: &[Field] = &[
    Field::new(
        "code",
        "資格",
        Kind::Pick(Source::Codes(CodeList::Qualification)),
    )
    .required(),
    Field::new("obtained", "取得日", Kind::Day).hint("取得予定のときは、予定の日。"),
    Field::new("expires", "更新期限", Kind::Day),
];

pub(super) static SPEC: Spec = Spec {
    slug: "staff",
    title: "職員",
    about: "この仕組みを使う人。資格、雇用、勤務の割合。どこで何をするかは「配置」に入れます。",
    duty: Duty::ManageStaff,
    fields: &[
        Field::new("code", "職員番号", Kind::Line(20)).hint("空欄なら番号を付けます。取り込みのとき、同じ番号は上書きになります。").aliases(&["コード", "番号"]),
        Field::new("name", "氏名", Kind::Line(100)).required().aliases(&["名前", "職員名"]),
        Field::new("kana", "ふりがな", Kind::Line(100)).aliases(&["カナ", "フリガナ"]),
        Field::new("phone", "電話", Kind::Line(30)).aliases(&["電話番号", "内線"]),
        Field::new("email", "メール", Kind::Line(100)),
        Field::new("employer", "雇用元", Kind::Pick(Source::Bodies)).hint("配置先と違うとき(出向など)に入れます。閲覧できる範囲は、雇用ではなく配置で決まります。").aliases(&["雇っている機関", "雇用主", "所属"]),
        Field::new("employment", "雇用形態", Kind::Pick(Source::Codes(CodeList::Employment))).aliases(&["雇用の形"]),
        Field::new("fte", "常勤換算", Kind::Line(8)).hint("例: 1、0.5").aliases(&["FTE"]),
        Field::new("qualification", "資格", Kind::Rows(QUALIFICATION)),
        Field::new("expected", "予定(まだ着任していない)", Kind::Flag),
        Field::new("left_on", "退職日(在職の最後の日)", Kind::Day).hint("この日までログインできます。").aliases(&["退職日"]),
        Field::new("career", "経歴・得意分野", Kind::Lines(2000)).inside().hint("管理者だけが見ます。"),
    ],
    shown: &["name", "code", "phone", "employment", "left_on"],
    action: "organisations.staff",
    letter: "S",
};

pub(super) const LIST: List = (
    "from staff t left join organisations_staff x on x.staff_id = t.id",
    "(lower(t.name) like :q escape '!' or lower(t.kana) like :q escape '!' or lower(x.code) like :q escape '!')",
    "x.employer_id = :of",
);

pub(super) async fn fetch(conn: &mut Conn, ctx: &Ctx, query: &Query) -> Result<Vec<Record>> {
    let q = sql("select t.id, t.name, t.kana, t.phone, t.email, t.left_on, t.version, coalesce(x.code, '') as code,
                        b.code as employer, coalesce(x.employment, '') as employment, coalesce(x.fte, '') as fte,
                        coalesce(x.career, '') as career, x.expected
                   from staff t left join organisations_staff x on x.staff_id = t.id
                   left join organisations_body b on b.id = x.employer_id");
    let q = filter(q, ctx, query, LIST.1, LIST.2).push("order by t.kana, t.id");
    let rows = conn.rows(page(q, query)).await?;
    let mut records = Vec::with_capacity(rows.len());
    for r in &rows {
        let mut record = Record::new(r.get("id")?, r.get("version")?);
        for key in [
            "code",
            "name",
            "kana",
            "phone",
            "email",
            "employment",
            "fte",
            "career",
        ] {
            record.put(key, r.get::<String>(key)?);
        }
        record.put("employer", r.opt::<String>("employer")?.unwrap_or_default());
        record.put_flag("expected", r.opt::<bool>("expected")?.unwrap_or(false));
        record.put_day("left_on", r.opt("left_on")?);
        records.push(record);
    }
    let at: HashMap<Uuid, usize> = records.iter().enumerate().map(|(n, r)| (r.id, n)).collect();
    let ids: Vec<Uuid> = records.iter().map(|r| r.id).collect();
    for ids in ids.chunks(CHUNK) {
        let q = sql(
            "select * from organisations_qualification where staff_id in (:ids) order by staff_id, place",
        );
        for r in conn.rows(q.bind_all("ids", ids.iter().copied())).await? {
            if let Some(record) = at
                .get(&r.get("staff_id")?)
                .and_then(|n| records.get_mut(*n))
            {
                let n = record.next_row("qualification");
                record.put(
                    &format!("qualification[{n}].code"),
                    r.get::<String>("code")?,
                );
                record.put_day(
                    &format!("qualification[{n}].obtained"),
                    r.opt("obtained_on")?,
                );
                record.put_day(&format!("qualification[{n}].expires"), r.opt("expires_on")?);
            }
        }
    }
    Ok(records)
}

/// FTE is a number; nobody who still has rooms is already gone.
pub(super) async fn check(
    conn: &mut Conn,
    ctx: &Ctx,
    id: Option<Uuid>,
    v: &Values,
    form: &mut Form,
) -> Result<()> {
    let fte = v.text("fte");
    if !fte.is_empty() && !fte.parse::<f64>().is_ok_and(|n| (0.0..=50.0).contains(&n)) {
        form.error(
            "fte",
            "常勤換算",
            "「常勤換算」は 1 や 0.5 のような半角の数で入れてください。",
        );
    }
    if let (Some(id), Some(day)) = (id, v.day("left_on"))
        && day < ctx.today()
    {
        let rooms = access::rooms_owned_by(conn, ctx, access::OwnedBy::Staff(StaffId(id))).await?;
        if rooms > 0 {
            form.error(
                "left_on",
                "退職日",
                format!("この職員が主担当の記録が{rooms}件あります。先に「4月の引き継ぎ」で後任を決めてから、退職日を入れてください。"),
            );
        }
    }
    Ok(())
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
        sql("update staff set name = :name, kana = :kana, phone = :phone, email = :email, left_on = :left, version = version + 1
              where id = :id and version = :version and municipality_id = :m")
            .bind("version", version)
    } else {
        sql("insert into staff (id, municipality_id, name, kana, phone, email, calendar, version, left_on, created_at)
             values (:id, :m, :name, :kana, :phone, :email, 'japanese', 1, :left, :now)")
            .bind("now", ctx.now())
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("m", ctx.municipality)
            .bind("name", v.text("name"))
            .bind("kana", v.text("kana"))
            .bind("phone", v.text("phone"))
            .bind("email", v.text("email"))
            .bind("left", v.day("left_on")),
    )
    .await?;
    tx.exec(
        sql("insert into organisations_staff (staff_id, municipality_id, code, employer_id, employment, fte, career, expected)
             values (:id, :m, :code, :employer, :employment, :fte, :career, :expected)
             on conflict (staff_id) do update set code = excluded.code, employer_id = excluded.employer_id,
               employment = excluded.employment, fte = excluded.fte, career = excluded.career, expected = excluded.expected")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("code", v.text("code"))
            .bind("employer", choices.id(Source::Bodies, v.text("employer")))
            .bind("employment", v.text("employment"))
            .bind("fte", v.text("fte"))
            .bind("career", v.text("career"))
            .bind("expected", v.flag("expected")),
    )
    .await?;
    tx.exec(sql("delete from organisations_qualification where staff_id = :id").bind("id", id))
        .await?;
    for (row, place) in v.rows("qualification").iter().zip(0_i64..) {
        tx.exec(
            sql("insert into organisations_qualification (staff_id, place, code, obtained_on, expires_on) values (:id, :place, :code, :obtained, :expires)")
                .bind("id", id)
                .bind("place", place)
                .bind("code", row.text("code"))
                .bind("obtained", row.day("obtained"))
                .bind("expires", row.day("expires")),
        )
        .await?;
    }
    Ok(())
}
