//! Which consent covers what, and whether a text names somebody who must not be named.

use engawa_people::ConsentItem;

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
