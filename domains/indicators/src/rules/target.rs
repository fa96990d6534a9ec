//! Targets of every shape that plan sheets have.

use engawa_kernel::code_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

code_enum! {
    /// What kind of promise a target is.
    #[schema(as = TargetShape)]
    pub enum Shape {
        /// 50
        Value = "value", "目標値";
        /// 50 or more
        AtLeast = "at_least", "以上";
        /// 50 or less: lower is better
        AtMost = "at_most", "以下";
        /// About 50
        About = "about", "約";
        /// 2 to 3
        Range = "range", "範囲";
        /// From 1 to 2: the first is where it started
        FromTo = "from_to", "現状から目標へ";
        /// +10 %
        GrowthRate = "growth_rate", "増加率";
        /// +5: net
        Growth = "growth", "増加数";
        /// 4 of 16
        OutOf = "out_of", "全体のうち";
        /// It exists
        Exists = "exists", "仕組みがある";
        /// More than before, without a number
        Up = "up", "増やす";
        /// Less than before, without a number
        Down = "down", "減らす";
        /// No number is wanted; evidence in words
        NoNumber = "no_number", "数値化しない";
        /// A past figure, not a target
        Reference = "reference", "参考値";
    }
}

code_enum! {
    /// How binding a target is.
    #[schema(as = TargetLevel)]
    pub enum Level {
        /// 必須
        Mandatory = "mandatory", "必須";
        /// 目標
        Target = "target", "目標";
        /// 目安
        Guide = "guide", "目安";
    }
}

code_enum! {
    /// Over what a target runs.
    #[schema(as = TargetPer)]
    pub enum Per {
        /// 年
        Year = "year", "年";
        /// 月
        Month = "month", "月";
        /// Until its day
        Due = "due", "期限まで";
    }
}

/// A number with up to three places after the point, kept exactly.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, ToSchema,
)]
#[serde(transparent)]
#[schema(as = Thousandths)]
pub struct Amount(pub i64);

impl Amount {
    /// A whole number.
    #[must_use]
    pub const fn whole(n: i64) -> Self {
        Self(n.saturating_mul(1_000))
    }

    /// To the nearest whole number.
    #[must_use]
    pub const fn rounded(self) -> Self {
        Self::whole(self.0.saturating_add(500).div_euclid(1_000))
    }

    /// From 「1,200」, 「31.6」; full-width digits are understood.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (mut value, mut places, mut digits) = (0_i64, None::<u32>, 0);
        for c in text.trim().chars() {
            let c = match c {
                '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
                '．' => '.',
                other => other,
            };
            match c {
                ',' | '，' if places.is_none() => {}
                '.' if places.is_none() => places = Some(0),
                '0'..='9' => {
                    digits += 1;
                    if let Some(n) = &mut places {
                        *n += 1;
                        if *n > 3 {
                            return None;
                        }
                    }
                    value = value
                        .checked_mul(10)?
                        .checked_add(i64::from(c.to_digit(10)?))?;
                }
                _ => return None,
            }
        }
        let scale = 10_i64.pow(3 - places.unwrap_or(0));
        (digits > 0).then_some(Self(value.checked_mul(scale)?))
    }
}

impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let whole = (self.0.unsigned_abs() / 1_000).to_string();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        let rest = format!("{:03}", self.0.unsigned_abs() % 1_000);
        let rest = rest.trim_end_matches('0');
        if rest.is_empty() {
            Ok(())
        } else {
            write!(f, ".{rest}")
        }
    }
}

/// One target of one indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = IndicatorTarget)]
pub struct Target {
    /// What kind of promise.
    pub shape: Shape,
    /// The number, or the lower end of a range. None where no number is wanted.
    pub low: Option<Amount>,
    /// The upper end of a range; of [`Shape::OutOf`] the whole.
    pub high: Option<Amount>,
    /// Where it started, when known.
    pub baseline: Option<Amount>,
    /// How binding.
    pub level: Level,
    /// Over what.
    pub per: Per,
    /// 人, 回, か所 …
    pub counter: String,
    /// How it came about, as written: 「8 × 12」, 「15 + 35」.
    pub formula: String,
    /// As the sheet says it; never lost.
    pub raw: String,
}

/// Share by which 「約」 may be missed.
const ABOUT_PERCENT: i64 = 10;

impl Target {
    /// The number that the actual is held against, given the base of a growth.
    #[must_use]
    pub fn wanted(&self) -> Option<Amount> {
        let low = self.low?;
        match self.shape {
            Shape::GrowthRate => {
                let base = self.baseline?.0;
                Some(Amount(base.saturating_add(
                    base.saturating_mul(low.0).checked_div(100_000)?,
                )))
            }
            Shape::Growth => Some(Amount(self.baseline?.0.saturating_add(low.0))),
            Shape::FromTo => Some(self.high.unwrap_or(low)),
            Shape::Exists | Shape::Up | Shape::Down | Shape::NoNumber | Shape::Reference => None,
            Shape::Value
            | Shape::AtLeast
            | Shape::AtMost
            | Shape::About
            | Shape::Range
            | Shape::OutOf => Some(low),
        }
    }

    /// Whether an actual keeps the promise. None: nobody can say by a number.
    #[must_use]
    pub fn kept(&self, actual: Amount) -> Option<bool> {
        match self.shape {
            Shape::Exists => Some(actual.0 > 0),
            Shape::Up => Some(actual > self.baseline?),
            Shape::Down => Some(actual < self.baseline?),
            Shape::AtMost => Some(actual <= self.low?),
            Shape::About => {
                let low = self.low?.0;
                Some(actual.0 >= low.saturating_sub(low.saturating_mul(ABOUT_PERCENT) / 100))
            }
            Shape::NoNumber | Shape::Reference => None,
            Shape::Value
            | Shape::AtLeast
            | Shape::Range
            | Shape::FromTo
            | Shape::GrowthRate
            | Shape::Growth
            | Shape::OutOf => Some(actual >= self.wanted()?),
        }
    }

    /// Whether less is better.
    #[must_use]
    pub const fn lower_is_better(&self) -> bool {
        matches!(self.shape, Shape::AtMost | Shape::Down)
    }

    /// As people read it: 「100件以上（必須）」.
    #[must_use]
    pub fn text(&self) -> String {
        let unit = &self.counter;
        let n = |a: Option<Amount>| a.map(|a| a.to_string()).unwrap_or_default();
        let (low, high) = (n(self.low), n(self.high));
        let body = match self.shape {
            Shape::Value => format!("{low}{unit}"),
            Shape::AtLeast => format!("{low}{unit}以上"),
            Shape::AtMost => format!("{low}{unit}以下"),
            Shape::About => format!("約{low}{unit}"),
            Shape::Range => format!("{low}〜{high}{unit}"),
            Shape::FromTo => format!("{low}{unit}から{high}{unit}へ"),
            Shape::GrowthRate => format!("{low}%増"),
            Shape::Growth => format!("{low}{unit}増"),
            Shape::OutOf => format!("{high}{unit}のうち{low}{unit}"),
            Shape::Exists => "仕組みがある".to_owned(),
            Shape::Up => "増やす".to_owned(),
            Shape::Down => "減らす".to_owned(),
            Shape::NoNumber => "数値化しない".to_owned(),
            Shape::Reference => format!("参考 {low}{unit}"),
        };
        let per = match self.per {
            Per::Month => "／月",
            Per::Year | Per::Due => "",
        };
        let level = match self.level {
            Level::Target => String::new(),
            Level::Mandatory | Level::Guide => format!("（{}）", self.level.label()),
        };
        format!("{body}{per}{level}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        for (text, shown) in [
            ("1,200", "1,200"),
            ("31.6", "31.6"),
            ("３．０", "3"),
            ("0.05", "0.05"),
        ] {
            assert_eq!(
                Amount::read(text).map(|a| a.to_string()),
                Some(shown.to_owned())
            );
        }
        assert_eq!(Amount::read(""), None);
        assert_eq!(Amount::read("多数"), None);
        assert_eq!(Amount::read("99999999999999999999"), None);
    }

    #[test]
    fn a_promise_is_kept_by_its_own_rule() {
        let target = |text: &str| crate::rules::read::targets(text, "件").remove(0);
        let kept = |text: &str, base: Option<i64>, n: i64| {
            let mut t = target(text);
            t.baseline = t.baseline.or(base.map(Amount::whole));
            t.kept(Amount::whole(n))
        };
        assert_eq!(kept("10件以上", None, 10), Some(true));
        assert_eq!(kept("約50件", None, 45), Some(true));
        assert_eq!(kept("約50件", None, 44), Some(false));
        assert_eq!(kept("20件以下", None, 21), Some(false));
        assert_eq!(kept("減らす", Some(30), 29), Some(true));
        assert_eq!(kept("減らす", None, 29), None);
        assert_eq!(kept("+10%", Some(100), 110), Some(true));
        assert_eq!(kept("+5", Some(20), 24), Some(false));
        assert_eq!(kept("1→2", None, 2), Some(true));
        assert_eq!(kept("4/16", None, 4), Some(true));
        assert_eq!(kept("数値化しない", None, 4), None);
    }
}
