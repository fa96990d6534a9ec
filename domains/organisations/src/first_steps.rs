//! はじめに: what an administrator of an empty municipality does next, until work has begun.

use engawa_kernel::{
    access::Duty,
    components::{TagKind, card, tag},
    context::Ctx,
    db::{Conn, sql},
    error::Result,
};
use maud::{Markup, html};

const KNOWN: &str = "select
    (select count(*) from organisations_body where municipality_id = :m) as bodies,
    (select count(*) from organisations_desk where municipality_id = :m) as desks,
    (select count(*) from staff where municipality_id = :m) as staff,
    (select count(*) from posting p join staff s on s.id = p.staff_id
      where s.municipality_id = :m and p.desk_id is not null and p.role in ('coordinator', 'supervisor', 'worker', 'clerk')) as postings";

/// The steps as links, each with whether it is done; nothing for who may not set things up, and
/// nothing once the first record was taken in: then somebody can log in and work.
///
/// # Errors
/// The database refuses.
pub async fn first_steps(conn: &mut Conn, ctx: &Ctx) -> Result<Markup> {
    if !ctx.actor.may(Duty::Configure) {
        return Ok(html! {});
    }
    let begun = conn
        .row(
            sql("select 1 as n from room where municipality_id = :m limit 1")
                .bind("m", ctx.municipality),
        )
        .await?
        .is_some();
    if begun {
        return Ok(html! {});
    }
    let r = conn.one(sql(KNOWN).bind("m", ctx.municipality)).await?;
    // The municipality's own body and the first administrator are there from the beginning.
    let steps = [
        (
            "/organisations/bodies",
            "機関・法人を登録する",
            r.get::<i64>("bodies")? > 0,
        ),
        (
            "/organisations/desks",
            "窓口を登録する",
            r.get::<i64>("desks")? > 0,
        ),
        (
            "/organisations/staff",
            "職員を登録する",
            r.get::<i64>("staff")? > 1,
        ),
        (
            "/organisations/postings",
            "職員を窓口に配置する",
            r.get::<i64>("postings")? > 0,
        ),
        ("/accounts", "職員のアカウントを作成する", false),
    ];
    Ok(card(
        "はじめに",
        html! {
            p { "次の順に登録すると、職員がログインして相談を受け付けられるようになります。手元のExcelからの" a href="/organisations/import" { "取り込み" } "もできます。" }
            ol {
                @for (href, what, done) in steps { li {
                    a href=(href) { (what) } " "
                    @if done { (tag(TagKind::Done, "登録あり")) }
                } }
            }
        },
    ))
}
