//! `/funding/contracts/{contract}`: what it promises, what was delivered, what was claimed.

use axum::extract::Path;
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, button, definition_list, empty_state, form_frame, lines,
        link_button, list_table, or_dash, submit_row, text_field,
    },
    context::Ctx,
    error::{Error, Result},
    form::Form,
    http::id,
    id::StaffId,
    page::page,
    text::wareki::format_date,
};
use engawa_organisations::codes::{self, CodeList};
use maud::{Markup, html};

use super::{
    contracts::{Names, name, names, period},
    parts::{claim_tag, trail},
};
use crate::{
    contract::{ClaimState, Contract, ContractId, Full, KeptClaim, KeptDeliverable},
    rules,
    store::contract,
    words,
};

pub async fn get(ctx: Ctx, Path(contract): Path<String>) -> Result<Markup> {
    view(&ctx, id(&contract)?, None).await
}

/// The page, with a claim's form that was refused.
pub(super) async fn view(
    ctx: &Ctx,
    id: ContractId,
    sent: Option<(&KeptClaim, &Form)>,
) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let one = contract::one(&mut conn, ctx, id).await?;
    let before = match one.it.follows {
        Some(before) => contract::one(&mut conn, ctx, before).await.ok(),
        None => None,
    };
    let full = contract::full(&mut conn, vec![one]).await?;
    let full = full.into_iter().next().ok_or(Error::NotFound)?;
    let labels = codes::load(&mut conn, ctx, &[CodeList::ContractMode]).await?;
    let counted = engawa_indicators::choices(&mut conn, ctx).await?;
    let staff: Vec<_> = full
        .claims
        .iter()
        .flat_map(|c| std::iter::once(c.entered_by).chain(c.checked.map(|(by, _)| by)))
        .collect();
    let people = engawa_organisations::staff_names(&mut conn, &staff).await?;
    drop(conn);
    let names = names(ctx).await?;
    let plans = rules::plans(ctx);
    let c = &full.contract.it;
    let path = format!("/funding/contracts/{id}");
    let who = |staff: StaffId| people.get(&staff).map_or("システム", String::as_str);
    let body = html! {
        (trail(&[("/funding/contracts", "委託・補助")]))
        (definition_list(&[
            ("実施方法", html! { (labels.label(CodeList::ContractMode, &c.mode)) }),
            ("実施する機関", parties(&names, c)),
            ("計画書の事業", html! { (c.schemes.iter().map(|s| s.label()).collect::<Vec<_>>().join("、")) }),
            ("事業のうちの部分", or_dash(&c.part)),
            ("委託元・経由", or_dash(&c.commissioner)),
            ("期間", html! { (period(ctx, c)) }),
            ("前の契約・自主事業", match &before {
                Some(b) => html! { a href={ "/funding/contracts/" (b.id) } { (b.it.name) } },
                None => html! { "―" },
            }),
            ("備考", or_dash(&c.note)),
        ]))
        p {
            (link_button(ButtonKind::Secondary, &format!("{path}/report.pdf"), "報告書を印刷する"))
            " " (link_button(ButtonKind::Quiet, &format!("{path}/report.xlsx"), "報告をExcelで出す"))
            @if plans { " " (link_button(ButtonKind::Quiet, &format!("{path}/edit"), "契約・補助を直す")) }
        }
        h2 { "成果物" }
        @if plans { p { (link_button(ButtonKind::Primary, &format!("{path}/deliverables/new"), "成果物を書く")) } }
        @if full.deliverables.is_empty() { (empty_state("成果物は、まだありません。", html! {})) }
        @else { (deliverables(ctx, &full.deliverables, &counted, plans, "成果物")) }
        h2 { "経費の内訳" }
        @if c.costs.is_empty() { (empty_state("経費は、まだ書かれていません。", html! {})) }
        @else {
            (costs(c))
            p { "合計: " (words::total(c.costs.iter().map(|l| l.amount))) }
        }
        h2 { "請求" }
        @if plans { p { (link_button(ButtonKind::Primary, &format!("{path}/claims/new"), "請求を書く")) } }
        @if full.claims.is_empty() { (empty_state("請求は、まだありません。", html! {})) }
        @else { (claims(ctx, &full, &who)) }
        @if plans {
            @for claim in full.claims.iter().filter(|c| c.state == ClaimState::Waiting && c.entered_by != ctx.actor.staff) {
                (decide(ctx, claim, sent.filter(|(of, _)| of.id == claim.id).map(|(_, form)| form)))
            }
        }
    };
    Ok(page(&ctx.frame(), &c.name, body))
}

fn parties(names: &Names, c: &Contract) -> Markup {
    html! {
        @if c.parties.is_empty() { "―" }
        @for (n, p) in c.parties.iter().enumerate() {
            @if n > 0 { br; }
            a href={ "/funding/bodies/" (p.body) } { (name(names, p.body)) }
            @if !p.share.is_empty() { "（" (p.share) "）" }
        }
    }
}

/// 「13回」, 「数の定めなし」
pub(super) fn promised(d: &KeptDeliverable) -> String {
    match d.it.number {
        Some(number) => format!("{}{}", words::grouped(number), d.it.unit),
        None => "数の定めなし".to_owned(),
    }
}

/// 「12回（令和9年2月1日時点）」, 「報告なし」
pub(super) fn reported(ctx: &Ctx, d: &KeptDeliverable) -> String {
    let Some(report) = &d.it.report else {
        return "報告なし".to_owned();
    };
    let on = format_date(report.on, ctx.calendar);
    match report.value {
        Some(value) => format!("{}{}（{on}時点）", words::grouped(value), d.it.unit),
        None => format!("文による報告（{on}時点）"),
    }
}

/// The deliverables with what was reported, for the page of a body too.
pub(super) fn deliverables(
    ctx: &Ctx,
    all: &[KeptDeliverable],
    counted: &[(String, String)],
    plans: bool,
    caption: &str,
) -> Markup {
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|d| {
            let by = counted.iter().find(|(id, _)| *id == d.it.indicator);
            vec![
                html! { (d.it.name) },
                html! { (promised(d)) },
                html! {
                    (reported(ctx, d))
                    @if let Some(report) = &d.it.report { @if !report.text.is_empty() { p.hint { (lines(&report.text)) } } }
                },
                html! {
                    @match (by, d.it.indicator.is_empty()) {
                        (Some((id, name)), _) => { a href={ "/indicators/" (id) } { (name) } }
                        (None, true) => { "手で数える" }
                        (None, false) => { "終わった指標" }
                    }
                },
                html! {
                    a href={ "/funding/deliverables/" (d.id) "/report" } { "実績を報告する" span.visually-hidden { "：" (d.it.name) } }
                    @if plans {
                        " " a href={ "/funding/deliverables/" (d.id) } { "約束を直す" span.visually-hidden { "：" (d.it.name) } }
                    }
                },
            ]
        })
        .collect();
    list_table(
        &["成果物", "約束した数", "実績", "数え方", "操作"],
        &rows,
        caption,
    )
}

fn costs(c: &Contract) -> Markup {
    let rows: Vec<Vec<Markup>> = c
        .costs
        .iter()
        .map(|l| {
            vec![
                html! { (l.kind.label()) },
                or_dash(&l.what),
                html! { (l.subsidised.label()) },
                html! { (words::yen_or_unknown(l.amount)) },
            ]
        })
        .collect();
    list_table(
        &["種類", "だれの・何の経費か", "補助", "額"],
        &rows,
        "経費の内訳",
    )
}

fn claims<'n>(ctx: &Ctx, full: &Full, who: &impl Fn(StaffId) -> &'n str) -> Markup {
    let rows: Vec<Vec<Markup>> = full
        .claims
        .iter()
        .map(|c| {
            vec![
                html! { (c.it.what) @if !c.it.basis.is_empty() { p.hint { "積算: " (c.it.basis) } } },
                html! { (words::yen(c.it.amount)) },
                html! { (format_date(c.it.on, ctx.calendar)) },
                html! { (claim_tag(c.state)) @if !c.note.is_empty() { p.hint { (lines(&c.note)) } } },
                html! { (who(c.entered_by)) },
                html! { @if let Some((by, _)) = c.checked { (who(by)) } @else { "―" } },
            ]
        })
        .collect();
    list_table(
        &[
            "請求の内容",
            "額",
            "請求日",
            "状態",
            "入力した人",
            "確認した人",
        ],
        &rows,
        "請求",
    )
}

/// The second person's form under the table.
fn decide(ctx: &Ctx, claim: &KeptClaim, sent: Option<&Form>) -> Markup {
    let blank = Form::blank();
    let mut form = sent.unwrap_or(&blank).clone().scoped(claim.id.to_string());
    form.version = Some(claim.version);
    let form = &form;
    html! {
        h3 { "請求の確認: " (claim.it.what) "（" (words::yen(claim.it.amount)) "）" }
        (form_frame(&format!("/funding/claims/{}/decide", claim.id), ctx.csrf(), form, html! {
            (text_field(form, FieldSpec::new("note", "差し戻すときの理由").maxlength(500)))
            (submit_row(html! {
                (button(ButtonKind::Primary, "確認した", Some(("decision", ClaimState::Checked.as_code()))))
                (button(ButtonKind::Secondary, "差し戻す", Some(("decision", ClaimState::Returned.as_code()))))
            }))
        }))
    }
}
