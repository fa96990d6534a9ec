//! Which consent covers what, whether a text names somebody who must not be named, and whether free
//! text may go out unread.
//!
//! Free text is about whomever it speaks of, not about whom the sheet is about: a mother's words tell
//! of her husband, and where her daughter lives. No list of names finds that, so it goes out only
//! when everybody in the record may be spoken of and nobody there is protected, or when the sender
//! has read it once more and says so ([`CHECK`]).

use engawa_kernel::id::PersonId;
use engawa_people::ConsentItem;

/// What the sender ticks. Whoever is not in the sheet is meant, which is everybody when nobody agreed.
pub const CHECK: &str =
    "載らない人の個人が分かること・秘匿の人の居場所が書かれていないことを確かめました";
/// As the receiver reads it; the same whoever is left out, so that it tells of nobody.
pub const CHECKED: &str = "送り手が文章を読み返し、シートに載らない人の個人が分かること・秘匿の人の居場所が書かれていないことを確かめました。";

/// Somebody in the record behind a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who.
    pub person: PersonId,
    /// As shown to the sender.
    pub name: String,
    /// In the sheet, with 「相談内容」.
    pub spoken_of: bool,
    /// 秘匿
    pub protected: bool,
}

/// Everybody in the record, as far as free text is concerned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clearance(pub Vec<Standing>);

impl Clearance {
    /// Whether free text may go only after the sender has checked it. A record about nobody (an
    /// anonymous call) has nobody's consent.
    #[must_use]
    pub fn must_check(&self) -> bool {
        self.0.is_empty() || self.0.iter().any(|s| !s.spoken_of || s.protected)
    }
    /// Who may not be spoken of.
    pub fn unspoken(&self) -> impl Iterator<Item = &Standing> {
        self.0.iter().filter(|s| !s.spoken_of)
    }
    /// Who must not be found.
    pub fn protected(&self) -> impl Iterator<Item = &Standing> {
        self.0.iter().filter(|s| s.protected)
    }
    /// Why free text may be passed on. `grounds`: of those who are in the sheet and may be spoken of.
    #[must_use]
    pub fn why(&self, grounds: &[&str]) -> String {
        let agreed = match grounds {
            [] => None,
            [first, rest @ ..] if rest.iter().all(|g| g == first) => Some((*first).to_owned()),
            _ => Some("載せる人それぞれの同意".to_owned()),
        };
        match (agreed, self.must_check()) {
            (None, _) => "個人を特定しない内容（送り手が確認）".into(),
            (Some(agreed), false) => agreed,
            (Some(agreed), true) => format!(
                "{agreed}。載らない人のことと秘匿の人の居場所が書かれていないことを送り手が確認"
            ),
        }
    }
    /// Why it was not sent, when the box is not ticked: who is meant, what to do.
    #[must_use]
    pub fn refusal(&self) -> String {
        let named = |people: Vec<&str>| people.join("、");
        let unspoken = named(self.unspoken().map(|s| s.name.as_str()).collect());
        let protected = named(self.protected().map(|s| s.name.as_str()).collect());
        let mut said = String::from("文章を読み返して、");
        if !unspoken.is_empty() {
            said.push_str(&format!("載らない人（{unspoken}）のこと、"));
        }
        if !protected.is_empty() {
            said.push_str(&format!("秘匿の人（{protected}）の居場所の手がかり、"));
        }
        said.push_str(&format!(
            "個人が分かることが書かれていないか確かめ、「{CHECK}」にチェックを入れてください。"
        ));
        said
    }
}

/// The item of a consent that a worry falls under.
#[must_use]
pub fn item_of_issue(code: &str) -> ConsentItem {
    match code {
        "illness" | "mental" | "dependence" | "suicidal" | "dementia" | "dementia_alone"
        | "untreated" | "development" | "wandering" => ConsentItem::Health,
        "income" | "rent_loan" | "tax_utility" | "debt" | "arrears" | "budgeting" | "no_food"
        | "consumer_harm" => ConsentItem::Money,
        "family_relation" | "child_rearing" | "care" | "abuse_dv" | "abuse_elderly"
        | "abuse_disabled" | "abuse_child" | "dv" | "young_carer" | "double_care" | "p8050"
        | "after_parents" | "marriage_birth" | "no_kin" => ConsentItem::Family,
        "job_search" | "workplace" | "school_absence" | "education" => ConsentItem::Work,
        _ => ConsentItem::Consultation,
    }
}

fn joined(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A name of somebody left out that stands in a text. A family name that somebody included bears
/// too does not count; a given name of one sign neither, since it stands in too many words.
#[must_use]
pub fn named_in<'a>(text: &str, left_out: &[&'a str], included: &[&str]) -> Option<&'a str> {
    let text = joined(text);
    let known: Vec<&str> = included.iter().flat_map(|n| n.split_whitespace()).collect();
    left_out.iter().copied().find(|name| {
        let whole = joined(name);
        if whole.is_empty() {
            return false;
        }
        text.contains(&whole)
            || name.split_whitespace().any(|part| {
                part.chars().count() >= 2 && !known.contains(&part) && text.contains(part)
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clearance(people: &[(&str, bool, bool)]) -> Clearance {
        let standing = |(name, spoken_of, protected): &(&str, bool, bool)| Standing {
            person: PersonId::new(),
            name: (*name).to_owned(),
            spoken_of: *spoken_of,
            protected: *protected,
        };
        Clearance(people.iter().map(standing).collect())
    }

    #[test]
    fn free_text_goes_unread_only_when_all_may_be_spoken_of_and_nobody_is_protected() {
        assert!(!clearance(&[("母", true, false), ("息子", true, false)]).must_check());
        assert!(clearance(&[("母", true, false), ("息子", false, false)]).must_check());
        assert!(clearance(&[("母", true, false), ("娘", true, true)]).must_check());
        assert!(
            clearance(&[]).must_check(),
            "nobody agreed for an anonymous call"
        );
    }

    #[test]
    fn the_reason_of_free_text_says_whose_consent_and_who_checked() {
        let all = clearance(&[("母", true, false)]);
        assert_eq!(all.why(&["同意（R8.4.1から）"]), "同意（R8.4.1から）");
        let some = clearance(&[("母", true, false), ("娘", false, true)]);
        assert!(some.why(&["同意（R8.4.1から）"]).contains("送り手が確認"));
        let none = clearance(&[("母", false, false)]);
        assert!(none.why(&[]).starts_with("個人を特定しない内容"));
        assert!(
            some.refusal().contains("載らない人（娘）")
                && some.refusal().contains("秘匿の人（娘）")
        );
    }

    #[test]
    fn a_text_that_names_somebody_left_out_is_found() {
        let out = ["見本 一郎"];
        let with = ["見本 太郎"];
        assert_eq!(
            named_in("息子の見本一郎さんが", &out, &with),
            Some("見本 一郎")
        );
        assert_eq!(
            named_in("一郎 さんは外に出ない", &out, &with),
            Some("見本 一郎")
        );
        assert_eq!(
            named_in("見本さんの家", &out, &with),
            None,
            "the family name is shared"
        );
        assert_eq!(named_in("見本さんの家", &out, &[]), Some("見本 一郎"));
        assert_eq!(named_in("ご家族が外に出ない", &out, &with), None);
        assert_eq!(named_in("何も", &[""], &with), None);
    }
}
