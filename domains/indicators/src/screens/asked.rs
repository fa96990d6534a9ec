//! A question in the address: every table can be kept as a bookmark and sent to a colleague.

use chrono::NaiveDate;
use engawa_kernel::{
    context::Ctx,
    error::{Error, Result},
    source::EventSource,
    text::wareki::parse_date,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    model::{Count, Dim, Filter, Unit},
    period::Period,
    store::count::Question,
};

/// Name and value pairs of the address, in order.
#[derive(Debug, Clone, Default)]
pub struct Asked(pub Vec<(String, String)>);

/// How axum hands them over.
pub type Pairs = axum::extract::Query<Vec<(String, String)>>;

impl Asked {
    /// The first value that says something.
    pub fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(n, v)| n == name && !v.trim().is_empty())
            .map_or("", |(_, v)| v.trim())
    }

    /// Every value that says something.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(n, v)| n == name && !v.trim().is_empty())
            .map(|(_, v)| v.trim().to_owned())
            .collect()
    }

    /// With one value instead of those that stood there; an empty one takes it away.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(n, _)| n != name);
        if !value.is_empty() {
            self.0.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// As it stands in an address, without `?`.
    pub fn query(&self) -> String {
        let one = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        self.0
            .iter()
            .filter(|(_, v)| !v.is_empty())
            .map(|(n, v)| format!("{}={}", one(n), one(v)))
            .collect::<Vec<_>>()
            .join("&")
    }

    /// The source asked for; the first one when none is.
    ///
    /// # Errors
    /// Nothing can be counted here at all.
    pub fn source(&self, ctx: &Ctx) -> Result<&'static EventSource> {
        source(ctx, self.get("source"))
            .or_else(|| ctx.engine.sources.first().copied())
            .ok_or_else(|| Error::Invalid("数えられる記録の種類が、まだありません。".into()))
    }

    /// The period; the fiscal year where nothing readable is given.
    pub fn period(&self, ctx: &Ctx) -> Period {
        let today = ctx.today();
        let read = |name: &str| -> Option<NaiveDate> { parse_date(self.get(name), today).ok() };
        let year = Period::year(engawa_kernel::text::fiscal::FiscalYear::of(today));
        Period::new(
            read("from").unwrap_or(year.from),
            read("to").unwrap_or(year.to),
        )
    }

    /// The whole question; what does not fit the source is left out.
    ///
    /// # Errors
    /// As [`Asked::source`].
    pub fn question(&self, ctx: &Ctx) -> Result<Question> {
        let source = self.source(ctx)?;
        let unit = Unit::from_code(self.get("unit"))
            .filter(|u| u.fits(source))
            .unwrap_or(Unit::Events);
        let dim = |name: &str| {
            Dim::from_code(self.get(name)).filter(|d| d.fits(source) && unit.splits_by(*d))
        };
        let rows = dim("rows");
        let mut filter = Filter::default();
        for d in Dim::ALL {
            if let Some(list) = filter.of_mut(d).filter(|_| d.fits(source)) {
                *list = self.all(d.as_code());
            }
        }
        filter.marks = self
            .all("mark")
            .into_iter()
            .filter(|m| source.mark(m).is_some())
            .collect();
        Ok(Question {
            source,
            unit,
            filter,
            period: self.period(ctx),
            columns: dim("columns").filter(|c| Some(*c) != rows),
            rows,
        })
    }
}

/// The source of a code.
pub fn source(ctx: &Ctx, code: &str) -> Option<&'static EventSource> {
    ctx.engine.sources.iter().copied().find(|s| s.code == code)
}

/// The address of the records behind a count.
pub fn records_href(count: &Count, period: Period) -> String {
    let mut asked = Asked(vec![
        ("source".into(), count.source.clone()),
        ("unit".into(), count.unit.as_code().into()),
        ("from".into(), period.from.to_string()),
        ("to".into(), period.to.to_string()),
    ]);
    for dim in Dim::ALL {
        for value in count.filter.of(dim) {
            asked.0.push((dim.as_code().into(), value.clone()));
        }
    }
    for mark in &count.filter.marks {
        asked.0.push(("mark".into(), mark.clone()));
    }
    format!("/statistics/records?{}", asked.query())
}
