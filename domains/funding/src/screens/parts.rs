//! What several screens draw alike.

use std::collections::{BTreeSet, HashMap};

use axum::{extract::Query, http::StatusCode};
use engawa_kernel::{
    clock::local,
    components::{self, Conflict, ConflictInfo, Tab, TagKind, conflict_view, tabs, tag},
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    form::Form,
    http::id,
    page::page,
    text::{fiscal::FiscalYear, wareki::format_date_time},
};
use maud::{Markup, html};

use crate::{
    contract::ClaimState,
    model::{Kept, State},
};

/// What stands after `?` in the address.
pub type Asked = Query<HashMap<String, String>>;

/// Yen that a form takes: more than any programme of a municipality costs. 0 is none: who does not
/// know an amount leaves it empty.
pub const YEN: std::ops::RangeInclusive<i64> = 1..=999_999_999_999;

/// The year that an address asks for, or this one.
pub fn asked_year(ctx: &Ctx, asked: &Asked) -> Result<FiscalYear> {
    asked.get("year").map_or_else(
        || Ok(FiscalYear::of(ctx.today())),
        |text| id::<FiscalYear>(text),
    )
}

/// The years as tabs of a page.
pub fn year_tabs(ctx: &Ctx, path: &str, of: FiscalYear) -> Markup {
    let all: Vec<Tab> = FiscalYear::choices(ctx.today(), 2, 2)
        .into_iter()
        .map(|(code, label)| Tab {
            href: format!("{path}?year={code}"),
            active: code == of.year().to_string(),
            label,
            count: None,
        })
        .collect();
    tabs("年度", &all)
}

/// The way back to the pages above.
pub fn trail(above: &[(&str, &str)]) -> Markup {
    components::trail(("/funding", "財源・契約"), above)
}

/// 検討中, 申請中, 確保, 見送り
pub fn state_tag(state: State) -> Markup {
    let kind = match state {
        State::Considering => TagKind::Waiting,
        State::Applied => TagKind::Active,
        State::Secured => TagKind::Done,
        State::Dropped => TagKind::Neutral,
    };
    tag(kind, state.label())
}

/// 確認待ち, 確認済み, 差戻し
pub fn claim_tag(state: ClaimState) -> Markup {
    let kind = match state {
        ClaimState::Waiting => TagKind::Waiting,
        ClaimState::Checked => TagKind::Done,
        ClaimState::Returned => TagKind::Alert,
    };
    tag(kind, state.label())
}

/// A form with its mistakes beside the fields.
pub fn refused(shown: Markup) -> Error {
    Error::Page(StatusCode::UNPROCESSABLE_ENTITY, Box::new(shown))
}

/// A field of a form as a page of two versions shows it.
pub struct Shown {
    /// Its label.
    pub label: String,
    /// (code, word) of a choice; none: a text.
    pub options: Option<Vec<(String, String)>>,
}

impl Shown {
    /// A text.
    pub fn text(label: &str) -> Self {
        Self {
            label: label.to_owned(),
            options: None,
        }
    }
    /// A choice.
    pub fn choice(label: &str, options: &[(&str, &str)]) -> Self {
        let own = |(code, word): &(&str, &str)| ((*code).to_owned(), (*word).to_owned());
        Self {
            label: label.to_owned(),
            options: Some(options.iter().map(own).collect()),
        }
    }
}

/// Where two versions of a form differ. `describe` tells of a field by its name; of what it does not
/// know nothing is compared.
pub fn differences(
    mine: &Form,
    theirs: &Form,
    describe: impl Fn(&str) -> Option<Shown>,
) -> Vec<Conflict> {
    let names: BTreeSet<&str> = mine
        .posted()
        .pairs()
        .chain(theirs.posted().pairs())
        .map(|(name, _)| name)
        .collect();
    names
        .into_iter()
        .filter(|name| {
            let side = |f: &Form| -> Vec<String> {
                let said = |v: &&str| !v.trim().is_empty();
                f.values(name)
                    .into_iter()
                    .filter(said)
                    .map(|v| v.replace("\r\n", "\n").trim().to_owned())
                    .collect()
            };
            side(mine) != side(theirs)
        })
        .filter_map(|name| {
            let shown = describe(name)?;
            let Some(options) = shown.options else {
                return Some(Conflict::text(
                    name,
                    &shown.label,
                    mine.value(name),
                    theirs.value(name),
                ));
            };
            let side = |f: &Form| {
                let codes: Vec<String> = f.values(name).into_iter().map(str::to_owned).collect();
                let words: Vec<&str> = options
                    .iter()
                    .filter(|(code, _)| codes.contains(code))
                    .map(|(_, word)| word.as_str())
                    .collect();
                let words = words.join("、");
                (codes, words)
            };
            Some(Conflict::coded(
                name,
                &shown.label,
                side(mine),
                side(theirs),
            ))
        })
        .collect()
}

/// Two people saved the same record: the second sees both.
pub async fn conflict<I, T>(
    ctx: &Ctx,
    conn: &mut Conn,
    action: &str,
    title: &str,
    known: &Kept<I, T>,
    form: &Form,
    found: &[Conflict],
) -> Result<Error> {
    let names = engawa_organisations::staff_names(conn, &[known.saved_by]).await?;
    let when = format_date_time(local(known.saved_at), ctx.calendar);
    let info = ConflictInfo {
        who: names
            .get(&known.saved_by)
            .map_or("システム", String::as_str),
        when: &when,
        version: known.version,
    };
    let view = conflict_view(action, ctx.csrf(), form, info, found);
    let shown = page(&ctx.frame(), title, html! { (trail(&[])) (view) });
    Ok(Error::Page(StatusCode::CONFLICT, Box::new(shown)))
}
