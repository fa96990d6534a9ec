//! 配置: staff × role × body × desk × area × period, several at once. Rights follow it and end with
//! it the same day.

use engawa_kernel::{
    access::{self, Duty, Role},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Result},
    form::Form,
    id::PostingId,
};
use uuid::Uuid;

use super::{
    Query,
    sql_parts::{List, filter, page},
};
use crate::{
    choices::Choices,
    field::{Field, Kind, Record, Source, Spec, Values},
};

const TIERS: &[(&str, &str)] = &[("1", "第1層"), ("2", "第2層"), ("3", "第3層")];

pub(super) static SPEC: Spec = Spec {
    slug: "postings",
    title: "配置",
    about: "だれが、どの窓口で、どの役割を、いつからいつまで。閲覧できる範囲はこれで決まり、終了日で切れます。",
    duty: Duty::ManageStaff,
    fields: &[
        Field::new("staff", "職員", Kind::Pick(Source::Staff))
            .required()
            .aliases(&["職員番号", "氏名"]),
        Field::new("body", "機関", Kind::Pick(Source::Bodies)).required(),
        Field::new("desk", "窓口", Kind::Pick(Source::Desks))
            .hint("窓口の無い配置（地域担当など）は空欄。"),
        Field::new("role", "役割", Kind::Pick(Source::RoleWords))
            .required()
            .aliases(&["呼称", "職名"]),
        Field::new("area", "担当する圏域", Kind::Pick(Source::Areas)).aliases(&["圏域"]),
        Field::new("tier", "層", Kind::Pick(Source::Fixed(TIERS))),
        Field::new("share", "勤務の割合", Kind::Line(8))
            .hint("例: 1、0.5")
            .aliases(&["割合"]),
        Field::new("funding", "人件費の財源", Kind::Line(100))
            .hint("割合と合わせて、財源別の按分に使います。"),
        Field::new("valid_from", "開始日", Kind::Day)
            .required()
            .aliases(&["始まりの日", "着任日"]),
        Field::new("valid_to", "終了日（最後の日）", Kind::Day)
            .hint("この日の終わりで、閲覧も記入もできなくなります。")
            .aliases(&["終了日", "終わりの日", "終わりの日(最後の日)", "離任日"]),
        Field::new("note", "備考", Kind::Line(500)),
    ],
    shown: &[
        "staff",
        "role",
        "body",
        "desk",
        "area",
        "valid_from",
        "valid_to",
    ],
    action: "organisations.posting",
    letter: "",
};

/// The posting as `t`, under the municipality of its staff.
pub(super) const LIST: List = (
    "from (select p.*, s.municipality_id, s.name as staff_name, s.kana from posting p join staff s on s.id = p.staff_id) t
       left join organisations_desk d on d.id = t.desk_id",
    "(lower(t.staff_name) like :q escape '!' or lower(t.kana) like :q escape '!' or lower(d.name) like :q escape '!')",
    "(t.staff_id = :of or t.desk_id = :of or t.body_id = :of)",
);

pub(super) async fn fetch(conn: &mut Conn, ctx: &Ctx, query: &Query) -> Result<Vec<Record>> {
    let q = sql("select t.id, t.staff_id, t.role, t.share, t.valid_from, t.valid_to, t.version,
                        coalesce(st.code, '') as staff_code, b.code as body_code, d.code as desk_code, a.code as area_code,
                        coalesce(x.role_code, '') as role_code, coalesce(x.tier, '') as tier,
                        coalesce(x.funding, '') as funding, coalesce(x.note, '') as note
                   from (select p.*, s.municipality_id, s.name as staff_name, s.kana from posting p join staff s on s.id = p.staff_id) t
                   left join organisations_desk d on d.id = t.desk_id
                   left join organisations_body b on b.id = t.body_id
                   left join organisations_area a on a.id = t.area_id
                   left join organisations_staff st on st.staff_id = t.staff_id
                   left join organisations_posting x on x.posting_id = t.id");
    let q = filter(q, ctx, query, LIST.1, LIST.2)
        .push("order by t.kana, t.staff_id, t.valid_from desc, t.id");
    conn.rows(page(q, query))
        .await?
        .iter()
        .map(|r| {
            let mut record = Record::new(r.get("id")?, r.get("version")?);
            let staff: String = r.get("staff_code")?;
            if staff.is_empty() {
                record.put("staff", r.get::<Uuid>("staff_id")?.to_string());
            } else {
                record.put("staff", staff);
            }
            for (key, column) in [
                ("body", "body_code"),
                ("desk", "desk_code"),
                ("area", "area_code"),
            ] {
                record.put(key, r.opt::<String>(column)?.unwrap_or_default());
            }
            let word: String = r.get("role_code")?;
            record.put(
                "role",
                if word.is_empty() {
                    r.get("role")?
                } else {
                    word
                },
            );
            for key in ["tier", "share", "funding", "note"] {
                record.put(key, r.get::<String>(key)?);
            }
            for key in ["valid_from", "valid_to"] {
                record.put_day(key, r.opt(key)?);
            }
            Ok(record)
        })
        .collect()
}

/// A role that sees cases needs a desk and a body that may; ending a posting leaves no room alone.
pub(super) async fn check(
    conn: &mut Conn,
    ctx: &Ctx,
    id: Option<Uuid>,
    v: &Values,
    choices: &Choices,
    form: &mut Form,
) -> Result<()> {
    let share = v.text("share");
    if !share.is_empty()
        && !share
            .parse::<f64>()
            .is_ok_and(|n| (0.0..=10.0).contains(&n))
    {
        form.error(
            "share",
            "勤務の割合",
            "「勤務の割合」は 1 や 0.5 のような半角の数で入れてください。",
        );
    }
    let role = canonical(v, choices);
    let sees_people = matches!(
        role,
        Some(Role::Coordinator | Role::Supervisor | Role::Worker | Role::Clerk | Role::Entry)
    );
    let body = choices.get(Source::Bodies, v.text("body"));
    if sees_people && body.is_some_and(|b| b.extra == "research") {
        form.error(
            "role",
            "役割",
            "調査研究機関への配置では、個人の記録を扱う役割は選べません。「地域担当(個人記録なし)」などを選んでください。",
        );
    }
    if sees_people && v.text("desk").is_empty() && !v.text("body").is_empty() {
        form.error(
            "desk",
            "窓口",
            "相談やケースを扱う役割には「窓口」が必要です。選んでください。",
        );
    }
    let (desk, body) = (choices.get(Source::Desks, v.text("desk")), v.text("body"));
    if let Some(desk) = desk
        && desk.extra != body
        && !body.is_empty()
        && !is_operator(conn, desk.id, choices.id(Source::Bodies, body)).await?
    {
        form.error(
            "body",
            "機関",
            "選んだ窓口は、この機関の窓口ではありません。機関を選び直すか、窓口の「ほかの運営機関」に加えてください。",
        );
    }
    if sees_people
        && choices.id(Source::Staff, v.text("staff")) == Some(ctx.actor.staff.0)
        && other_admins(conn, ctx, None).await? > 0
    {
        form.error("role", "役割", OWN_RIGHTS);
    }
    if let Some(id) = id {
        let ends = v.day("valid_to").is_some_and(|day| day < ctx.today());
        if (ends || role != Some(Role::Admin)) && is_last_admin(conn, ctx, PostingId(id)).await? {
            form.error("role", "役割", LAST_ADMIN);
        }
    }
    if let (Some(id), Some(day)) = (id, v.day("valid_to"))
        && day < ctx.today()
    {
        let rooms =
            access::rooms_owned_by(conn, ctx, access::OwnedBy::Posting(PostingId(id))).await?;
        if rooms > 0 {
            form.error(
                "valid_to",
                "終了日",
                format!("この配置が主担当の記録が{rooms}件あります。「異動・引き継ぎ」で後任を決めると、配置も同時に終わります。"),
            );
        }
    }
    Ok(())
}

/// Refusal: nobody gives himself a key to records while somebody else could decide it.
pub(crate) const OWN_RIGHTS: &str =
    "自分自身に、記録を扱う役割は付けられません。ほかのシステム管理者に登録を頼んでください。";
/// Refusal: somebody must be left who can manage staff.
pub(crate) const LAST_ADMIN: &str = "この配置を終えると、システム管理者が一人もいなくなります。先に、ほかの職員をシステム管理者に配置してください。";

/// Administrators of today besides the actor (`None`) or besides one posting.
pub(crate) async fn other_admins(
    conn: &mut Conn,
    ctx: &Ctx,
    besides: Option<PostingId>,
) -> Result<i64> {
    let q = sql(
        "select count(*) as n from posting p join staff s on s.id = p.staff_id
          where s.municipality_id = :m and p.role = 'admin' and p.valid_from <= :today
            and (p.valid_to is null or p.valid_to >= :today) and (s.left_on is null or s.left_on >= :today)",
    )
    .bind("m", ctx.municipality)
    .bind("today", ctx.today());
    conn.count(match besides {
        Some(posting) => q.push("and p.id <> :besides").bind("besides", posting),
        None => q.push("and p.staff_id <> :me").bind("me", ctx.actor.staff),
    })
    .await
}

/// Whether this posting is the only one that administers.
pub(crate) async fn is_last_admin(conn: &mut Conn, ctx: &Ctx, posting: PostingId) -> Result<bool> {
    let row = conn
        .row(
            sql("select 1 as n from posting where id = :id and role = 'admin' and valid_from <= :today and (valid_to is null or valid_to >= :today)")
                .bind("id", posting)
                .bind("today", ctx.today()),
        )
        .await?;
    Ok(row.is_some() && other_admins(conn, ctx, Some(posting)).await? == 0)
}

async fn is_operator(conn: &mut Conn, desk: Uuid, body: Option<Uuid>) -> Result<bool> {
    let row = conn
        .row(
            sql("select 1 as n from organisations_desk_operator where desk_id = :desk and body_id = :body limit 1")
                .bind("desk", desk)
                .bind("body", body),
        )
        .await?;
    Ok(row.is_some())
}

fn canonical(v: &Values, choices: &Choices) -> Option<Role> {
    choices
        .get(Source::RoleWords, v.text("role"))
        .and_then(|word| Role::from_code(&word.extra))
}

/// The same staff, role word, body, desk, area and first day is the same posting.
pub(super) async fn existing(
    conn: &mut Conn,
    v: &Values,
    choices: &Choices,
) -> Result<Option<Uuid>> {
    let Some(role) = canonical(v, choices) else {
        return Ok(None);
    };
    let rows = conn
        .rows(
            sql("select p.id, p.desk_id, p.area_id from posting p left join organisations_posting x on x.posting_id = p.id
                  where p.staff_id = :staff and p.body_id = :body and p.role = :role and p.valid_from = :from
                    and (x.role_code is null or x.role_code = :word) limit 50")
                .bind("staff", choices.id(Source::Staff, v.text("staff")))
                .bind("body", choices.id(Source::Bodies, v.text("body")))
                .bind("role", role)
                .bind("word", v.text("role"))
                .bind("from", v.day("valid_from")),
        )
        .await?;
    let desk = choices.id(Source::Desks, v.text("desk"));
    let area = choices.id(Source::Areas, v.text("area"));
    for row in rows {
        if row.opt::<Uuid>("desk_id")? == desk && row.opt::<Uuid>("area_id")? == area {
            return Ok(Some(row.get("id")?));
        }
    }
    Ok(None)
}

pub(super) async fn save(
    tx: &mut Tx,
    id: Uuid,
    version: Option<i64>,
    v: &Values,
    choices: &Choices,
) -> Result<()> {
    let role = canonical(v, choices)
        .ok_or_else(|| Error::Invalid("「役割」を選び直してください。".into()))?;
    let q = if version.is_some() {
        sql("update posting set staff_id = :staff, body_id = :body, desk_id = :desk, area_id = :area, role = :role, share = :share,
                    valid_from = :from, valid_to = :to, version = version + 1
              where id = :id and version = :version")
            .bind("version", version)
    } else {
        sql("insert into posting (id, staff_id, body_id, desk_id, area_id, role, share, valid_from, valid_to, version)
             values (:id, :staff, :body, :desk, :area, :role, :share, :from, :to, 1)")
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("staff", choices.id(Source::Staff, v.text("staff")))
            .bind("body", choices.id(Source::Bodies, v.text("body")))
            .bind("desk", choices.id(Source::Desks, v.text("desk")))
            .bind("area", choices.id(Source::Areas, v.text("area")))
            .bind("role", role)
            .bind("share", v.text("share"))
            .bind("from", v.day("valid_from"))
            .bind("to", v.day("valid_to")),
    )
    .await?;
    tx.exec(
        sql("insert into organisations_posting (posting_id, role_code, tier, funding, note) values (:id, :role, :tier, :funding, :note)
             on conflict (posting_id) do update set role_code = excluded.role_code, tier = excluded.tier,
               funding = excluded.funding, note = excluded.note")
            .bind("id", id)
            .bind("role", v.text("role"))
            .bind("tier", v.text("tier"))
            .bind("funding", v.text("funding"))
            .bind("note", v.text("note")),
    )
    .await?;
    Ok(())
}
