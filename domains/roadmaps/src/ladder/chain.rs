//! Where the chain breaks: the first of the four steps that is missing. No records is not 0, and what
//! may not be shown is not judged.

use super::{Rated, Step};

/// What was counted for a step in an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// The municipality counts nothing for this step.
    Nothing,
    /// No domain brings these events yet.
    NoRecords,
    /// What is counted cannot be split by area (a rate, minutes), or its indicator is gone.
    NotByArea,
    /// Small, and the reader is outside.
    Hidden,
    /// The number.
    Number(i64),
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LadderVerdict)]
pub enum Verdict {
    /// It is there.
    Stands,
    /// In part.
    Partly,
    /// It is missing.
    Missing,
    /// Nobody knows.
    Unknown,
}

impl Verdict {
    /// As people read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Stands => "ある",
            Self::Partly => "一部",
            Self::Missing => "ない",
            Self::Unknown => "わからない",
        }
    }
}

/// How a step stands: what people judged goes before what was counted.
#[must_use]
pub const fn verdict(counted: Counted, rated: Option<Rated>) -> Verdict {
    match (rated, counted) {
        (Some(Rated::Stands), _) => Verdict::Stands,
        (Some(Rated::Partly), _) => Verdict::Partly,
        (Some(Rated::NotYet), _) => Verdict::Missing,
        (Some(Rated::Unknown), _) => Verdict::Unknown,
        (None, Counted::Number(n)) if n > 0 => Verdict::Stands,
        (None, Counted::Number(_)) => Verdict::Missing,
        (None, Counted::Nothing | Counted::NoRecords | Counted::NotByArea | Counted::Hidden) => {
            Verdict::Unknown
        }
    }
}

/// The first step that is missing.
#[must_use]
pub fn breaks_at(steps: &[Verdict; 4]) -> Option<Step> {
    Step::ALL
        .into_iter()
        .zip(steps)
        .find(|(_, v)| **v == Verdict::Missing)
        .map(|(step, _)| step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_records_is_not_nothing_and_people_go_before_numbers() {
        for (counted, rated, is) in [
            (Counted::Number(3), None, Verdict::Stands),
            (Counted::Number(0), None, Verdict::Missing),
            (Counted::NoRecords, None, Verdict::Unknown),
            (Counted::Hidden, None, Verdict::Unknown),
            (Counted::Number(0), Some(Rated::Partly), Verdict::Partly),
            (Counted::Number(9), Some(Rated::NotYet), Verdict::Missing),
            (Counted::NoRecords, Some(Rated::Stands), Verdict::Stands),
            (Counted::Number(9), Some(Rated::Unknown), Verdict::Unknown),
        ] {
            assert_eq!(verdict(counted, rated), is, "{counted:?} {rated:?}");
        }
    }

    #[test]
    fn the_chain_breaks_at_the_first_missing_step() {
        use Verdict::{Missing as M, Partly as P, Stands as S, Unknown as U};
        assert_eq!(breaks_at(&[S, S, M, M]), Some(Step::Solved));
        assert_eq!(breaks_at(&[S, P, U, U]), None);
        assert_eq!(breaks_at(&[U, S, S, M]), Some(Step::Resources));
    }
}
