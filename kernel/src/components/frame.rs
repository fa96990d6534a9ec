//! The form around the fields, its summary of errors and its buttons.

use maud::{Markup, html};

use super::fields::hidden;
use crate::form::Form;

/// How loud a button is. One primary button per form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ButtonKind {
    /// The step most people take next.
    Primary,
    /// Another step.
    Secondary,
    /// A quiet step: looks like a link.
    Quiet,
    /// Something that is hard to take back.
    Danger,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button button-secondary",
            Self::Quiet => "button button-quiet",
            Self::Danger => "button button-danger",
        }
    }
}

/// A button that sends the form. `name_value` tells the handler which one was pressed.
pub fn button(kind: ButtonKind, label: &str, name_value: Option<(&str, &str)>) -> Markup {
    html! {
        button class=(kind.class()) type="submit" name=[name_value.map(|pair| pair.0)]
            value=[name_value.map(|pair| pair.1)] { (label) }
    }
}

/// A link that looks like a button, for going to another page.
pub fn link_button(kind: ButtonKind, href: &str, label: &str) -> Markup {
    html! { a class=(kind.class()) href=(href) { (label) } }
}

/// The row of buttons at the end of a form; the primary one first.
pub fn submit_row(buttons: Markup) -> Markup {
    html! { div.submit-row { (buttons) } }
}

/// A form that is sent by POST, with everything that belongs to every form: the CSRF token, the
/// idempotency token, the version seen, the draft's key, the summary of errors and the line that
/// says when the draft was saved.
pub fn form_frame(action: &str, csrf: &str, form: &Form, body: Markup) -> Markup {
    framed(action, csrf, form, body, None)
}

/// As [`form_frame`], for forms with files.
pub fn upload_form_frame(action: &str, csrf: &str, form: &Form, body: Markup) -> Markup {
    framed(action, csrf, form, body, Some("multipart/form-data"))
}

fn framed(action: &str, csrf: &str, form: &Form, body: Markup, enctype: Option<&str>) -> Markup {
    html! {
        form.form method="post" action=(action) enctype=[enctype] accept-charset="utf-8"
            novalidate data-once data-draft-key=[form.draft_key.as_deref()]
            data-has-errors[form.has_errors()] {
            (hidden("csrf", csrf))
            (hidden("once", &form.once))
            @if let Some(version) = form.version { (hidden("version", &version.to_string())) }
            @if let Some(key) = &form.draft_key { (hidden("draft_key", key)) }
            (error_summary(form))
            (body)
            @if form.draft_key.is_some() {
                p.draft-status role="status" data-draft-status {
                    @if let Some(time) = &form.draft_saved { "下書き保存 " (time) }
                }
            }
        }
    }
}

/// All messages on top, each a link to its field. Nothing when there is none.
pub fn error_summary(form: &Form) -> Markup {
    if !form.has_errors() {
        return html! {};
    }
    html! {
        section.error-summary role="alert" tabindex="-1" data-error-summary
            aria-label="入力の確認" {
            p.error-summary-title {
                "まだ保存していません。次の" (form.errors().len()) "か所を直してください。"
            }
            p { "入力した内容はこの画面に残っています。" }
            ul {
                @for error in form.errors() {
                    li { a href={ "#" (form.id_of(&error.field)) } { (error.message) } }
                }
            }
        }
    }
}
