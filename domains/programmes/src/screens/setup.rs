//! `/programmes/setup`: what the sheet proposes for the registers, one by one beside the words it
//! comes from, to take (corrected), or to refuse.

use std::collections::HashMap;

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_indicators::rules::suggest;
use engawa_kernel::{
    access::Duty,
    components::{
        ButtonKind, FieldSpec, NoticeKind, Tab, TagKind, button, card, empty_state, form_frame,
        lines, list_table, notice, select_field, submit_row, tabs, tag, text_area, text_field,
    },
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::{id, see_other},
    page::page,
    source::EventSource,
};
use engawa_organisations::codes::{self, CodeList, Labels};
use maud::{Markup, html};

use super::parts::{Asked, trail};
use crate::{
    proposals::{Correction, Decision, Found, Kind, Proposal, ProposalId, State, decide as settle},
    rules,
    store::proposal,
};

/// What the forms of one kind offer.
struct Offers {
    labels: Labels,
    bodies: Vec<(String, String)>,
    counts: Vec<(String, String)>,
    sources: Vec<&'static EventSource>,
}

impl Offers {
    async fn load(conn: &mut Conn, ctx: &Ctx) -> Result<Self> {
        let lists = [
            CodeList::AreaKind,
            CodeList::BodyKind,
            CodeList::DeskFunction,
            CodeList::ContractMode,
            CodeList::Programme,
        ];
        Ok(Self {
            labels: codes::load(conn, ctx, &lists).await?,
            bodies: engawa_organisations::named_bodies(conn, ctx).await?,
            counts: suggest::choices(&ctx.engine.sources),
            sources: ctx.engine.sources.clone(),
        })
    }
}

const fn list_of(kind: Kind) -> Option<(CodeList, &'static str)> {
    match kind {
        Kind::Area => Some((CodeList::AreaKind, "種別")),
        Kind::Body => Some((CodeList::BodyKind, "種別")),
        Kind::Desk => Some((CodeList::DeskFunction, "機能")),
        Kind::Link => Some((CodeList::Programme, "どの事業か")),
        Kind::Coordinator | Kind::Goal | Kind::Meeting | Kind::Place | Kind::Fund => None,
    }
}

/// Registers that only an administrator keeps.
const fn is_register(kind: Kind) -> bool {
    matches!(kind, Kind::Area | Kind::Body | Kind::Desk)
}

const fn what_happens(kind: Kind) -> &'static str {
    match kind {
        Kind::Area | Kind::Body | Kind::Desk => {
            "採用すると、「機関・職員」の一覧に登録されます。同じ名前がすでにあれば、そのままにします。"
        }
        Kind::Coordinator => {
            "計画書には氏名がありません。人数と配置先を確かめ、職員の登録と配置は「機関・職員」で行います。"
        }
        Kind::Link => "採用すると、「連携する法定事業」に入ります。",
        Kind::Goal => {
            "採用すると、今年度の「成果目標と振り返り」に入ります。数えるものを選ぶと「指標」にもなり、実績が目標の横に出ます。"
        }
        Kind::Fund => "採用すると、「財源・契約」に「検討中」の財源として入ります。",
        Kind::Meeting | Kind::Place => {
            "採用した案は、確かめた案として残ります。会議・拠点を登録するときに使います。"
        }
    }
}

pub async fn get(ctx: Ctx, asked: Asked) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let mut conn = ctx.read().await?;
    let open = proposal::open(&mut conn, &ctx).await?;
    let kind = asked
        .get("kind")
        .and_then(|code| Kind::from_code(code))
        .or_else(|| Kind::ALL.into_iter().find(|k| open.contains_key(k)))
        .unwrap_or(Kind::Area);
    view(&mut conn, &ctx, kind, &open, None).await
}

async fn view(
    conn: &mut Conn,
    ctx: &Ctx,
    kind: Kind,
    open: &HashMap<Kind, u32>,
    wrong: Option<(ProposalId, &Form)>,
) -> Result<Markup> {
    let all = proposal::of_kind(conn, ctx, kind).await?;
    let offers = Offers::load(conn, ctx).await?;
    let may = !is_register(kind) || ctx.actor.may(Duty::Configure);
    let sets: Vec<Tab> = Kind::ALL
        .into_iter()
        .map(|k| Tab {
            href: format!("/programmes/setup?kind={}", k.as_code()),
            label: k.label().into(),
            count: open.get(&k).copied(),
            active: k == kind,
        })
        .collect();
    let (waiting, decided): (Vec<&Proposal>, Vec<&Proposal>) =
        all.iter().partition(|p| p.state == State::Open);
    let body = html! {
        (trail(&[]))
        p { "実施計画書から読み取った案です。もとのことばと見比べて、一つずつ採用するか決めます。決めるまで、何も登録されません。" }
        (tabs("案の種類", &sets))
        p { (what_happens(kind)) }
        @if !may && !waiting.is_empty() {
            (notice(NoticeKind::Info, "", html! { p { "「" (kind.label()) "」を登録できるのはシステム管理者だけです。案を見ることはできます。" } }))
        }
        @if all.is_empty() {
            (empty_state("この種類の案はありません。", html! { a href="/programmes/upload" { "計画書のファイルを読み取る" } "と、案が入ります。" }))
        }
        @for p in &waiting {
            (one(ctx, p, &offers, may, wrong.filter(|(id, _)| *id == p.id).map(|(_, form)| form)))
        }
        @if !decided.is_empty() {
            h2 { "決めた案" }
            (list_table(&["名前", "結果", "もとのことば", "操作"], &decided.iter().map(|p| vec![
                lines(&p.found.name),
                match p.state {
                    State::Taken => tag(TagKind::Done, p.state.label()),
                    _ => tag(TagKind::Neutral, p.state.label()),
                },
                html! { (p.found.field.block().label()) " " (p.found.field.label()) },
                if p.state == State::Refused { reopen(ctx, p) } else { html! { "―" } },
            ]).collect::<Vec<_>>(), "決めた案"))
        }
    };
    Ok(page(&ctx.frame(), "計画書からの登録", body))
}

fn reopen(ctx: &Ctx, p: &Proposal) -> Markup {
    let mut form = Form::blank().scoped(format!("p{}", p.id));
    form.version = Some(p.version);
    let fields = button(
        ButtonKind::Quiet,
        Decision::Reopen.label(),
        Some(("do", Decision::Reopen.as_code())),
    );
    form_frame(
        &format!("/programmes/setup/{}", p.id),
        ctx.csrf(),
        &form,
        fields,
    )
}

fn one(ctx: &Ctx, p: &Proposal, offers: &Offers, may: bool, wrong: Option<&Form>) -> Markup {
    let f = &p.found;
    let form = match wrong {
        Some(form) => form.clone().scoped(format!("p{}", p.id)),
        None => filled(p, offers),
    };
    let title = match (f.name.lines().next(), f.number.as_str()) {
        (Some(name), _) if !name.is_empty() => name.to_owned(),
        (_, "") => format!("{}（名前なし）", offered(f, offers)),
        (_, number) => format!("{} {number}（名前なし）", offered(f, offers)),
    };
    card(
        &title,
        html! {
            div.proposal {
                div {
                    p.hint { (f.field.block().label()) "「" (f.field.label()) "」のことば" }
                    p { (lines(&f.words)) }
                    @if !f.number.is_empty() { p { "計画書の数: " (f.number) (f.unit) } }
                    @if !f.note.is_empty() { p { (f.note) } }
                }
                @if may { (form_frame(&format!("/programmes/setup/{}", p.id), ctx.csrf(), &form, fields(&form, f, offers))) }
            }
        },
    )
}

fn offered<'a>(f: &Found, offers: &'a Offers) -> &'a str {
    match list_of(f.kind) {
        Some((list, _)) => offers
            .labels
            .options(list)
            .into_iter()
            .find(|(code, _)| *code == f.code)
            .map_or(f.kind.label(), |(_, label)| label),
        None => f.kind.label(),
    }
}

fn filled(p: &Proposal, offers: &Offers) -> Form {
    let mut form = Form::blank().scoped(format!("p{}", p.id));
    form.version = Some(p.version);
    let filled = Correction::proposed(&p.found, &offers.bodies, &offers.sources);
    form.prefill("name", filled.name);
    form.prefill("code", filled.code);
    form.prefill("body", filled.body);
    form.prefill("mode", filled.mode);
    form.prefill("count", filled.count);
    form.prefill("target", filled.target);
    form
}

fn fields(form: &Form, f: &Found, offers: &Offers) -> Markup {
    let several = f.name.is_empty() || f.name.contains('\n') || form.value("name").contains('\n');
    let body_hint = if f.body.is_empty() || !form.value("body").is_empty() {
        String::new()
    } else {
        format!(
            "計画書では「{}」。一覧になければ、先に「機関・法人」の案を採用してください",
            f.body
        )
    };
    let other = match f.kind {
        Kind::Coordinator => Some("配置先"),
        Kind::Meeting => Some("開催の頻度"),
        Kind::Place => Some("運営主体"),
        Kind::Fund => Some("どの事業の財源か"),
        _ => None,
    };
    html! {
        @if several {
            (text_area(form, FieldSpec::new("name", "名前").required().hint("1行に1つ。書いた数だけ登録します").rows(4)))
        } @else if matches!(f.kind, Kind::Goal | Kind::Fund) {
            (text_area(form, FieldSpec::new("name", "内容").required().rows(2)))
        } @else {
            (text_field(form, FieldSpec::new("name", "名前").required()))
        }
        @if let Some((list, label)) = list_of(f.kind) {
            (select_field(form, FieldSpec::new("code", label).required(), &offers.labels.options(list)))
        }
        @if f.kind == Kind::Desk {
            (select_field(form, FieldSpec::new("body", "運営する機関").required().hint(body_hint), &borrowed(&offers.bodies)))
            (select_field(form, FieldSpec::new("mode", "実施方法").required(), &offers.labels.options(CodeList::ContractMode)))
            (text_field(form, FieldSpec::new("phone", "電話").required().inputmode("tel").hint("計画書にはありません。「支援中の機関があります」と案内するときの連絡先になります")))
        }
        @if f.kind == Kind::Goal {
            (select_field(form, FieldSpec::new("count", "何を数えるか").hint("ことばから推し量ったものです。違っていれば選び直し、数えない目標は空にします"), &borrowed(&offers.counts)))
            (text_field(form, FieldSpec::new("target", "目標の値").hint("例: 100件以上、約50人、2〜3回、1→2か所、10件/月").maxlength(200)))
        }
        @if let Some(label) = other { (text_field(form, FieldSpec::new("body", label))) }
        (submit_row(html! {
            (button(ButtonKind::Primary, Decision::Take.label(), Some(("do", Decision::Take.as_code()))))
            (button(ButtonKind::Secondary, Decision::Refuse.label(), Some(("do", Decision::Refuse.as_code()))))
        }))
    }
}

/// POST `/programmes/setup/{proposal}`
pub async fn decide(ctx: Ctx, Path(proposal): Path<String>, posted: Posted) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let id: ProposalId = id(&proposal)?;
    let mut form = Form::from_posted(posted);
    let decision = Decision::from_code(form.value("do")).ok_or(Error::NotFound)?;
    let correction = Correction {
        name: form.text("name", "名前", 10_000, false),
        code: form.text("code", "種別", 100, false),
        body: form.text("body", "機関", 200, false),
        mode: form.text("mode", "実施方法", 100, false),
        phone: form.text("phone", "電話", 30, false),
        count: form.text("count", "何を数えるか", 200, false),
        target: form.text("target", "目標の値", 200, false),
    };
    let mut tx = ctx.write().await?;
    let known = proposal::one(&mut tx, &ctx, id).await?;
    if !form.has_errors() {
        let seen = form.version.unwrap_or_default();
        let refused = settle(&mut tx, &ctx, id, seen, decision, &correction).await?;
        if refused.is_empty() {
            tx.commit().await?;
            let kind = known.found.kind.as_code();
            return Ok(see_other(&format!("/programmes/setup?kind={kind}")));
        }
        for error in refused {
            form.error(&error.field, &error.label, error.message);
        }
    }
    // Nothing of it was kept: the page shows the form with its messages.
    drop(tx);
    let mut conn = ctx.read().await?;
    let open = proposal::open(&mut conn, &ctx).await?;
    let shown = view(&mut conn, &ctx, known.found.kind, &open, Some((id, &form))).await?;
    Err(Error::Page(
        StatusCode::UNPROCESSABLE_ENTITY,
        Box::new(shown),
    ))
}

/// What an administrator of a new municipality does with a sheet's proposals; nothing when none waits.
pub(crate) async fn first_step(conn: &mut Conn, ctx: &Ctx) -> Result<Markup> {
    if !rules::plans(ctx) {
        return Ok(html! {});
    }
    let open = proposal::open(conn, ctx).await?;
    let waiting: u32 = open.values().sum();
    Ok(if waiting == 0 {
        html! {}
    } else {
        notice(
            NoticeKind::Info,
            "実施計画書から読み取った登録案があります",
            html! { p { "圏域・機関・窓口などの案が" (waiting) "件、確かめるのを待っています。" a href="/programmes/setup" { "案を一つずつ確かめる" } } },
        )
    })
}
