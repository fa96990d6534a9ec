//! Lists and names as officers write them into the form: separators, brackets, list numbers.

const OPEN: &str = "（(【〔[「『";
const CLOSE: &str = "）)】〕]」』";

/// Whether an opening bracket; whether a closing one.
fn depth(c: char) -> i32 {
    i32::from(OPEN.contains(c)) - i32::from(CLOSE.contains(c))
}

/// Splits outside brackets wherever `cut` says so.
fn split(text: &str, cut: impl Fn(char, Option<char>, Option<char>) -> bool) -> Vec<String> {
    let chars: Vec<char> = text.chars().take(20_000).collect();
    let (mut found, mut current, mut level) = (Vec::new(), String::new(), 0_i32);
    for (n, c) in chars.iter().enumerate() {
        level = (level + depth(*c)).max(0);
        let before = n.checked_sub(1).and_then(|n| chars.get(n)).copied();
        if level == 0 && cut(*c, before, chars.get(n + 1).copied()) {
            found.push(std::mem::take(&mut current));
        } else {
            current.push(*c);
        }
    }
    found.push(current);
    found
        .iter()
        .map(|item| clean(item))
        .filter(|item| !item.is_empty())
        .collect()
}

fn separates(c: char, before: Option<char>, after: Option<char>) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_numeric());
    match c {
        '\n' | '\t' | '、' | '；' | ';' | '○' | '●' | '■' | '◎' | '。' => true,
        ',' | '，' => !(digit(before) && digit(after)),
        // A dot begins an entry; within a word it joins two.
        '・' => before.is_none_or(|c| c.is_whitespace()),
        _ => false,
    }
}

/// The entries of a list; spaces belong to the names.
pub fn items(text: &str) -> Vec<String> {
    split(text, separates)
}

/// As [`items`], with spaces between entries too; a legal form keeps the name behind it, and a name
/// its count.
pub fn words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for item in items(text) {
        let begin = found.len();
        for word in split(&item, |c, _, _| c.is_whitespace()) {
            let count = word.starts_with(|c: char| c.is_numeric());
            match found.get_mut(begin..).and_then(<[String]>::last_mut) {
                Some(last) if count || super::bodies::is_legal_form(last) => last.push_str(&word),
                _ => found.push(word),
            }
        }
    }
    found
}

/// Names in a bracket or a short list, where a dot separates too.
pub fn listed(text: &str) -> Vec<String> {
    split(text, |c, b, a| {
        separates(c, b, a) || matches!(c, '・' | '／' | '/') || c.is_whitespace()
    })
}

/// Every piece between separators, brackets, colons and arrows: where names of bodies are looked for.
pub fn pieces(text: &str) -> Vec<String> {
    let mut flat = String::new();
    for c in text.chars().take(20_000) {
        flat.push(
            if depth(c) != 0 || matches!(c, '：' | ':' | '→' | '…' | '＝') {
                '\n'
            } else {
                c
            },
        );
    }
    let flat = flat.replace("及び", "\n").replace("並びに", "\n");
    words(&flat)
}

/// An entry without list numbers, dots and 「など」.
pub fn clean(item: &str) -> String {
    let mut text = item
        .trim()
        .trim_matches(['・', '※', '*', '-', '－', '。', '、', '，'])
        .trim();
    loop {
        let before = text;
        text = text
            .trim_start_matches(|c| ('①'..='⑳').contains(&c))
            .trim_start();
        text = list_letter(text).unwrap_or(text);
        for end in ["など", "等", "ほか", "その他"] {
            if text.chars().count() > end.chars().count() + 1 {
                text = text.strip_suffix(end).unwrap_or(text).trim_end();
            }
        }
        if text == before {
            return text.to_owned();
        }
    }
}

/// What follows 「ア」「(1)」「1)」「1.」 at the beginning.
fn list_letter(text: &str) -> Option<&str> {
    let mut chars = text.chars();
    let first = chars.next()?;
    if matches!(first, 'ア' | 'イ' | 'ウ' | 'エ' | 'オ') {
        let rest = chars.as_str();
        let next = rest.chars().next()?;
        // A letter before a word in another script numbers it; 「アウトリーチ」 is a word.
        let katakana = ('ァ'..='ヺ').contains(&next) || next == 'ー';
        return (!katakana).then(|| rest.trim_start_matches(['．', '.', ' ', '　', ')', '）']));
    }
    let open = matches!(first, '(' | '（');
    let rest = if open { chars.as_str() } else { text };
    let digits: usize = rest
        .chars()
        .take_while(char::is_ascii_digit)
        .map(char::len_utf8)
        .sum();
    let after = rest.get(digits..)?;
    let ends = if open { [')', '）'] } else { [')', '.'] };
    let tail = after.strip_prefix(ends)?;
    ((1..=2).contains(&digits) && !tail.starts_with(|c: char| c.is_ascii_digit()))
        .then(|| tail.trim_start())
}

/// An entry without its brackets, and what stands in them.
pub fn bracket(item: &str) -> (String, Vec<String>) {
    let (mut base, mut inside, mut current, mut level) =
        (String::new(), Vec::new(), String::new(), 0_i32);
    for c in item.chars() {
        let step = depth(c);
        if step > 0 && level == 0 {
            level = 1;
        } else if step < 0 && level == 1 {
            level = 0;
            inside.push(std::mem::take(&mut current));
        } else {
            level = (level + step).max(0);
            if level == 0 {
                base.push(c)
            } else {
                current.push(c)
            }
        }
    }
    if !current.is_empty() {
        inside.push(current);
    }
    (base.trim().to_owned(), inside)
}

/// Whether a piece tells instead of naming.
pub fn tells(text: &str) -> bool {
    [
        "する",
        "行う",
        "行い",
        "図る",
        "実施",
        "活用",
        "開催",
        "検討",
        "目指",
        "とした",
        "について",
    ]
    .iter()
    .any(|verb| text.contains(verb))
        || text.chars().count() > 45
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_taken_apart_and_words_stay_whole() {
        assert_eq!(
            items("東地区、西地区（A、B）など"),
            ["東地区", "西地区（A、B）"]
        );
        assert_eq!(items("・相談室\n・集いの場"), ["相談室", "集いの場"]);
        assert_eq!(
            items("民生・児童委員、1,200人"),
            ["民生・児童委員", "1,200人"]
        );
        assert_eq!(
            words("社会福祉法人 縁側会 見本会"),
            ["社会福祉法人縁側会", "見本会"]
        );
        assert_eq!(
            words("社会福祉法人、医療法人"),
            ["社会福祉法人", "医療法人"]
        );
        assert_eq!(words("集会所 3か所 公民館"), ["集会所3か所", "公民館"]);
        assert_eq!(listed("東・西・南"), ["東", "西", "南"]);
        assert_eq!(clean("①ア縁側市"), "縁側市");
        assert_eq!(clean("アウトリーチ"), "アウトリーチ");
        assert_eq!(clean("(1) 相談室 等"), "相談室");
        assert_eq!(clean("8050世帯"), "8050世帯");
        assert_eq!(
            bracket("包括（東、西）【仮】"),
            ("包括".into(), vec!["東、西".into(), "仮".into()])
        );
        assert!(items("").is_empty() && listed("）））").len() <= 1);
    }
}
