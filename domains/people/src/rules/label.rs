//! What screens call a person.

use chrono::NaiveDate;
use engawa_kernel::text::birth::BirthDate;

use crate::model::{Name, NameKind, Sex};

/// Which kind of name is shown first.
const ORDER: [NameKind; 5] = [
    NameKind::Registered,
    NameKind::Common,
    NameKind::Kana,
    NameKind::Nickname,
    NameKind::Former,
];

/// The name to show and its sound: a name in use, else the label, else 匿名(女性・50代推定).
#[must_use]
pub fn shown_name(
    names: &[Name],
    label: Option<&str>,
    sex: Sex,
    birth: BirthDate,
    today: NaiveDate,
) -> (String, String) {
    for kind in ORDER {
        if let Some(name) = names
            .iter()
            .find(|n| n.kind == kind && n.ended_at.is_none() && !n.shown().is_empty())
        {
            return (name.shown().to_owned(), name.kana.clone());
        }
    }
    match label {
        Some(label) => (label.to_owned(), String::new()),
        None => (anonymous(sex, birth, today), String::new()),
    }
}

/// 匿名(女性・50代推定)
#[must_use]
pub fn anonymous(sex: Sex, birth: BirthDate, today: NaiveDate) -> String {
    let sex = match sex {
        Sex::Female => "女性",
        Sex::Male => "男性",
        Sex::Other => "性別その他",
        Sex::Unknown => "性別不明",
    };
    let age = age_text(birth, today).replace('・', "");
    format!("匿名({sex}・{age})")
}

/// 72歳, 72歳・推定, 70代・推定, or 年齢不詳.
#[must_use]
pub fn age_text(birth: BirthDate, today: NaiveDate) -> String {
    birth
        .age_on(today)
        .map_or_else(|| "年齢不詳".to_owned(), |age| age.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_without_a_name_is_called_by_what_is_known() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        let fifty = BirthDate::parse("50代", today).unwrap();
        assert_eq!(anonymous(Sex::Female, fifty, today), "匿名(女性・50代推定)");
        assert_eq!(
            anonymous(Sex::Unknown, BirthDate::Unknown, today),
            "匿名(性別不明・年齢不詳)"
        );
        let born = BirthDate::parse("S25.3.4", today).unwrap();
        assert_eq!(anonymous(Sex::Male, born, today), "匿名(男性・76歳)");
    }
}
