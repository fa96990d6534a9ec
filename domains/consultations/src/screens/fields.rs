//! Parts of forms that only intake has.

use engawa_kernel::{
    components::{FieldSpec, radio_group, table, text_area, text_field},
    form::Form,
};
use engawa_organisations::codes::CodeList;
use maud::{Markup, Render, html};

use super::words::Words;
use crate::store::EmergencyContact;

/// How many issues are shown at once; the rest open on demand. The first ones are the 16 of the
/// 生活困窮者自立支援 reception form.
const FIRST_ISSUES: usize = 16;

/// Fields that open on demand, and stand open when one of them holds something or is in error.
pub fn fold(form: &Form, id: &str, summary: impl Render, names: &[&str], body: Markup) -> Markup {
    let prefilled = ["received_on", "received_time", "desk"];
    let open = names.iter().any(|name| {
        form.error_of(name).is_some()
            || (!prefilled.contains(name) && !form.value(name).trim().is_empty())
    });
    html! {
        details.details id=(id) open[open] {
            summary { (summary) }
            div.details-body { (body) }
        }
    }
}

/// Issues to tick, with the one ◎ beside each.
pub fn issue_group(form: &Form, words: &Words) -> Markup {
    let options = words.options(CodeList::Issue);
    let (first, rest) = options.split_at(options.len().min(FIRST_ISSUES));
    let id = form.id_of("issues");
    let error = form.error_of("issues").or(form.error_of("main_issue"));
    let used = rest
        .iter()
        .any(|(code, _)| form.is_checked("issues", code) || form.is_checked("main_issue", code));
    html! {
        fieldset.field.national.has-error[error.is_some()] aria-describedby={ (id) "-hint" } {
            legend.label { span.label-text { "課題" } (engawa_kernel::components::national_mark()) }
            p.hint id={ (id) "-hint" } { "当てはまるものに印を。最も困っていること一つに◎を。一つだけなら◎は自動で付きます。" }
            @if let Some(error) = error {
                p.field-error { span.visually-hidden { "エラー: " } (error) }
            }
            div.choices { @for (place, option) in first.iter().enumerate() { (issue(form, &id, place, option)) } }
            @if !rest.is_empty() {
                details.details open[used] {
                    summary { "ほかの課題(" (rest.len()) ")" }
                    div.details-body { div.choices {
                        @for (place, option) in rest.iter().enumerate() { (issue(form, &id, place + FIRST_ISSUES, option)) }
                    } }
                }
            }
        }
    }
}

fn issue(form: &Form, id: &str, place: usize, (code, label): &(&str, &str)) -> Markup {
    // The first box carries the field's id, so that the error summary leads to it.
    let own = if place == 0 {
        id.to_owned()
    } else {
        format!("{id}-{place}")
    };
    html! {
        div.choice {
            input type="checkbox" id=(own) name="issues" value=(code) checked[form.is_checked("issues", code)];
            label for=(own) { (label) }
            input type="radio" id={ (own) "-main" } name="main_issue" value=(code) checked[form.is_checked("main_issue", code)]
                aria-label={ "◎最も困っていること: " (label) };
            span aria-hidden="true" { "◎" }
        }
    }
}

/// Whom to call.
pub fn contact_list(contacts: &[EmergencyContact]) -> Markup {
    let rows: Vec<Vec<Markup>> = contacts
        .iter()
        .map(|c| {
            vec![
                html! { (c.kind) },
                html! { (c.name) },
                html! { @if c.phone.is_empty() { "(番号は設定で登録します)" } @else { a href={ "tel:" (c.phone) } { (c.phone) } } },
                html! { (c.basis) },
            ]
        })
        .collect();
    table(
        &["とき", "連絡先", "電話", "根拠"],
        &rows,
        "緊急のときの連絡先",
    )
}

/// The record of a call that was made.
pub fn call_fields(form: &Form, words: &Words, required: bool) -> Markup {
    let body = FieldSpec::new("call_body", "通報・連絡した先").maxlength(200);
    let kind = FieldSpec::new("emergency_kind", "緊急の種別");
    html! {
        (radio_group(form, if required { kind.required() } else { kind }, &words.options(CodeList::EmergencyKind)))
        (text_field(form, if required { body.required() } else { body }))
        (text_field(form, FieldSpec::new("call_person", "相手の担当者").maxlength(100)))
        (text_field(form, FieldSpec::new("call_time", "連絡した時刻").hint("今日の時刻。空けておくと、保存した時刻になります。").short()))
        (text_field(form, FieldSpec::new("call_basis", "根拠となる法令").hint("例: 児童虐待防止法6条").maxlength(300)))
        (text_area(form, FieldSpec::new("call_note", "伝えた内容").maxlength(2_000).rows(2)))
    }
}
