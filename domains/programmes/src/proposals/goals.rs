//! 成果目標, one by one: entries of a list, 「相談件数 500件 研修 25人」 in one line, sentences.

use super::{
    Found, Kind, Words,
    words::{bracket, clean},
};
use crate::{figure, form::Field};

pub(super) fn find(words: &Words) -> Vec<Found> {
    let mut found = Vec::new();
    for field in Field::GOALS {
        let text = words.text(field);
        for goal in apart(text) {
            let mut new = Found::new(Kind::Goal, goal.as_str(), field, text);
            if let Some(figure) = target(&goal) {
                new = new.counted(&figure.number, &figure.unit);
            }
            found.push(new);
        }
    }
    found
}

/// The figure that a goal aims at: the last one with a unit.
fn target(goal: &str) -> Option<figure::Figure> {
    figure::all(goal).into_iter().rfind(|f| !f.unit.is_empty())
}

fn apart(text: &str) -> Vec<String> {
    text.split_inclusive(['\n', '。', '○', '●'])
        .flat_map(by_figures)
        .flat_map(|piece| numbered(&piece))
        .map(|piece| clean(piece.trim_end_matches(['○', '●'])))
        .filter(|goal| bracket(goal).0.chars().count() > 2)
        .collect()
}

/// Cut before ① ② … .
fn numbered(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    for c in text.chars() {
        if ('①'..='⑳').contains(&c) {
            found.push(String::new());
        }
        if let Some(last) = found.last_mut() {
            last.push(c);
        }
    }
    found
}

/// 「参加人数 400人（のべ） 開催回数 6回」 is cut after each figure that a space follows.
fn by_figures(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().take(20_000).collect();
    let mut found = Vec::new();
    let mut from = 0;
    for (figure, _, end) in figure::spans(text) {
        if figure.unit.is_empty() || end <= from {
            continue;
        }
        let mut at = end;
        while chars.get(at).is_some_and(|c| "以上程度増減新".contains(*c)) {
            at += 1;
        }
        // A remark in brackets belongs to the figure before it.
        let gap = usize::from(chars.get(at).is_some_and(|c| c.is_whitespace()));
        if matches!(chars.get(at + gap), Some('(' | '（')) {
            at += gap;
            while chars.get(at).is_some_and(|c| !matches!(c, ')' | '）')) {
                at += 1;
            }
            at += 1;
        }
        if chars.get(at).is_some_and(|c| c.is_whitespace()) {
            found.push(chars.get(from..at).unwrap_or_default().iter().collect());
            from = at;
        }
    }
    found.push(chars.get(from..).unwrap_or_default().iter().collect());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_goal_stands_alone_with_its_figure() {
        let read = |text: &str| {
            apart(text)
                .into_iter()
                .map(|g| {
                    let f = target(&g);
                    (
                        g,
                        f.map_or_else(String::new, |f| format!("{}{}", f.number, f.unit)),
                    )
                })
                .collect::<Vec<_>>()
        };
        let of = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            read("拠点の参加人数 400 人 (のべ) 懇談会開催回数 6 回 研修参加者 25 人"),
            [
                of("拠点の参加人数 400 人 (のべ)", "400人"),
                of("懇談会開催回数 6 回", "6回"),
                of("研修参加者 25 人", "25人")
            ]
        );
        assert_eq!(
            read("①サロンを増やす（5サロン増）。②協力員増員（30人増）。"),
            [
                of("サロンを増やす（5サロン増）", "5サロン"),
                of("協力員増員（30人増）", "30人")
            ]
        );
        assert_eq!(
            read("仕組みづくりを目指します。よって、取り組みの継続を成果目標とします。"),
            [
                of("仕組みづくりを目指します", ""),
                of("よって、取り組みの継続を成果目標とします", "")
            ]
        );
        assert_eq!(
            read("・相談件数:120件 ・解決数:100件"),
            [of("相談件数:120件", "120件"), of("解決数:100件", "100件")]
        );
        assert_eq!(
            read("複合課題への相談支援 新規100件（年間） 終結件数10件 有機的に繋ぐ。"),
            [
                of("複合課題への相談支援 新規100件（年間）", "100件"),
                of("終結件数10件", "10件"),
                of("有機的に繋ぐ", "")
            ]
        );
        assert_eq!(read(""), []);
    }
}
