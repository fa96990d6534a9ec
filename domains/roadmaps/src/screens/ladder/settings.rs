//! `/roadmaps/ladder/settings`: what is counted for each step, and for which areas.

use axum::response::Response;
use engawa_indicators::{model::Dim, store::indicator};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, button, check_group, form_frame, link_button, select_field,
        submit_row,
    },
    context::Ctx,
    db::Conn,
    drafts,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::see_other,
    page::page,
};
use engawa_organisations::codes::{self, CodeList};
use maud::{Markup, html};

use super::ABOVE;
use crate::{
    ladder::{Rule, Settings, Step},
    model::Kept,
    rules,
    screens::parts::{Compared, Place, clash, refused, trail},
    store::ladder,
    typed::Options,
};

const KEY: &str = "roadmaps/ladder/settings";
const TITLE: &str = "4段階の数え方";

/// What the form offers: the rules of each step, and kinds of areas.
struct Offered {
    rules: [Options; 4],
    kinds: Options,
}

async fn offered(conn: &mut Conn, ctx: &Ctx) -> Result<Offered> {
    // An indicator that is a rate or minutes cannot be split by area.
    let indicators: Options = indicator::list(conn, ctx, ctx.today())
        .await?
        .into_iter()
        .filter(|i| i.rule.per.is_none() && i.rule.count.unit.splits_by(Dim::Area))
        .map(|i| (i.id.to_string(), format!("指標: {}", i.name)))
        .collect();
    let labels = codes::load(conn, ctx, &[CodeList::AreaKind]).await?;
    Ok(Offered {
        rules: Step::ALL.map(|step| {
            [
                (Rule::Standard.code(), step.standard_words().to_owned()),
                (
                    Rule::Nothing.code(),
                    "数えない（評価だけで見る）".to_owned(),
                ),
            ]
            .into_iter()
            .chain(indicators.iter().cloned())
            .collect()
        }),
        kinds: labels
            .options(CodeList::AreaKind)
            .into_iter()
            .map(|(code, word)| (code.to_owned(), word.to_owned()))
            .collect(),
    })
}

pub async fn get(ctx: Ctx) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let mut conn = ctx.read().await?;
    let offered = offered(&mut conn, &ctx).await?;
    let known = ladder::settings(&mut conn, &ctx).await?;
    drop(conn);
    let form = drafts::restore(&ctx, KEY, known.form()).await?;
    Ok(view(&ctx, &offered, &form))
}

pub async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let mut form = Form::from_posted(posted);
    form.draft_key = Some(KEY.into());
    let mut tx = ctx.write().await?;
    let offered = offered(&mut tx, &ctx).await?;
    let Some(new) = Settings::read(&mut form, &offered.rules, &offered.kinds) else {
        return Err(refused(view(&ctx, &offered, &form)));
    };
    match ladder::set(&mut tx, &ctx, &new).await {
        Err(Error::Changed) => {
            drop(tx);
            return Err(conflict(&ctx, &offered, &form).await?);
        }
        done => done?,
    }
    drafts::clear(&mut tx, &ctx, KEY).await?;
    tx.commit().await?;
    Ok(see_other(ABOVE.0))
}

async fn conflict(ctx: &Ctx, offered: &Offered, form: &Form) -> Result<Error> {
    let known = ladder::settings(&mut ctx.read().await?, ctx).await?;
    let (saved_by, saved_at) = known.saved.ok_or(Error::Changed)?;
    let options: Vec<_> = offered.rules.iter().map(|o| borrowed(o)).collect();
    let kinds = borrowed(&offered.kinds);
    let mut fields: Vec<Compared> = Step::ALL
        .into_iter()
        .zip(&options)
        .map(|(step, options)| Compared::Choice(step.as_code(), step.label(), options))
        .collect();
    fields.push(Compared::Choice("kinds", "圏域の種類", &kinds));
    let theirs = known.form();
    let kept = Kept {
        id: (),
        version: known.version,
        is: known,
        saved_by,
        saved_at,
    };
    let place = Place {
        title: TITLE,
        above: &[ABOVE],
        action: &format!("/{KEY}"),
    };
    clash(ctx, &place, form, (&kept, &theirs), &fields).await
}

fn view(ctx: &Ctx, offered: &Offered, form: &Form) -> Markup {
    let fields = html! {
        @for (step, options) in Step::ALL.into_iter().zip(&offered.rules) {
            (select_field(form, FieldSpec::new(step.as_code(), step.label()).required(), &borrowed(options)))
        }
        (check_group(form, FieldSpec::new("kinds", "圏域の種類").hint("4段階で見る圏域。選ばなければ、市区町村より小さいすべての圏域です"), &borrowed(&offered.kinds)))
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, ABOVE.0, "やめる"))
        }))
    };
    let body = html! {
        (trail(&[ABOVE]))
        p { "それぞれの段階で何を数えるかを決めます。別の数え方が要るときは、" a href="/indicators" { "指標" } "を作ってから、ここで選びます。割合や時間の指標は、圏域ごとに数えられないので選べません。" }
        (form_frame(&format!("/{KEY}"), ctx.csrf(), form, fields))
    };
    page(&ctx.frame(), TITLE, body)
}
