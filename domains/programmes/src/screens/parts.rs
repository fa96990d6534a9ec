//! What several screens draw alike.

use std::collections::HashMap;

use axum::extract::Query;
use engawa_kernel::{
    clock::local,
    components::{self, TagKind, lines, tag},
    context::Ctx,
    error::Result,
    http,
    id::StaffId,
    text::wareki::format_date_time,
};
use maud::{Markup, html};

use crate::{
    form::Field,
    model::{BlockState, FieldState, FieldValue, Version, VersionState},
};

/// What stands after `?` in the address.
pub type Asked = Query<HashMap<String, String>>;

/// The version that the address asks for.
pub fn asked_version(asked: &Asked) -> Result<Option<i64>> {
    asked
        .get("version")
        .filter(|text| !text.is_empty())
        .map(|text| http::id(text))
        .transpose()
}

/// The draft of a record of a list, or of a new one; with a slash before it, its address.
pub fn record_key(list: &str, id: Option<impl std::fmt::Display>) -> String {
    id.map_or_else(
        || format!("programmes/{list}/new"),
        |id| format!("programmes/{list}/{id}"),
    )
}

/// The way back to the pages above.
pub fn trail(above: &[(&str, &str)]) -> Markup {
    components::trail(("/programmes", "実施計画"), above)
}

/// 作成中, 承認済み
pub fn version_tag(state: VersionState) -> Markup {
    let kind = match state {
        VersionState::Draft => TagKind::Waiting,
        VersionState::Approved => TagKind::Done,
    };
    tag(kind, state.label())
}

/// Where a programme stands.
pub fn block_tag(state: BlockState) -> Markup {
    let kind = match state {
        BlockState::Marked | BlockState::NoSubsidy | BlockState::NoBudget => TagKind::Active,
        BlockState::FilledUnmarked | BlockState::NextYear | BlockState::Postponed => {
            TagKind::Waiting
        }
        BlockState::Absent => TagKind::Neutral,
    };
    tag(kind, state.label())
}

/// Who did something when.
pub fn by(
    ctx: &Ctx,
    names: &HashMap<StaffId, String>,
    staff: StaffId,
    at: chrono::DateTime<chrono::Utc>,
) -> String {
    format!(
        "{} {}",
        format_date_time(local(at), ctx.calendar),
        name(names, staff)
    )
}

/// Somebody's name; the system has none.
pub fn name(names: &HashMap<StaffId, String>, staff: StaffId) -> &str {
    names.get(&staff).map_or("システム", String::as_str)
}

/// Everybody whom versions name.
pub fn people(versions: &[&Version]) -> Vec<StaffId> {
    versions
        .iter()
        .flat_map(|v| std::iter::once(v.written_by).chain(v.approved.map(|(by, _)| by)))
        .collect()
}

/// What a field says, with its state, figure, day and note.
pub fn field_text(ctx: &Ctx, field: Field, value: Option<&FieldValue>) -> Markup {
    let Some(value) = value else {
        return html! { span.hint { "（空欄）" } };
    };
    html! {
        @if value.shown().is_empty() { span.hint { "（空欄）" } } @else { (lines(value.shown())) }
        @if !matches!(value.state, FieldState::Value | FieldState::Blank) && value.state.label() != value.shown() {
            " " (tag(TagKind::Neutral, value.state.label()))
        }
        @if field.is_figure() && value.state == FieldState::Value && value.number.is_empty() {
            " " (tag(TagKind::Neutral, "数として読めません"))
        }
        @if let Some(day) = value.as_of {
            " " span.hint { (engawa_kernel::text::wareki::format_date(day, ctx.calendar)) "時点" }
        }
        @if !value.note.is_empty() { p.hint { "注: " (value.note) } }
    }
}
