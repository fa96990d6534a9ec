//! What the ledger of sources and the contracts say for a field of the form: offered below it, and
//! copied into it by a button, which works without scripts and keeps what was typed.

use engawa_kernel::{
    components::{ButtonKind, button, lines},
    context::Ctx,
    db::Conn,
    error::Result,
    form::Form,
    text::fiscal::FiscalYear,
};
use maud::{Markup, html};

use super::edit::key;
use crate::form::{Block, Field};

/// The name of the buttons that copy; its value is the field's code.
const COPY: &str = "copy";

/// Words for some fields of a block.
#[derive(Debug, Default)]
pub(super) struct Offered(Vec<(Field, String)>);

impl Offered {
    /// What stands in the registers for this block in that year.
    pub(super) async fn load(
        conn: &mut Conn,
        ctx: &Ctx,
        block: Block,
        year: FiscalYear,
    ) -> Result<Self> {
        let Some(programme) = block.scheme() else {
            return Ok(Self::default());
        };
        let mut found = Vec::new();
        for field in block.fields() {
            let words = match field {
                Field::Funding | Field::OwnFunding => {
                    engawa_funding::sheet_words(conn, ctx, programme, year).await?
                }
                Field::CommunityImplementer
                | Field::MultiImplementer
                | Field::PrefecturalImplementer => {
                    engawa_funding::implementer_words(conn, ctx, programme, year).await?
                }
                _ => continue,
            };
            if !words.is_empty() {
                found.push((field, words));
            }
        }
        Ok(Self(found))
    }

    fn words(&self, field: Field) -> Option<&str> {
        let (_, words) = self.0.iter().find(|(known, _)| *known == field)?;
        Some(words)
    }

    /// Puts the words into the field whose button was pressed; tells whether one was.
    pub(super) fn copy(&self, form: &mut Form) -> bool {
        let Some(field) = Field::from_code(form.value(COPY)) else {
            return false;
        };
        if let Some(words) = self.words(field) {
            let name = key(field, "text");
            form.forget(&name);
            form.prefill(&name, words);
        }
        form.forget(COPY);
        true
    }

    /// The button that the Enter key presses: saving, never copying, which comes first on the page.
    pub(super) fn enter_saves(&self) -> Markup {
        html! {
            @if !self.0.is_empty() {
                button.visually-hidden type="submit" tabindex="-1" aria-hidden="true" { "保存する" }
            }
        }
    }

    /// Below the field: the words and the button, while the field says something else.
    pub(super) fn below(&self, form: &Form, field: Field) -> Markup {
        let words = self
            .words(field)
            .filter(|words| form.value(&key(field, "text")).replace("\r\n", "\n").trim() != *words);
        let from = match field {
            Field::Funding | Field::OwnFunding => "財源の台帳では",
            _ => "契約の台帳では",
        };
        html! {
            @if let Some(words) = words {
                div.notice.notice-info {
                    p.hint { (from) ":" }
                    p { (lines(words)) }
                    (button(ButtonKind::Quiet, &format!("この文を「{}」に写す", field.label()), Some((COPY, field.as_code()))))
                }
            }
        }
    }
}
