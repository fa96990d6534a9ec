//! When protection begins and ends, and when a request to lift still stands.

use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use engawa_kernel::{
    clock,
    error::{Error, Result},
};

use crate::model::{Lift, Protection, ProtectionId};

/// Days before the end on which the task appears.
pub const NOTICE_DAYS: u64 = 30;

/// The last day of a period that begins on a day: 支援措置 runs for a year.
#[must_use]
pub fn default_end(starts_on: NaiveDate) -> NaiveDate {
    starts_on
        .checked_add_months(Months::new(12))
        .and_then(|d| d.checked_sub_days(Days::new(1)))
        .unwrap_or(starts_on)
}

/// Where a protection stands. There is no state in which time alone discloses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In its period.
    Active,
    /// The period is over; everything stays withheld until two people lift it.
    ExpiredStillWithheld,
    /// A later application has taken over.
    Renewed,
    /// Lifted by two people.
    Lifted,
}

impl Standing {
    /// As screens say it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Active => "措置の期間中",
            Self::ExpiredStillWithheld => "期間満了（秘匿は続いています）",
            Self::Renewed => "再申出により更新",
            Self::Lifted => "解除済み",
        }
    }
}

/// See [`Standing`].
#[must_use]
pub fn standing(p: &Protection, today: NaiveDate) -> Standing {
    match (p.ended_at, p.ended_how.as_deref()) {
        (Some(_), Some("lifted")) => Standing::Lifted,
        (Some(_), _) => Standing::Renewed,
        (None, _) if p.ends_on < today => Standing::ExpiredStillWithheld,
        (None, _) => Standing::Active,
    }
}

/// A list or page made before today may not lift anything: in between she may have applied again
/// (目黒区 2025). The application named must be the newest one.
///
/// # Errors
/// The sentence that says why the request does not stand.
pub fn may_request_lift(
    named: ProtectionId,
    list_made_at: DateTime<Utc>,
    newest: Option<&Protection>,
    now: DateTime<Utc>,
) -> Result<()> {
    let newest = newest.ok_or_else(|| {
        Error::Invalid("この人に有効な秘匿の設定はありません。解除の手続きは要りません。".into())
    })?;
    if newest.id != named {
        return Err(Error::Invalid(
            "この一覧や画面が作られた後に、再申出がありました。再申出が優先されるため、解除できません。画面を開き直して、いまの申出を確かめてください。".into(),
        ));
    }
    if clock::local(list_made_at).date() != clock::local(now).date() || list_made_at > now {
        return Err(Error::Invalid(
            "この一覧や画面は作られた日を過ぎているため、解除には使えません（有効なのは作成日かぎりです）。画面を開き直して、いまの状態を確かめてください。".into(),
        ));
    }
    Ok(())
}

/// A second person may confirm only the request for the newest application, made today or
/// yesterday by somebody else.
///
/// # Errors
/// The sentence that says why not.
pub fn may_confirm_lift(
    lift: &Lift,
    newest: Option<&Protection>,
    confirmer: engawa_kernel::id::StaffId,
) -> Result<()> {
    if lift.requested_by == confirmer {
        return Err(Error::Forbidden(
            "解除には二人の確認が必要です。解除を申請した本人は承認できません。別の管理者または推進員に依頼してください。".into(),
        ));
    }
    if newest.is_none_or(|p| p.id != lift.protection) {
        return Err(Error::Invalid(
            "解除の申請の後に再申出がありました。再申出が優先されるため、解除できません。".into(),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_less_a_day() {
        let d = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(default_end(d(2026, 11, 21)), d(2027, 11, 20));
        assert_eq!(default_end(d(2028, 2, 29)), d(2029, 2, 27));
    }
}
