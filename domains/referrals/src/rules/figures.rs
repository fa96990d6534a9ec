//! Figures out of what happened: each number is the count of a set of sheets, and the same set is
//! what opens behind it.

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    clock,
    id::{AreaId, DeskId, RoomId},
};

use crate::model::{Outcome, ReturnReason, State};

/// A sheet as figures see it.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Its room.
    pub room: RoomId,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: State,
    /// Who received it: a desk …
    pub to_desk: Option<DeskId>,
    /// … or a body outside.
    pub to_name: String,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// 返事の期日
    pub reply_due_on: NaiveDate,
    /// By when the move that is due now is due.
    pub due_on: Option<NaiveDate>,
    /// Of the report.
    pub outcome: Option<Outcome>,
    /// Why it came back.
    pub returned: Option<ReturnReason>,
    /// Days on which nobody was there to answer for it.
    pub ownerless_days: i64,
}

/// A question that a number answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// 送付
    Sent,
    /// 期日までに返事
    InTime,
    /// いま期限切れ
    Overdue,
    /// つながりの完了
    Closed,
    /// 担当のいない日があった
    Ownerless,
    /// 差戻し
    Returned(ReturnReason),
}

impl What {
    /// In the address.
    #[must_use]
    pub fn as_code(self) -> String {
        match self {
            Self::Sent => "sent".into(),
            Self::InTime => "in_time".into(),
            Self::Overdue => "overdue".into(),
            Self::Closed => "closed".into(),
            Self::Ownerless => "ownerless".into(),
            Self::Returned(reason) => format!("returned_{}", reason.as_code()),
        }
    }
    /// From the address.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "sent" => Self::Sent,
            "in_time" => Self::InTime,
            "overdue" => Self::Overdue,
            "closed" => Self::Closed,
            "ownerless" => Self::Ownerless,
            other => Self::Returned(ReturnReason::from_code(other.strip_prefix("returned_")?)?),
        })
    }
    /// As the heading of its list.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Sent => "送ったもの".into(),
            Self::InTime => "期日までに返事があったもの".into(),
            Self::Overdue => "いま期限を過ぎているもの".into(),
            Self::Closed => "結果まで確かめて完了したもの".into(),
            Self::Ownerless => "担当のいない日があったもの".into(),
            Self::Returned(reason) => format!("差戻し（{}）", reason.label()),
        }
    }
    /// Whether a sheet is one of them.
    #[must_use]
    pub fn holds(self, fact: &Fact, today: NaiveDate) -> bool {
        match self {
            Self::Sent => true,
            Self::InTime => fact
                .answered_at
                .is_some_and(|at| clock::local(at).date() <= fact.reply_due_on),
            Self::Overdue => fact.due_on.is_some_and(|due| due < today),
            Self::Closed => fact.state == State::Closed && fact.outcome.is_some(),
            Self::Ownerless => fact.ownerless_days > 0,
            Self::Returned(reason) => fact.returned == Some(reason),
        }
    }
}

/// The rule of the rate, shown beside it.
pub const RULE: &str = "完了の割合は、期間中に送ったもののうち、受け手が結果を報告し、送り手がそれを確かめて完了したものの割合です。差し戻されて送り手が引き取ったもの、取り下げたものは、送ったもの（分母）には入り、完了（分子）には入りません。自分が開けるつなぐシートだけを数えています。";

/// Whom a line of a table counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// A desk.
    Desk(DeskId),
    /// A body outside, by name.
    Outside(String),
    /// The desks of an area.
    Area(AreaId),
    /// Desks for the whole municipality, and bodies outside.
    NoArea,
}

impl Whom {
    /// The receiver of a sheet.
    #[must_use]
    pub fn receiver(fact: &Fact) -> Self {
        match fact.to_desk {
            Some(desk) => Self::Desk(desk),
            None => Self::Outside(fact.to_name.clone()),
        }
    }
    /// The areas of its receiver; `areas` says which a desk looks after.
    pub fn areas(fact: &Fact, areas: impl Fn(DeskId) -> Vec<AreaId>) -> Vec<Self> {
        let of = fact.to_desk.map(areas).unwrap_or_default();
        if of.is_empty() {
            return vec![Self::NoArea];
        }
        of.into_iter().map(Self::Area).collect()
    }
}

/// One line of a table.
#[derive(Debug, Clone)]
pub struct Line {
    /// Whom it counts.
    pub whom: Whom,
    /// 送付
    pub sent: usize,
    /// 期日までの返事
    pub in_time: usize,
    /// いま期限切れ
    pub overdue: usize,
    /// 完了
    pub closed: usize,
    /// 担当のいなかった日数の合計
    pub ownerless_days: i64,
    /// 差戻しの理由ごと
    pub returned: Vec<(ReturnReason, usize)>,
}

impl Line {
    const fn of(whom: Whom) -> Self {
        Self {
            whom,
            sent: 0,
            in_time: 0,
            overdue: 0,
            closed: 0,
            ownerless_days: 0,
            returned: Vec::new(),
        }
    }

    fn add(&mut self, fact: &Fact, today: NaiveDate) {
        self.sent += usize::from(What::Sent.holds(fact, today));
        self.in_time += usize::from(What::InTime.holds(fact, today));
        self.overdue += usize::from(What::Overdue.holds(fact, today));
        self.closed += usize::from(What::Closed.holds(fact, today));
        self.ownerless_days += fact.ownerless_days;
        if let Some(reason) = fact.returned {
            match self.returned.iter_mut().find(|(r, _)| *r == reason) {
                Some((_, n)) => *n += 1,
                None => self.returned.push((reason, 1)),
            }
        }
    }
}

/// Adds the sheets up by whom they count for (a desk of two areas counts in both), the largest first.
#[must_use]
pub fn lines(facts: &[Fact], today: NaiveDate, of: impl Fn(&Fact) -> Vec<Whom>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for fact in facts {
        for whom in of(fact) {
            match lines.iter_mut().find(|l| l.whom == whom) {
                Some(line) => line.add(fact, today),
                None => {
                    let mut line = Line::of(whom);
                    line.add(fact, today);
                    lines.push(line);
                }
            }
        }
    }
    lines.sort_by_key(|l| std::cmp::Reverse(l.sent));
    lines
}

/// 完了 ÷ 送付 in per cent, one digit; none when nothing was sent.
#[must_use]
pub fn rate(closed: usize, sent: usize) -> Option<String> {
    if sent == 0 {
        return None;
    }
    let tenths = (closed * 1000 + sent / 2) / sent;
    Some(format!("{}.{}%", tenths / 10, tenths % 10))
}

/// A stretch of a sheet's history: from when to when which desk had the move.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    /// From this day …
    pub from: NaiveDate,
    /// … until before this day.
    pub until: NaiveDate,
    /// Whose move it was; none: nobody's.
    pub desk: Option<DeskId>,
}

/// Days on which nobody had the move, or nobody was posted at the desk that had it. `staffed` says
/// whether somebody was posted at a desk on a day.
#[must_use]
pub fn ownerless_days(stretches: &[Stretch], staffed: impl Fn(DeskId, NaiveDate) -> bool) -> i64 {
    let mut days = 0;
    for s in stretches {
        for day in s.from.iter_days().take_while(|d| *d < s.until) {
            if !s.desk.is_some_and(|desk| staffed(desk, day)) {
                days += 1;
            }
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_has_its_rule_and_no_division_by_nothing() {
        assert_eq!(rate(0, 0), None);
        assert_eq!(rate(2, 3).as_deref(), Some("66.7%"));
        assert_eq!(rate(3, 3).as_deref(), Some("100.0%"));
    }

    #[test]
    fn a_desk_that_nobody_is_posted_at_owns_nothing() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
        let (a, b) = (DeskId::new(), DeskId::new());
        let stretches = [
            Stretch {
                from: day(1),
                until: day(4),
                desk: Some(a),
            },
            Stretch {
                from: day(4),
                until: day(8),
                desk: Some(b),
            },
            Stretch {
                from: day(8),
                until: day(9),
                desk: None,
            },
        ];
        let staffed = |desk, on: NaiveDate| desk == a || on < day(6);
        assert_eq!(ownerless_days(&stretches, staffed), 2 + 1);
    }

    #[test]
    fn the_address_of_a_number_leads_back_to_it() {
        let all = [
            What::Sent,
            What::InTime,
            What::Overdue,
            What::Closed,
            What::Ownerless,
        ];
        let returned = ReturnReason::ALL.iter().map(|r| What::Returned(*r));
        for what in all.into_iter().chain(returned) {
            assert_eq!(What::from_code(&what.as_code()), Some(what));
        }
    }
}
