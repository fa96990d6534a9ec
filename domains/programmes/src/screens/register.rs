//! The register of figures beside a sheet's own: what may be written down, and what says otherwise.

use engawa_kernel::{
    components::{TagKind, tag},
    context::Ctx,
    form::Form,
    text::wareki::format_date,
};
use maud::{Markup, html};

use super::{edit, parts::Asked};
use crate::{
    figure::grouped,
    figures::{Kept, Sure, beside::Beside},
    form::{Block, Field},
    model::{FieldValue, SheetId},
};

/// Writes the figure that the address asks for (`?use=`) into its field, with its day and source.
/// It is saved only with the form.
pub(super) fn write_down(
    ctx: &Ctx,
    form: &mut Form,
    block: Block,
    register: &Beside,
    asked: &Asked,
) {
    let Some(wanted) = asked.get("use") else {
        return;
    };
    for field in block.fields() {
        let newest = register.newest(field);
        let Some(kept) = newest.iter().find(|k| k.id.to_string() == *wanted) else {
            continue;
        };
        let f = &kept.figure;
        let about = if f.sure == Sure::About { "約" } else { "" };
        let note = match f.sure {
            Sure::Estimated => format!("{}（推計）", f.source),
            _ => f.source.clone(),
        };
        for (part, text) in [
            ("text", format!("{about}{}{}", grouped(&f.number), f.unit)),
            ("as_of", format_date(f.as_of, ctx.calendar)),
            ("note", note),
            ("state", String::new()),
        ] {
            let name = edit::key(field, part);
            form.forget(&name);
            form.prefill(&name, text);
        }
    }
}

/// Below a field: the newest registered figures, each to be written down with one click.
pub(super) fn offer(ctx: &Ctx, sheet: SheetId, field: Field, register: &Beside) -> Markup {
    let newest = register.newest(field);
    let at = edit::action(sheet, Block::Profile);
    html! {
        @for kept in &newest {
            p.hint {
                "登録されている新しい数: " (said(ctx, kept)) " "
                a href={ (at) "?use=" (kept.id) } { "この数を写す" span.visually-hidden { "（" (field.label()) " " (kept.figure.shown()) "）" } }
            }
        }
        @if newest.len() > 1 { p.hint { "同じ時点の数が出典によって違うことがあります。どの出典の数かを、注に書いてください。" } }
    }
}

fn said(ctx: &Ctx, kept: &Kept) -> String {
    let f = &kept.figure;
    let source = if f.source.is_empty() {
        String::new()
    } else {
        format!("・{}", f.source)
    };
    let day = format_date(f.as_of, ctx.calendar);
    format!("{}（{day}時点{source}）", f.shown())
}

/// Beside a figure of the sheet that the register does not know for that day.
pub(super) fn otherwise(register: &Beside, field: Field, value: &FieldValue) -> Markup {
    let others = register.otherwise(field, value);
    html! {
        @if !others.is_empty() {
            " " (tag(TagKind::Alert, "登録の数と違います"))
            " " span.hint {
                @for (n, kept) in others.iter().enumerate() {
                    @if n > 0 { "、" }
                    (kept.figure.shown()) @if !kept.figure.source.is_empty() { "（" (kept.figure.source) "）" }
                }
            }
        }
    }
}
