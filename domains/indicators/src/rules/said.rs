//! A counting rule as sentences.

use engawa_kernel::source::EventSource;

use crate::{
    model::{Count, Denominator, Dim, LATER, Rule},
    words::{self, Words},
};

/// What is counted, in short: 「相談受付の件数（延べ）：複合課題」.
#[must_use]
pub fn count(sources: &[&'static EventSource], words: &Words, c: &Count) -> String {
    let Some(source) = sources.iter().find(|s| s.code == c.source) else {
        let label = LATER
            .iter()
            .find(|(code, _)| *code == c.source)
            .map_or("まだ記録の仕組みがないもの", |(_, l)| *l);
        return label.to_owned();
    };
    let mut conditions: Vec<String> = c
        .filter
        .marks
        .iter()
        .map(|m| source.mark(m).map_or(m.as_str(), |m| m.label).to_owned())
        .collect();
    for dim in Dim::ALL {
        let wanted = c.filter.of(dim);
        if !wanted.is_empty() {
            let names: Vec<String> = wanted
                .iter()
                .map(|w| words.of_code(source, dim, w))
                .collect();
            conditions.push(format!(
                "{}：{}",
                words::dim_label(source, dim),
                names.join("・")
            ));
        }
    }
    let of = format!("{}の{}", source.label, c.unit.label());
    if conditions.is_empty() {
        of
    } else {
        format!("{of}：{}", conditions.join("、"))
    }
}

/// The whole rule: 「… ÷ … × 100」.
#[must_use]
pub fn rule(sources: &[&'static EventSource], words: &Words, r: &Rule) -> String {
    let counted = count(sources, words, &r.count);
    match &r.per {
        None => counted,
        Some(Denominator::Fixed(n)) => format!("{counted} ÷ {} × 100（%）", words::number(*n)),
        Some(Denominator::Counted(c)) => {
            format!("{counted} ÷ {} × 100（%）", count(sources, words, c))
        }
    }
}

/// What stands behind the number.
#[must_use]
pub const fn counter(r: &Rule) -> &'static str {
    if r.per.is_some() {
        "%"
    } else {
        r.count.unit.counter()
    }
}
