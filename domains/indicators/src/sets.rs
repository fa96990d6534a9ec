//! 報告様式: reporting sets as definition files. Those of the state come with the program
//! (`sets/*.json`); a municipality uploads its own, or another wording of these.

use std::collections::HashSet;

use engawa_kernel::error::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::model::Rule;

/// Items of one set at most.
pub const ITEMS: usize = 300;

/// A return with its items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// In the address; letters, digits and `_`.
    pub code: String,
    /// As people call it.
    pub title: String,
    /// Which edition of whose form: stands under the table.
    #[serde(default)]
    pub note: String,
    /// Programmes or blocks of the form.
    pub sections: Vec<Section>,
}

/// A block of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// 多機関協働事業
    pub title: String,
    /// Its lines.
    pub items: Vec<Item>,
}

/// A line of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The name of the cell that it goes into; unique in the set.
    pub cell: String,
    /// As the form words it.
    pub label: String,
    /// What is counted.
    pub rule: Rule,
    /// What the form says of it.
    #[serde(default)]
    pub note: String,
}

const SHIPPED: [&str; 3] = [
    include_str!("../sets/juso.json"),
    include_str!("../sets/konkyu.json"),
    include_str!("../sets/local.json"),
];

/// The sets that come with the program.
#[must_use]
pub fn shipped() -> Vec<Set> {
    SHIPPED
        .iter()
        .filter_map(|text| serde_json::from_str(text).ok())
        .collect()
}

/// Reads and checks a definition file.
///
/// # Errors
/// What is wrong with it, for the person who chose the file.
pub fn read(text: &str) -> Result<Set> {
    let wrong = |why: String| {
        Error::Invalid(format!(
            "報告様式の定義を読み取れませんでした（{why}）。登録はしていません。ファイルを直して、もう一度選んでください。"
        ))
    };
    let set: Set = serde_json::from_str(text).map_err(|e| wrong(e.to_string()))?;
    let plain = |t: &str| {
        !t.is_empty() && t.len() <= 40 && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    if !plain(&set.code) || matches!(set.code.as_str(), "upload") {
        return Err(wrong("codeは半角の英数字と_で40字までです".into()));
    }
    let items: Vec<&Item> = set.sections.iter().flat_map(|s| &s.items).collect();
    if items.is_empty() || items.len() > ITEMS {
        return Err(wrong(format!("項目は1から{ITEMS}までです")));
    }
    let mut cells = HashSet::new();
    for item in items {
        if !plain(&item.cell) || !cells.insert(item.cell.as_str()) {
            return Err(wrong(format!(
                "cell「{}」が重なっているか、使えない文字があります",
                item.cell
            )));
        }
        for mark in &item.rule.count.filter.marks {
            if !plain(mark) {
                return Err(wrong(format!("条件「{mark}」は使えません")));
            }
        }
    }
    Ok(set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_sets_are_right() {
        assert_eq!(shipped().len(), SHIPPED.len());
        for text in SHIPPED {
            let set = read(text).map_err(|e| e.to_string());
            assert!(set.is_ok(), "{set:?}");
        }
    }

    #[test]
    fn a_wrong_file_is_refused_in_words() {
        let twice = r#"{"code":"a","title":"","sections":[{"title":"","items":[
            {"cell":"x","label":"","rule":{"count":{"source":"case","unit":"events"}}},
            {"cell":"x","label":"","rule":{"count":{"source":"case","unit":"events"}}}]}]}"#;
        for text in [
            "",
            "[]",
            "{\"code\":\"あ\",\"title\":\"\",\"sections\":[]}",
            twice,
        ] {
            let said = read(text)
                .map_err(|e| e.to_string())
                .err()
                .unwrap_or_default();
            assert!(said.contains("登録はしていません"), "{text}: {said}");
        }
    }
}
