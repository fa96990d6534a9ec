//! Decisions without I/O: what kind of answer a text is, who plans, and when a version is approved.

use engawa_kernel::{
    access::Duty,
    context::Ctx,
    error::{Error, Result},
    id::StaffId,
};

use crate::model::{FieldState, Version, VersionState};

/// Whether the actor writes plans: administrators and the municipality's coordinators.
#[must_use]
pub fn plans(ctx: &Ctx) -> bool {
    ctx.actor.may(Duty::Plan)
}

/// Stops everybody else.
///
/// # Errors
/// [`Error::Forbidden`]
pub fn need_planner(ctx: &Ctx) -> Result<()> {
    if plans(ctx) {
        return Ok(());
    }
    Err(Error::Forbidden(
        "実施計画を書けるのは、システム管理者と相談支援包括化推進員（事務局）だけです。承認された計画は、だれでも読めます。"
            .into(),
    ))
}

/// Longest text that can be a mere pointer, in characters.
const POINTER: usize = 60;

/// What kind of answer a text is, from its words alone.
#[must_use]
pub fn state_of(text: &str) -> FieldState {
    let bare: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !"（）()。・※%％".contains(*c))
        .collect();
    match bare.as_str() {
        "" => return FieldState::Blank,
        "なし" | "無し" | "無" | "ない" | "該当なし" | "特になし" | "特に無し" =>
        {
            return FieldState::Nothing;
        }
        "不明" | "不詳" => return FieldState::Unknown,
        "未集計" | "集計中" | "調査中" | "未把握" => return FieldState::NotCounted,
        _ => {}
    }
    if bare.chars().count() > POINTER {
        return FieldState::Value;
    }
    let ends = |words: &[&str]| words.iter().any(|w| bare.ends_with(w));
    if bare.starts_with("別紙") || bare.starts_with("別添") || ends(&["別紙参照", "別紙のとおり"])
    {
        return FieldState::Attached;
    }
    let points = bare.starts_with("同上")
        || bare.starts_with("上記")
        || bare.starts_with("再掲")
        || ends(&["の通り", "のとおり", "と同様", "に同じ", "と同じ", "参照"]);
    if points {
        FieldState::Reference
    } else {
        FieldState::Value
    }
}

/// Whether this actor may approve this version now: somebody else than its last writer, and only
/// when no reading is left unconfirmed.
///
/// # Errors
/// The sentence that says why not.
pub fn approve(version: &Version, actor: StaffId, doubts: usize) -> Result<()> {
    match (version.state, actor == version.written_by, doubts) {
        (VersionState::Approved, ..) => Err(Error::Invalid(format!(
            "第{}版はすでに承認されています。",
            version.number
        ))),
        (VersionState::Draft, true, _) => Err(Error::Forbidden(
            "最後に書いた人は、自分では承認できません。ほかの推進員かシステム管理者に承認を頼んでください。".into(),
        )),
        (VersionState::Draft, false, 1..) => Err(Error::Invalid(format!(
            "読み取りを確かめていない欄が{doubts}か所あります。それぞれの欄を確かめてから承認してください。"
        ))),
        (VersionState::Draft, false, 0) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::model::VersionId;

    #[test]
    fn a_blank_a_nothing_and_a_pointer_are_told_apart() {
        for (text, state) in [
            ("", FieldState::Blank),
            ("　\n", FieldState::Blank),
            ("なし", FieldState::Nothing),
            ("（特になし）", FieldState::Nothing),
            ("不明", FieldState::Unknown),
            ("未集計", FieldState::NotCounted),
            ("同上", FieldState::Reference),
            (
                "3. 地域力強化推進事業について の通り",
                FieldState::Reference,
            ),
            ("別紙のとおり", FieldState::Attached),
            ("別紙1", FieldState::Attached),
            ("0", FieldState::Value),
            ("会議はなし崩しに始まった", FieldState::Value),
        ] {
            assert_eq!(state_of(text), state, "{text}");
        }
        let long = format!("{}上記のとおり", "関係機関と話し合い、".repeat(10));
        assert_eq!(state_of(&long), FieldState::Value);
    }

    #[test]
    fn who_wrote_last_does_not_approve() {
        let writer = StaffId::new();
        let mut version = Version {
            id: VersionId::new(),
            number: 1,
            state: VersionState::Draft,
            written_by: writer,
            written_at: DateTime::default(),
            approved: None,
            version: 1,
        };
        assert!(approve(&version, writer, 0).is_err());
        assert!(approve(&version, StaffId::new(), 2).is_err());
        assert!(approve(&version, StaffId::new(), 0).is_ok());
        version.state = VersionState::Approved;
        assert!(approve(&version, StaffId::new(), 0).is_err());
    }
}
