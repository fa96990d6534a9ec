//! Two people saved the same record: the second sees both and chooses.

use maud::{Markup, html};

use super::fields::hidden;
use super::frame::{ButtonKind, button, form_frame, submit_row};
use super::marks::{NoticeKind, notice};
use crate::form::{Form, RESERVED};

/// One field that differs.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// The field's name in the form.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What this user entered: values to store.
    pub mine: Vec<String>,
    /// What the other user saved: values to store.
    pub theirs: Vec<String>,
    /// What this user entered, in words.
    pub mine_shown: String,
    /// What the other user saved, in words.
    pub theirs_shown: String,
    /// Whether a third, edited version may be written (texts, not codes).
    pub editable: bool,
}

impl Conflict {
    /// A text, which may also be edited into a third version.
    #[must_use]
    pub fn text(name: &str, label: &str, mine: &str, theirs: &str) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            mine: vec![mine.to_owned()],
            theirs: vec![theirs.to_owned()],
            mine_shown: mine.to_owned(),
            theirs_shown: theirs.to_owned(),
            editable: true,
        }
    }

    /// A choice: (codes, what they read as) of each side.
    #[must_use]
    pub fn coded(
        name: &str,
        label: &str,
        mine: (Vec<String>, String),
        theirs: (Vec<String>, String),
    ) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            mine: mine.0,
            theirs: theirs.0,
            mine_shown: mine.1,
            theirs_shown: theirs.1,
            editable: false,
        }
    }
}

/// Who saved first.
#[derive(Debug, Clone, Copy)]
pub struct ConflictInfo<'a> {
    /// Name and place of the other user.
    pub who: &'a str,
    /// When, as shown.
    pub when: &'a str,
    /// The version now stored; the choice is made against it.
    pub version: i64,
}

/// The screen to choose on. It is sent to the same `action`; [`Form::from_posted`] applies the
/// choices, so the handler that saves needs nothing special. Fields that do not differ travel
/// along hidden.
pub fn conflict_view(
    action: &str,
    csrf: &str,
    form: &Form,
    info: ConflictInfo,
    conflicts: &[Conflict],
) -> Markup {
    let mut shown = form.clone();
    shown.version = Some(info.version);
    let carried = form.posted().pairs().filter(|(name, _)| {
        !RESERVED.contains(name) && !conflicts.iter().any(|conflict| conflict.name == *name)
    });
    let body = html! {
        (notice(NoticeKind::Warn, "ほかの人が先に保存しました", html! {
            p {
                (info.when) "に" (info.who) "さんが同じ記録を保存しました。"
                "あなたの入力はまだ保存していませんが、すべてこの画面に残っています。"
                "違いのある項目ごとに、どちらを残すか選んでください。選ばなかった方も履歴に残ります。"
            }
        }))
        @for (name, value) in carried { (hidden(name, value)) }
        @for (place, conflict) in conflicts.iter().enumerate() {
            (one(form, place, conflict, info))
        }
        (submit_row(button(ButtonKind::Primary, "選んだ内容で保存する", None)))
    };
    form_frame(action, csrf, &shown, body)
}

fn one(form: &Form, place: usize, conflict: &Conflict, info: ConflictInfo) -> Markup {
    let choice = format!("resolve.{}", conflict.name);
    let id = form.id_of(&conflict.name);
    html! {
        fieldset.field.conflict {
            legend.label { (conflict.label) }
            @for value in &conflict.mine { (hidden(&format!("mine.{}", conflict.name), value)) }
            @for value in &conflict.theirs { (hidden(&format!("theirs.{}", conflict.name), value)) }
            div.conflict-sides {
                div.conflict-side {
                    div.choice {
                        input type="radio" id={ (id) "-mine" } name=(choice) value="mine"
                            checked required aria-describedby={ (id) "-mine-text" };
                        label for={ (id) "-mine" } { "あなたの入力を残す" }
                    }
                    p.conflict-text id={ (id) "-mine-text" } { (worded(&conflict.mine_shown)) }
                }
                div.conflict-side {
                    div.choice {
                        input type="radio" id={ (id) "-theirs" } name=(choice) value="theirs"
                            required aria-describedby={ (id) "-theirs-text" };
                        label for={ (id) "-theirs" } { (info.who) "さんの入力を残す" }
                    }
                    p.conflict-text id={ (id) "-theirs-text" } { (worded(&conflict.theirs_shown)) }
                }
            }
            @if conflict.editable {
                div.conflict-edit {
                    div.choice {
                        input type="radio" id={ (id) "-edit" } name=(choice) value="edit" required;
                        label for={ (id) "-edit" } { "両方を見ながら書き直す" }
                    }
                    label.visually-hidden for=(id) { (conflict.label) "（書き直し）" }
                    textarea.input id=(id) name=(conflict.name) rows="4" autocomplete="off"
                        data-picks={ (id) "-edit" } data-place=(place) {
                        "\n" @for value in &conflict.mine { (value) }
                    }
                }
            }
        }
    }
}

fn worded(text: &str) -> &str {
    if text.trim().is_empty() {
        "（空欄）"
    } else {
        text
    }
}
