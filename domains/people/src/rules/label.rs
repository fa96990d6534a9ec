//! What screens call a person.

use chrono::NaiveDate;
use engawa_kernel::text::birth::BirthDate;

use crate::model::{Name, NameKind, Sex};

/// Which kind of name is shown first.
const ORDER: [NameKind; 6] = [
    NameKind::Registered,
    NameKind::Heard,
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

/// 匿名(女性・50代推定), with what is known only: 匿名(女性), 匿名(50代推定); else 匿名の方.
#[must_use]
pub fn anonymous(sex: Sex, birth: BirthDate, today: NaiveDate) -> String {
    let sex = match sex {
        Sex::Female => Some("女性".to_owned()),
        Sex::Male => Some("男性".to_owned()),
        Sex::Other => Some("性別その他".to_owned()),
        Sex::Unknown => None,
    };
    let age = birth
        .age_on(today)
        .map(|age| age.to_string().replace('・', ""));
    let known: Vec<String> = sex.into_iter().chain(age).collect();
    if known.is_empty() {
        NOBODY_KNOWN.to_owned()
    } else {
        format!("匿名({})", known.join("・"))
    }
}

/// Somebody of whom neither name nor sex nor age is known.
const NOBODY_KNOWN: &str = "匿名の方";

/// What a case or household is called after somebody until it has a name of its own:
/// 見本 花子さんの世帯; 匿名の方の世帯.
#[must_use]
pub fn named_after(shown_name: &str) -> String {
    let title = if shown_name.starts_with("匿名") {
        ""
    } else {
        "さん"
    };
    format!("{shown_name}{title}の世帯")
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
        let nothing = BirthDate::Unknown;
        assert_eq!(anonymous(Sex::Unknown, nothing, today), "匿名の方");
        assert_eq!(anonymous(Sex::Female, nothing, today), "匿名(女性)");
        assert_eq!(anonymous(Sex::Unknown, fifty, today), "匿名(50代推定)");
        let born = BirthDate::parse("S25.3.4", today).unwrap();
        assert_eq!(anonymous(Sex::Male, born, today), "匿名(男性・76歳)");
        assert_eq!(named_after("匿名の方"), "匿名の方の世帯");
        assert_eq!(named_after("見本 花子"), "見本 花子さんの世帯");
    }

    #[test]
    fn a_name_only_heard_gives_way_to_the_register() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        let name = |kind, text: &str| Name {
            id: uuid::Uuid::nil(),
            kind,
            text: text.into(),
            kana: String::new(),
            ended_at: None,
        };
        let names = [
            name(NameKind::Heard, "高橋 和子"),
            name(NameKind::Registered, "髙橋 和子"),
        ];
        let shown =
            |names: &[Name]| shown_name(names, None, Sex::Unknown, BirthDate::Unknown, today).0;
        assert_eq!(shown(&names), "髙橋 和子");
        assert_eq!(shown(&names[..1]), "高橋 和子");
    }
}
