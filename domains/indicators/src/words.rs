//! What codes and ids are called, loaded once for a page.

use std::collections::HashMap;

use chrono::{DateTime, Timelike as _, Utc};
use engawa_kernel::{
    clock,
    context::Ctx,
    db::Conn,
    error::Result,
    source::{EventSource, KindWords},
    text::{fiscal::FiscalYear, wareki},
};
use engawa_organisations::{
    codes::{self, CodeList, Labels},
    figures,
};
use uuid::Uuid;

use crate::{
    model::{Dim, Key, UNKNOWN},
    period::{Period, month_start, months_later},
    rules::age::BANDS,
};

/// 記載なし, as a choice and in a table.
pub const NOT_SAID: &str = "記載なし";

const SEX: [(&str, &str); 4] = [
    ("female", "女性"),
    ("male", "男性"),
    ("other", "その他"),
    ("unknown", "不明"),
];

/// Everything that has a name.
pub struct Words {
    labels: Labels,
    names: HashMap<Dim, Vec<(String, String)>>,
}

impl Words {
    /// Loads them.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn load(conn: &mut Conn, ctx: &Ctx) -> Result<Self> {
        let lists = [
            CodeList::Channel,
            CodeList::Route,
            CodeList::Issue,
            CodeList::HouseholdType,
            CodeList::ContactKind,
            CodeList::ClosureReason,
            CodeList::Outcome,
        ];
        let labels = codes::load(conn, ctx, &lists).await?;
        let text = |id: Uuid, name: String| (id.to_string(), name);
        let mut names = HashMap::new();
        names.insert(
            Dim::Desk,
            figures::all_desk_names(conn, ctx)
                .await?
                .into_iter()
                .map(|(id, name)| text(id.0, name))
                .collect(),
        );
        names.insert(
            Dim::Body,
            figures::body_names(conn, ctx)
                .await?
                .into_iter()
                .map(|(id, name)| text(id.0, name))
                .collect(),
        );
        names.insert(
            Dim::Area,
            figures::area_names(conn, ctx)
                .await?
                .into_iter()
                .map(|(id, name)| text(id.0, name))
                .collect(),
        );
        Ok(Self { labels, names })
    }

    /// What a form offers for a dimension: (code, word), in the order of the municipality.
    #[must_use]
    pub fn options(&self, source: &EventSource, dim: Dim) -> Vec<(String, String)> {
        let owned = |pairs: Vec<(&str, &str)>| {
            pairs
                .into_iter()
                .map(|(c, l)| (c.to_owned(), l.to_owned()))
                .collect()
        };
        match dim {
            Dim::Desk | Dim::Body | Dim::Area => self.names.get(&dim).cloned().unwrap_or_default(),
            Dim::Age => owned(BANDS.iter().map(|(c, l, _)| (*c, *l)).collect()),
            Dim::Sex => owned(SEX.to_vec()),
            Dim::Kind => match source.kinds {
                KindWords::None => Vec::new(),
                KindWords::Fixed(words) => owned(words.to_vec()),
                KindWords::List(list) => CodeList::from_code(list)
                    .map(|l| owned(self.labels.options(l)))
                    .unwrap_or_default(),
            },
            Dim::Time => Vec::new(),
            other => code_list(other)
                .map(|l| owned(self.labels.options(l)))
                .unwrap_or_default(),
        }
    }

    /// The word for a group of a table.
    #[must_use]
    pub fn label(&self, source: &EventSource, dim: Dim, key: &Key, slots: &[Period]) -> String {
        match (dim, key) {
            (_, Key::Unknown) => NOT_SAID.to_owned(),
            (Dim::Time, Key::Slot(n)) => usize::try_from(n - 1)
                .ok()
                .and_then(|n| slots.get(n))
                .map_or_else(String::new, |p| slot(*p)),
            _ => self.of_code(source, dim, &key.code()),
        }
    }

    /// The word for a code or an id; itself when nobody knows it.
    #[must_use]
    pub fn of_code(&self, source: &EventSource, dim: Dim, code: &str) -> String {
        if code == UNKNOWN {
            return NOT_SAID.to_owned();
        }
        let list = match (dim, source.kinds) {
            (Dim::Kind, KindWords::List(list)) => CodeList::from_code(list),
            _ => code_list(dim),
        };
        if let Some(list) = list {
            return self.labels.label(list, code).to_owned();
        }
        self.options(source, dim)
            .into_iter()
            .find(|(c, _)| c == code)
            .map_or_else(
                || match dim {
                    Dim::Desk | Dim::Body | Dim::Area => "（登録のないもの）".to_owned(),
                    _ => code.to_owned(),
                },
                |(_, label)| label,
            )
    }

    /// Where a group stands in its table.
    #[must_use]
    pub fn place(&self, source: &EventSource, dim: Dim, key: &Key) -> (usize, String) {
        match key {
            Key::Unknown => (usize::MAX, String::new()),
            Key::Slot(n) => (usize::try_from(*n).unwrap_or_default(), String::new()),
            _ => {
                let code = key.code();
                let options = self.options(source, dim);
                let place = options.iter().position(|(c, _)| *c == code);
                (place.unwrap_or(usize::MAX - 1), code)
            }
        }
    }
}

const fn code_list(dim: Dim) -> Option<CodeList> {
    match dim {
        Dim::Channel => Some(CodeList::Channel),
        Dim::Route => Some(CodeList::Route),
        Dim::Issue => Some(CodeList::Issue),
        Dim::HouseholdType => Some(CodeList::HouseholdType),
        _ => None,
    }
}

/// What a dimension is called for this source.
#[must_use]
pub fn dim_label(source: &EventSource, dim: Dim) -> &'static str {
    match dim {
        Dim::Kind => source.kind_label,
        Dim::Time => "月（長い期間は年度）",
        other => other.label(),
    }
}

/// 令和8年4月, 令和8年度, or the days.
#[must_use]
pub fn slot(p: Period) -> String {
    let whole_month =
        p.from == month_start(p.from) && p.after() == months_later(month_start(p.from), 1);
    if whole_month {
        return month(p.from);
    }
    let year = FiscalYear::of(p.from);
    if p == Period::year(year) {
        return year.label();
    }
    period(p)
}

/// 令和8年4月
#[must_use]
pub fn month(day: chrono::NaiveDate) -> String {
    let full = wareki::format_date(month_start(day), wareki::Calendar::Japanese);
    full.strip_suffix("1日").unwrap_or(&full).to_owned()
}

/// 令和8年4月1日から令和9年3月31日まで
#[must_use]
pub fn period(p: Period) -> String {
    let day = |d| wareki::format_date(d, wareki::Calendar::Japanese);
    if p.from == p.to {
        day(p.from)
    } else {
        format!("{}から{}まで", day(p.from), day(p.to))
    }
}

/// Up to when figures were counted that are not of this very moment.
#[must_use]
pub fn counted_at(at: DateTime<Utc>) -> String {
    let at = clock::local(at);
    format!(
        "記録が多いため、{}時{}分までの記録から数えています。その後の記録は、1分ほどで入ります。",
        at.hour(),
        at.minute()
    )
}

/// 12,345
#[must_use]
pub fn number(n: i64) -> String {
    crate::rules::target::Amount::whole(n).to_string()
}
