//! A form from the first empty screen to the saved record.
//!
//! A handler makes a [`Form`] from what was [`Posted`], reads each field with a reader
//! ([`Form::text`], [`Form::choice`], …) and looks at [`Form::has_errors`]. A reader never stops
//! at the first mistake: it notes the message, returns a default and goes on, so that the user
//! sees all of them at once. What was typed stays in the form and is shown again unchanged.
//!
//! The parts of [`crate::components`] draw fields from a `Form`.

use std::collections::HashMap;

mod posted;
mod read;
#[cfg(test)]
mod tests;

pub use posted::{BadForm, MAX_FIELDS, Posted, Upload};
pub(crate) use read::grouped;

/// Hidden fields that belong to the screen, not to the record.
pub(crate) const RESERVED: [&str; 4] = ["csrf", "once", "version", "draft_key"];

/// Owned choices (code, word) as readers and parts want them.
#[must_use]
pub fn borrowed(choices: &[(String, String)]) -> Vec<(&str, &str)> {
    choices
        .iter()
        .map(|(code, word)| (code.as_str(), word.as_str()))
        .collect()
}

/// One message beside one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name, as in the HTML.
    pub field: String,
    /// The field's label, as the user sees it.
    pub label: String,
    /// The whole sentence for the user.
    pub message: String,
}

/// The values and the messages of one form on one screen.
#[derive(Debug, Clone, Default)]
pub struct Form {
    values: Posted,
    errors: Vec<FieldError>,
    /// The record's version that the user saw; a newer one in the database means that somebody
    /// else saved in between.
    pub version: Option<i64>,
    /// When the shown draft was saved, as shown to the user ("14:03"). `None`: not a draft.
    pub draft_saved: Option<String>,
    /// Where drafts of this form go (`PUT /drafts/{key}`). `None`: no autosave.
    pub draft_key: Option<String>,
    /// Idempotency token: the same token twice makes one record. Empty only when the operating
    /// system gave no randomness; treat an empty token as missing.
    pub once: String,
    /// Goes before every element id; set it when several forms share a page.
    pub scope: Option<String>,
}

impl Form {
    /// An empty form with a fresh idempotency token.
    #[must_use]
    pub fn blank() -> Self {
        Self {
            once: fresh_token(),
            ..Self::default()
        }
    }

    /// The form as the user sent it. Reads the hidden fields `once`, `version` and `draft_key`,
    /// and applies the choices made on a [`crate::components::conflict_view`].
    #[must_use]
    pub fn from_posted(mut posted: Posted) -> Self {
        resolve_conflicts(&mut posted);
        let token = posted.get("once").unwrap_or_default();
        let once = if is_token(token) {
            token.to_owned()
        } else {
            String::new()
        };
        Self {
            version: posted.get("version").and_then(|text| text.parse().ok()),
            draft_key: posted
                .get("draft_key")
                .filter(|key| !key.is_empty())
                .map(str::to_owned),
            once,
            values: posted,
            ..Self::default()
        }
    }

    /// A saved draft shown again, with a fresh token. The version stays the one the user started
    /// from, so that a change made meanwhile by somebody else is noticed.
    #[must_use]
    pub fn from_draft(draft: Posted, key: impl Into<String>, saved: impl Into<String>) -> Self {
        Self {
            once: fresh_token(),
            draft_key: Some(key.into()),
            draft_saved: Some(saved.into()),
            ..Self::from_posted(draft)
        }
    }

    /// Gives ids on this form a prefix, for pages with several forms.
    #[must_use]
    pub fn scoped(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// Puts a value into a field that has none yet. Repeat it with another value for checkboxes.
    pub fn prefill(&mut self, name: &str, value: impl Into<String>) {
        self.values.pairs.push((name.to_owned(), value.into()));
    }

    /// Empties a field: what was typed into it may no longer be shown.
    pub fn forget(&mut self, name: &str) {
        self.values.remove(name);
    }

    /// Everything sent, for drafts and for carrying files on.
    #[must_use]
    pub fn posted(&self) -> &Posted {
        &self.values
    }

    /// What to show in the field: exactly what was typed, or nothing.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).unwrap_or_default()
    }

    /// Every value of a field, in order.
    #[must_use]
    pub fn values(&self, name: &str) -> Vec<&str> {
        self.values.all(name)
    }

    /// Whether this choice is ticked.
    #[must_use]
    pub fn is_checked(&self, name: &str, value: &str) -> bool {
        self.values
            .pairs()
            .any(|(known, given)| known == name && given == value)
    }

    /// The numbers used in a repeated group; see [`Posted::indexed`].
    #[must_use]
    pub fn indexed(&self, prefix: &str) -> Vec<usize> {
        self.values.indexed(prefix)
    }

    /// Notes a message beside a field.
    pub fn error(&mut self, name: &str, label: &str, message: impl Into<String>) {
        self.errors.push(FieldError {
            field: name.to_owned(),
            label: label.to_owned(),
            message: message.into(),
        });
    }

    /// Whether any reader or rule complained.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// All messages, in the order in which they were found.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// The first message of one field.
    #[must_use]
    pub fn error_of(&self, name: &str) -> Option<&str> {
        self.errors
            .iter()
            .find(|error| error.field == name)
            .map(|error| error.message.as_str())
    }

    /// The element id of a field: label, message and error summary all point to it.
    #[must_use]
    pub fn id_of(&self, name: &str) -> String {
        let scope = self.scope.as_deref().unwrap_or("f");
        let safe: String = name
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { '-' })
            .collect();
        format!("{scope}-{safe}")
    }
}

/// On a conflict screen each field carries `resolve.{name}` (`mine`, `theirs`, or `edit` for the
/// text field below the two) with both texts in hidden fields; the chosen one becomes the field.
///
/// One pass, since everybody who can reach the sign-in page can send [`MAX_FIELDS`] choices.
fn resolve_conflicts(posted: &mut Posted) {
    let choices: HashMap<String, String> = posted
        .pairs()
        .filter_map(|(name, side)| {
            Some((name.strip_prefix("resolve.")?.to_owned(), side.to_owned()))
        })
        .collect();
    if choices.is_empty() {
        return;
    }
    let (mut kept, mut chosen) = (Vec::new(), HashMap::<String, Vec<String>>::new());
    for (name, value) in std::mem::take(&mut posted.pairs) {
        let helper = ["resolve", "mine", "theirs"].into_iter().find_map(|side| {
            let of = name.strip_prefix(side)?.strip_prefix('.')?;
            choices.get(of).map(|wanted| (side, of, wanted))
        });
        match helper {
            Some((side, of, wanted)) if side == wanted => {
                chosen.entry(of.to_owned()).or_default().push(value);
            }
            Some(_) => {}
            None => kept.push((name, value)),
        }
    }
    // The chosen texts stand where the field stood first, or at the end.
    for (name, value) in kept {
        if choices
            .get(&name)
            .is_none_or(|side| side != "mine" && side != "theirs")
        {
            posted.pairs.push((name, value));
        } else if let Some(values) = chosen.remove(&name) {
            let values = values.into_iter().map(|v| (name.clone(), v));
            posted.pairs.extend(values);
        }
    }
    let mut rest: Vec<_> = chosen
        .into_iter()
        .filter(|(name, _)| {
            choices
                .get(name)
                .is_some_and(|s| s == "mine" || s == "theirs")
        })
        .collect();
    rest.sort();
    for (name, values) in rest {
        posted
            .pairs
            .extend(values.into_iter().map(|v| (name.clone(), v)));
    }
}

fn is_token(text: &str) -> bool {
    (16..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn fresh_token() -> String {
    let mut bytes = [0_u8; 16];
    match getrandom::fill(&mut bytes) {
        Ok(()) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        Err(_) => String::new(),
    }
}
