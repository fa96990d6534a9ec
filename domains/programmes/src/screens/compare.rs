//! `/programmes/{sheet}/compare?with=…`: two sheets side by side, differences marked; with last
//! year's unless another is chosen.

use axum::extract::Path;
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, TagKind, button, check_box, empty_state, hidden, lines,
        select_field, submit_row, table, tag,
    },
    context::Ctx,
    error::Result,
    form::{Form, borrowed},
    http::id,
    page::page,
};
use maud::{Markup, html};

use super::parts::{Asked, asked_version, block_tag, trail};
use crate::{
    diff::{Relation, pieces, relation},
    form::{Block, Field},
    model::{Content, Origin, Sheet, SheetId},
    rules,
    store::sheet,
};

pub async fn get(ctx: Ctx, Path(sheet): Path<String>, asked: Asked) -> Result<Markup> {
    let this: SheetId = id(&sheet)?;
    let mut conn = ctx.read().await?;
    let (sheet, version, content) =
        sheet::shown(&mut conn, &ctx, this, asked_version(&asked)?).await?;
    let others: Vec<(String, String)> = sheet::list(&mut conn, &ctx)
        .await?
        .into_iter()
        .filter(|l| l.sheet.id != this)
        .map(|l| (l.sheet.id.to_string(), l.sheet.title()))
        .collect();
    let with = match asked.get("with").filter(|w| !w.is_empty()) {
        Some(with) => {
            let (sheet, _, content) = sheet::shown(&mut conn, &ctx, id(with)?, None).await?;
            Some((sheet, content))
        }
        None if sheet.origin == Origin::Own => {
            sheet::last_year(&mut conn, &ctx, sheet.year).await?
        }
        None => None,
    };
    drop(conn);
    let only = asked.get("only").is_some_and(|o| o == "1");
    let mut form = Form::default();
    if let Some((other, _)) = &with {
        form.prefill("with", other.id.to_string());
    }
    if only {
        form.prefill("only", "1");
    }
    let above = format!("/programmes/{this}");
    let body = html! {
        (trail(&[(above.as_str(), &sheet.title())]))
        form.form method="get" action={ (above) "/compare" } {
            (hidden("version", &version.number.to_string()))
            (select_field(&form, FieldSpec::new("with", "何と見比べるか"), &borrowed(&others)))
            (check_box(&form, FieldSpec::new("only", "違うところだけ見る")))
            (submit_row(button(ButtonKind::Secondary, "見比べる", None)))
        }
        @match &with {
            None => (empty_state("見比べる計画書がありません。", html! {
                @if rules::plans(&ctx) {
                    "前年度の計画書を作るか、" a href="/programmes/upload" { "ほかの自治体の計画書を読み取る" } "と、ここで並べて見られます。"
                } @else {
                    "前年度の計画書が承認されると、ここで並べて見られます。"
                }
            })),
            Some((other, theirs)) => (side_by_side((&sheet, &content), (other, theirs), only)),
        }
    };
    Ok(page(&ctx.frame(), "計画書を見比べる", body))
}

fn side_by_side(here: (&Sheet, &Content), there: (&Sheet, &Content), only: bool) -> Markup {
    let (left, right) = (short(here.0), short(there.0));
    let differing = Field::ALL
        .into_iter()
        .filter(|f| {
            !matches!(
                relation(here.1.shown(*f), there.1.shown(*f)),
                Relation::Same | Relation::BothBlank
            )
        })
        .count();
    html! {
        p { "違う欄: " (differing) "。一方にしかない文に印が付いています。" }
        @for block in Block::ALL {
            @let rows = rows(block, here.1, there.1, only);
            @if !rows.is_empty() {
                h2 { (block.label()) }
                (table(&["欄", "違い", &left, &right], &rows, block.label()))
            }
        }
    }
}

fn short(sheet: &Sheet) -> String {
    format!("{} {}", sheet.year.label(), sheet.name)
}

fn rows(block: Block, here: &Content, there: &Content, only: bool) -> Vec<Vec<Markup>> {
    let mut rows: Vec<Vec<Markup>> = Vec::new();
    let state = |c: &Content| c.blocks.get(&block).map(|b| b.state);
    if let (true, Some(a), Some(b)) = (block.is_programme(), state(here), state(there))
        && (!only || a != b)
    {
        rows.push(vec![
            html! { "実施の状況" },
            mark(if a == b {
                Relation::Same
            } else {
                Relation::Differs
            }),
            block_tag(a),
            block_tag(b),
        ]);
    }
    for field in block.fields() {
        let (a, b) = (here.shown(field), there.shown(field));
        let how = relation(a, b);
        if how == Relation::BothBlank || (only && how == Relation::Same) {
            continue;
        }
        rows.push(vec![
            html! { (field.label()) },
            mark(how),
            text(a, b),
            text(b, a),
        ]);
    }
    rows
}

fn mark(how: Relation) -> Markup {
    match how {
        Relation::BothBlank | Relation::Same => tag(TagKind::Neutral, "同じ"),
        Relation::OnlyHere => tag(TagKind::Active, "左だけ"),
        Relation::OnlyThere => tag(TagKind::Active, "右だけ"),
        Relation::Differs => tag(TagKind::Waiting, "違う"),
    }
}

fn text(here: &str, there: &str) -> Markup {
    if here.is_empty() {
        return html! { span.hint { "（空欄）" } };
    }
    html! {
        @for piece in pieces(here, there) {
            @if piece.only_here { mark { (lines(&piece.text)) } }
            @else { (lines(&piece.text)) }
        }
    }
}
