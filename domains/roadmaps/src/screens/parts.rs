//! What several screens draw and do alike.

use std::collections::HashMap;

use axum::{extract::Query, http::StatusCode};
use engawa_kernel::{
    clock::local,
    components::{self, Conflict, ConflictInfo, TagKind, conflict_view, tag},
    context::Ctx,
    error::{Error, Result},
    form::Form,
    id::StaffId,
    page::page,
    text::wareki::{format_date_time, format_time},
};
use maud::{Markup, html};

use crate::model::{Degree, Kept, MilestoneState, PlanState};

/// What stands after `?` in the address.
pub type Asked = Query<HashMap<String, String>>;

/// The way back to the pages above.
pub fn trail(above: &[(&str, &str)]) -> Markup {
    components::trail(("/roadmaps", "計画・工程表"), above)
}

/// The first characters of a text.
pub fn short(text: &str) -> String {
    const CHARS: usize = 40;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= CHARS {
        return line.to_owned();
    }
    line.chars().take(CHARS - 1).chain(['…']).collect()
}

/// 策定中, 実施中, 終了
pub fn plan_tag(state: PlanState) -> Markup {
    let kind = match state {
        PlanState::Draft => TagKind::Waiting,
        PlanState::InForce => TagKind::Active,
        PlanState::Ended => TagKind::Neutral,
    };
    tag(kind, state.label())
}

/// 予定, 取組中, 完了 …
pub fn milestone_tag(state: MilestoneState) -> Markup {
    let kind = match state {
        MilestoneState::Planned => TagKind::Waiting,
        MilestoneState::UnderWay => TagKind::Active,
        MilestoneState::Done => TagKind::Done,
        MilestoneState::Postponed => TagKind::Alert,
        MilestoneState::Dropped => TagKind::Neutral,
    };
    tag(kind, state.label())
}

/// 実行度
pub fn degree_tag(degree: Degree) -> Markup {
    let kind = match degree {
        Degree::Full | Degree::Mostly => TagKind::Done,
        Degree::Partly => TagKind::Active,
        Degree::Not => TagKind::Alert,
        Degree::Open => TagKind::Waiting,
    };
    tag(kind, degree.label())
}

/// Who did something when.
pub fn by(
    ctx: &Ctx,
    names: &HashMap<StaffId, String>,
    staff: StaffId,
    at: chrono::DateTime<chrono::Utc>,
) -> String {
    let name = names.get(&staff).map_or("システム", String::as_str);
    format!("{} {name}", format_date_time(local(at), ctx.calendar))
}

/// A form with its errors beside the fields.
pub fn refused(shown: Markup) -> Error {
    Error::Page(StatusCode::UNPROCESSABLE_ENTITY, Box::new(shown))
}

/// A field as the conflict page compares it.
pub enum Compared<'a> {
    /// Words: name and label.
    Text(&'a str, &'a str),
    /// One or more choices: name, label, what may be chosen.
    Choice(&'a str, &'a str, &'a [(&'a str, &'a str)]),
}

/// Where a form goes, for the page that shows both people's texts.
pub struct Place<'a> {
    /// Its title.
    pub title: &'a str,
    /// Pages above it.
    pub above: &'a [(&'a str, &'a str)],
    /// Where it is sent.
    pub action: &'a str,
}

/// Two people saved the same record: the second sees both and chooses. `theirs` is what is stored,
/// as a form.
///
/// # Errors
/// The database refuses.
pub async fn clash<I, T>(
    ctx: &Ctx,
    place: &Place<'_>,
    form: &Form,
    stored: (&Kept<I, T>, &Form),
    fields: &[Compared<'_>],
) -> Result<Error> {
    let (kept, theirs) = stored;
    let names = engawa_organisations::staff_names(&mut ctx.read().await?, &[kept.saved_by]).await?;
    let mut found = Vec::new();
    for field in fields {
        match field {
            Compared::Text(name, label) => {
                if form.value(name).trim() != theirs.value(name).trim() {
                    let sides = (form.value(name), theirs.value(name));
                    found.push(Conflict::text(name, label, sides.0, sides.1));
                }
            }
            Compared::Choice(name, label, options) => {
                let (mine, other) = (side(form, name, options), side(theirs, name, options));
                if mine.0 != other.0 {
                    found.push(Conflict::coded(name, label, mine, other));
                }
            }
        }
    }
    let at = local(kept.saved_at);
    let info = ConflictInfo {
        who: names
            .get(&kept.saved_by)
            .map_or("ほかの推進員", String::as_str),
        when: &format_time(at.time()),
        version: kept.version,
    };
    let view = conflict_view(place.action, ctx.csrf(), form, info, &found);
    let shown = page(
        &ctx.frame(),
        place.title,
        html! { (trail(place.above)) (view) },
    );
    Ok(Error::Page(StatusCode::CONFLICT, Box::new(shown)))
}

fn side(form: &Form, name: &str, options: &[(&str, &str)]) -> (Vec<String>, String) {
    let mut codes: Vec<&str> = form
        .values(name)
        .into_iter()
        .filter(|v| !v.is_empty())
        .collect();
    codes.sort_unstable();
    let words: Vec<&str> = codes
        .iter()
        .map(|code| {
            options
                .iter()
                .find(|(c, _)| c == code)
                .map_or(*code, |(_, w)| *w)
        })
        .collect();
    let shown = if words.is_empty() {
        "（空欄）".to_owned()
    } else {
        words.join("、")
    };
    (codes.into_iter().map(str::to_owned).collect(), shown)
}

/// The texts of a record, compared.
pub fn texts(all: &[crate::typed::Text]) -> Vec<Compared<'static>> {
    all.iter()
        .map(|(name, label, _)| Compared::Text(name, label))
        .collect()
}
