//! Small views that several pages of a sheet share.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    clock,
    components::{self, TagKind, definition_list, protected_mark, table, tag},
    context::Ctx,
    db::Conn,
    error::Result,
    id::DeskId,
    text::wareki,
};
use maud::{Markup, html};

use crate::{
    model::{Line, Sheet, Side, State, To},
    rules,
};

/// A day in this user's calendar.
pub fn day(ctx: &Ctx, day: NaiveDate) -> String {
    wareki::format_date(day, ctx.calendar)
}

/// A short day, for tables and fields.
pub fn short(ctx: &Ctx, day: NaiveDate) -> String {
    wareki::format_short(day, ctx.calendar)
}

/// A moment in this user's calendar.
pub fn moment(ctx: &Ctx, at: DateTime<Utc>) -> String {
    wareki::format_date_time(clock::local(at), ctx.calendar)
}

/// A code in two groups, as one reads it out.
pub fn grouped(code: &str) -> String {
    match code.split_at_checked(4) {
        Some((first, last)) => format!("{first} {last}"),
        None => code.to_owned(),
    }
}

/// 状態
pub fn state_tag(state: State) -> Markup {
    let kind = match state {
        State::Draft => TagKind::Neutral,
        State::Sent | State::Received | State::OnHold => TagKind::Waiting,
        State::Accepted | State::InProgress => TagKind::Active,
        State::Returned => TagKind::Alert,
        State::AdviceOnly | State::Reported => TagKind::Waiting,
        State::Closed | State::Withdrawn => TagKind::Done,
    };
    tag(kind, state.label())
}

/// 「受け手（さくら包括）の対応待ち・3日経過」, and how late it is. The desk's name where the page does
/// not show it beside.
pub fn turn(ctx: &Ctx, sheet: &Sheet, desk: Option<&str>) -> Markup {
    let Some(side) = rules::whose_move(sheet.state) else {
        return html! {};
    };
    let waited = (ctx.today() - clock::local(sheet.move_since).date()).num_days();
    let place = desk.map_or_else(String::new, |d| format!("（{d}）"));
    let who = match (side, sheet.paper, sheet.state) {
        (Side::Sender, _, State::Draft) => "書きかけです".to_owned(),
        (Side::Sender, ..) if sheet.arrived.is_some() => {
            "返事を相手の自治体に渡すのを待っています".to_owned()
        }
        (Side::Sender, ..) => format!("送り手{place}の対応待ち"),
        (_, true, _) if sheet.thread.is_some() => "相手の自治体の返事を待っています".to_owned(),
        (_, true, _) => "外の機関の返事を待っています".to_owned(),
        (_, false, _) => format!("受け手{place}の対応待ち"),
    };
    html! {
        (who)
        @if waited > 0 { "・" (waited) "日経過" }
        @if let Some(due) = sheet.due_on {
            " " @if due < ctx.today() {
                (tag(TagKind::Alert, "期限超過")) " " (short(ctx, due)) "まで（" ((ctx.today() - due).num_days()) "日超過）"
            } @else { (short(ctx, due)) "まで" }
        }
    }
}

/// Names of the desks of some sheets.
#[derive(Default)]
pub struct Names(HashMap<DeskId, String>);

impl Names {
    /// In one go.
    pub async fn load(conn: &mut Conn, sheets: &[Sheet]) -> Result<Self> {
        let desks: Vec<DeskId> = sheets
            .iter()
            .flat_map(|s| [Some(s.from_desk), s.to_desk(), Some(s.turn_desk)])
            .flatten()
            .collect();
        Self::of(conn, &desks).await
    }
    /// Of these desks.
    pub async fn of(conn: &mut Conn, desks: &[DeskId]) -> Result<Self> {
        Ok(Self(engawa_organisations::desk_names(conn, desks).await?))
    }
    /// A desk's name.
    pub fn desk(&self, id: DeskId) -> &str {
        self.0
            .get(&id)
            .map_or("(窓口の記録がありません)", String::as_str)
    }
    /// The sender.
    pub fn from<'a>(&'a self, sheet: &'a Sheet) -> &'a str {
        match &sheet.arrived {
            Some(arrived) => &arrived.from,
            None => self.desk(sheet.from_desk),
        }
    }
    /// The receiver.
    pub fn to(&self, sheet: &Sheet) -> String {
        match &sheet.content.to {
            To::Desk(desk, _) => self.desk(*desk).to_owned(),
            To::Outside { name, .. } => name.clone(),
        }
    }
}

/// Why each line may be passed on, for the sender.
pub fn grounds(lines: &[Line]) -> Markup {
    let rows: Vec<Vec<Markup>> = lines
        .iter()
        .map(|l| vec![html! { (l.section) " " (l.label) }, html! { (l.why) }])
        .collect();
    table(&["渡した内容", "渡せる理由"], &rows, "渡した根拠")
}

/// What the receiver reads, section by section; with the reasons on the sender's side.
pub fn snapshot(lines: &[Line], reasons: bool) -> Markup {
    let mut sections: Vec<(&str, Vec<&Line>)> = Vec::new();
    for line in lines {
        match sections.last_mut() {
            Some((section, of)) if *section == line.section => of.push(line),
            _ => sections.push((&line.section, vec![line])),
        }
    }
    html! {
        @for (section, of) in &sections {
            section.sheet-section {
                h3 { (section) }
                (definition_list(&of.iter().map(|l| (l.label.as_str(), said(l, reasons))).collect::<Vec<_>>()))
            }
        }
    }
}

fn said(line: &Line, reasons: bool) -> Markup {
    html! {
        @if line.hidden { (protected_mark()) } @else { (components::lines(&line.text)) }
        @if reasons { " " span.hint { "渡せる理由: " (line.why) } }
    }
}
