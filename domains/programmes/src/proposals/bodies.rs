//! 機関・法人: names with a legal form, and names that end as bodies' names do, in the fields that
//! name who does something.

use super::{
    Found, Kind, Words,
    words::{pieces, tells},
};
use crate::form::Field;

/// Legal forms and the kind of body each makes. The longer before the shorter.
const LEGAL: &[(&str, &str)] = &[
    ("社会福祉法人", "welfare_corporation"),
    ("特定非営利活動法人", "npo"),
    ("認定NPO法人", "npo"),
    ("NPO法人", "npo"),
    ("ＮＰＯ法人", "npo"),
    ("一般社団法人", "foundation"),
    ("公益社団法人", "foundation"),
    ("一般財団法人", "foundation"),
    ("公益財団法人", "foundation"),
    ("社会医療法人", "medical"),
    ("医療法人社団", "medical"),
    ("医療法人", "medical"),
    ("学校法人", "school"),
    ("更生保護法人", "rehabilitation"),
    ("独立行政法人", "other"),
    ("労働者協同組合", "cooperative"),
    ("生活協同組合", "cooperative"),
    ("農業協同組合", "cooperative"),
    ("農事組合法人", "cooperative"),
    ("株式会社", "company"),
    ("有限会社", "company"),
    ("合同会社", "company"),
];

/// Short forms, written out.
const SHORT: &[(&str, &str)] = &[
    ("（株）", "株式会社"),
    ("(株)", "株式会社"),
    ("㈱", "株式会社"),
    ("（福）", "社会福祉法人"),
    ("(福)", "社会福祉法人"),
    ("（社福）", "社会福祉法人"),
    ("(社福)", "社会福祉法人"),
    ("（特非）", "特定非営利活動法人"),
    ("(特非)", "特定非営利活動法人"),
    ("（一社）", "一般社団法人"),
    ("(一社)", "一般社団法人"),
];

/// Ends of names of bodies.
const ENDS: &[(&str, &str)] = &[
    ("社会福祉協議会", "social_welfare_council"),
    ("医師会", "medical"),
    ("商工会議所", "chamber"),
    ("商工会", "chamber"),
    ("社会福祉士会", "legal"),
    ("弁護士会", "legal"),
    ("協同組合", "cooperative"),
    ("運営委員会", "council"),
    ("協議会", "council"),
    ("連合会", "council"),
];

/// Fields that name who does something.
const WHO: &[Field] = &[
    Field::CommunityImplementer,
    Field::MultiImplementer,
    Field::PrefecturalImplementer,
    Field::SupportCenters,
    Field::SelfRelianceDesks,
    Field::BaseOperator,
    Field::DeskPlace,
    Field::PromoterHost,
];

/// What may stand before or behind a name without being part of it.
const AROUND: &[&str] = &[
    "委託先",
    "一部委託",
    "委託",
    "受託",
    "直営",
    "補助先",
    "運営",
    "主に",
    "が実施",
    "で実施",
    "に委託",
    "へ委託",
    "で対応",
    "の一室",
    "が運営",
    "内",
    "は",
    "が",
    "と",
];

pub(super) fn find(words: &Words) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for field in WHO {
        for (name, guessed) in names(words.text(*field), &words.home) {
            let code = code(&name);
            let mut new = Found::new(Kind::Body, name, *field, words.text(*field)).code(code);
            if guessed {
                new = new.note("計画書では略して書かれています。正式な名前を確かめてください。");
            }
            found.push(new);
        }
    }
    // One body with and without its legal form is one; the full name stays.
    let full: Vec<String> = found.iter().map(|f| f.name.clone()).collect();
    found.retain(|f| {
        !full.iter().any(|other| {
            *other != f.name
                && other.ends_with(&f.name)
                && is_legal_form(&other[..other.len() - f.name.len()])
        })
    });
    found
}

/// The kind of body that a name tells.
fn code(name: &str) -> &'static str {
    let end = ENDS.iter().find(|(end, _)| name.ends_with(end));
    if let Some((_, "social_welfare_council")) = end {
        return "social_welfare_council";
    }
    LEGAL
        .iter()
        .find(|(form, _)| name.contains(form))
        .or(end)
        .map_or("other", |(_, code)| code)
}

/// Whether a word is a legal form without a name.
pub(super) fn is_legal_form(word: &str) -> bool {
    LEGAL.iter().any(|(form, _)| *form == word.trim())
}

/// Names of bodies in a text, each with whether it was written out from a short form.
pub(super) fn names(text: &str, home: &str) -> Vec<(String, bool)> {
    let mut text = text.to_owned();
    for (short, long) in SHORT {
        text = text.replace(short, long);
    }
    let mut found: Vec<(String, bool)> = Vec::new();
    for piece in pieces(&text) {
        if let Some(name) = name(&piece, home)
            && !found.contains(&name)
        {
            found.push(name);
        }
    }
    found
}

fn name(piece: &str, home: &str) -> Option<(String, bool)> {
    let mut piece = piece.trim();
    loop {
        let before = piece;
        for word in AROUND {
            if word.chars().count() > 1 {
                piece = piece.strip_prefix(word).unwrap_or(piece).trim();
            }
            piece = piece.strip_suffix(word).unwrap_or(piece).trim();
        }
        if piece == before {
            break;
        }
    }
    if let Some(at) = LEGAL.iter().filter_map(|(form, _)| piece.find(form)).min() {
        let name = piece.get(at..)?.trim();
        return (!is_legal_form(name) && !tells(name)).then(|| (name.to_owned(), false));
    }
    let council = "社会福祉協議会";
    // 社協 alone is the municipality's own.
    if matches!(
        piece,
        "社協" | "社会福祉協議会" | "市社協" | "町社協" | "村社協" | "区社協"
    ) || piece.strip_prefix(['市', '町', '村', '区']) == Some(council)
    {
        return (!home.is_empty()).then(|| (format!("{home}{council}"), true));
    }
    if ["地区", "各", "支部", "関係"]
        .iter()
        .any(|start| piece.starts_with(start))
        || tells(piece)
    {
        return None;
    }
    if let Some(before) = piece.strip_suffix("社協") {
        return Some((format!("{before}{council}"), true));
    }
    let (end, _) = ENDS.iter().find(|(end, _)| piece.ends_with(end))?;
    (piece.chars().count() > end.chars().count() + 1 && piece != home)
        .then(|| (piece.to_owned(), false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        names(text, "縁側市")
            .into_iter()
            .map(|(name, _)| name)
            .collect()
    }

    #[test]
    fn bodies_by_legal_form_and_by_the_end_of_their_name() {
        assert_eq!(
            read("縁側市（委託先：一般社団法人 見本協議会）"),
            ["一般社団法人見本協議会"]
        );
        assert_eq!(
            read("例示県見本郡縁側市 (社会福祉法人 縁側市社会福祉協議会)"),
            ["社会福祉法人縁側市社会福祉協議会"]
        );
        assert_eq!(read("ア縁側市（イ縁側市医師会）"), ["縁側市医師会"]);
        assert_eq!(read("委託：1か所（社協）"), ["縁側市社会福祉協議会"]);
        assert_eq!(
            read("直営：1か所、委託：2か所（社協→貸付、就労→（株）見本）"),
            ["縁側市社会福祉協議会", "株式会社見本"]
        );
        assert_eq!(read("縁側市及び社会福祉協議会"), ["縁側市社会福祉協議会"]);
        assert_eq!(read("例示県社協が実施"), ["例示県社会福祉協議会"]);
        assert_eq!(read("社会福祉法人、医療法人など"), Vec::<String>::new());
        assert_eq!(read("自治会役員、福祉協力員"), Vec::<String>::new());
        assert_eq!(read("縁側市（直営）"), Vec::<String>::new());
    }

    #[test]
    fn the_kind_follows_from_the_name() {
        assert_eq!(
            code("社会福祉法人縁側市社会福祉協議会"),
            "social_welfare_council"
        );
        assert_eq!(code("社会福祉法人見本会"), "welfare_corporation");
        assert_eq!(code("NPO法人例示"), "npo");
        assert_eq!(code("縁側市医師会"), "medical");
    }
}
