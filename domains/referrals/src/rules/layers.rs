//! Whom an overdue move is told to, layer by layer. Each layer is told once.

use chrono::NaiveDate;

use crate::model::State;

/// A layer of the ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// On the day: the desk whose move it is.
    Desk,
    /// 管理者・推進員 of both desks.
    Supervisors,
    /// 第3層 → 第2層 → 第1層: desks of the areas above, nearest first.
    Tier(u8),
    /// Finally the desks that do 多機関協働.
    MultiAgency,
}

/// The ladder, bottom first.
pub const LADDER: [Layer; 6] = [
    Layer::Desk,
    Layer::Supervisors,
    Layer::Tier(3),
    Layer::Tier(2),
    Layer::Tier(1),
    Layer::MultiAgency,
];

impl Layer {
    /// As the history says it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Desk => "期日を窓口に知らせました",
            Self::Supervisors => "両方の窓口の管理者・推進員に知らせました",
            Self::Tier(3) => "第3層の窓口に知らせました",
            Self::Tier(2) => "第2層の窓口に知らせました",
            Self::Tier(_) => "第1層の窓口に知らせました",
            Self::MultiAgency => "多機関協働の窓口に知らせました",
        }
    }
}

/// How many layers should have been told by today.
#[must_use]
pub fn due_layers(
    state: State,
    due_on: Option<NaiveDate>,
    today: NaiveDate,
    layer_days: u64,
) -> usize {
    let Some(due) = due_on else { return 0 };
    if crate::rules::whose_move(state).is_none() || today < due {
        return 0;
    }
    // A draft was promised to nobody: only its own desk is reminded.
    if state == State::Draft {
        return 1;
    }
    let late = u64::try_from((today - due).num_days()).unwrap_or_default();
    let steps = usize::try_from(late / layer_days.max(1)).unwrap_or(usize::MAX);
    steps.saturating_add(1).min(LADDER.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_layer_on_the_day_and_one_more_every_few_days() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 11, d);
        let layers = |today| due_layers(State::Sent, day(10), day(today).unwrap(), 3);
        assert_eq!(
            [9, 10, 12, 13, 15, 16, 19, 22, 25, 30].map(layers),
            [0, 1, 1, 2, 2, 3, 4, 5, 6, 6]
        );
        assert_eq!(due_layers(State::Draft, day(10), day(30).unwrap(), 3), 1);
        assert_eq!(due_layers(State::Closed, day(10), day(30).unwrap(), 3), 0);
        assert_eq!(due_layers(State::Sent, None, day(30).unwrap(), 3), 0);
    }
}
