//! The sound of a name, apart from how it is written. [`name_key`] is for names and
//! [`text_key`] for running text; both are made for comparing, never for storing or showing.

use unicode_normalization::{UnicodeNormalization, char::compose};

use super::variants;

const VOICED: char = '\u{3099}';
const SEMI_VOICED: char = '\u{309A}';

/// The key of a name: [`text_key`], and オ after the o-row is a long vowel too, so that オオノ,
/// オーノ and おおの, or ヨオコ and ヨウコ, are one.
#[must_use]
pub fn name_key(text: &str) -> String {
    fold(text, true)
}

/// The key of running text: NFKC, variation selectors and accents gone, hiragana as katakana,
/// ヴァ as バ, small kana large, ヂ as ジ, ヅ as ズ, ー as the vowel it prolongs (after the e-row
/// イ, after the o-row ウ, the way they are spelled), 々 as the character it repeats, kanji
/// variants folded, lower case, and only letters and digits kept.
///
/// No sign at the start of a word is changed by the word before it, so the key of a word is
/// found inside the key of any text that has the word. (The rule that [`name_key`] adds would
/// break this: そのおかね must still be found by おかね.)
#[must_use]
pub fn text_key(text: &str) -> String {
    fold(text, false)
}

/// Whether a sign is kana, full size or small, or ー.
#[must_use]
pub const fn is_kana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ゝ'..='ゟ' | 'ァ'..='ヺ' | 'ー'..='ヿ' | 'ㇰ'..='ㇿ' | 'ｦ'..='ﾟ')
}

/// Hiragana as katakana; every other sign as it is.
#[must_use]
pub fn katakana(c: char) -> char {
    match c {
        'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        _ => c,
    }
}

fn fold(text: &str, names: bool) -> String {
    let mut folded = Folded {
        out: String::with_capacity(text.len()),
        last: None,
        names,
    };
    let mut before = None;
    for c in letters(text).nfc() {
        folded.take(c, before);
        before = Some(c);
    }
    folded.out
}

/// Letters and digits only, decomposed, in lower case and katakana. What is dropped is dropped
/// before composing, so that folding twice changes nothing more.
fn letters(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut last = None;
    for c in text.nfkd().map(katakana) {
        let c = match c {
            // Dashes that are typed for ー.
            '—' | '―' | '─' if last.is_some_and(is_kana) => 'ー',
            _ => c,
        };
        let keep = match c {
            VOICED | SEMI_VOICED => last.is_some_and(|base| compose(base, c).is_some()),
            '\u{300}'..='\u{36F}' => false,
            _ => c.is_alphanumeric(),
        };
        if keep {
            kept.extend(c.to_lowercase());
            last = Some(c);
        }
    }
    kept
}

struct Folded {
    out: String,
    last: Option<char>,
    names: bool,
}

impl Folded {
    /// Adds one sign; `before` is the sign before it as it was written.
    fn take(&mut self, c: char, before: Option<char>) {
        match c {
            'ー' if before == Some('ー') => {}
            'ー' => {
                if let Some(long) = self.last.and_then(vowel).map(prolonged) {
                    self.push(long);
                }
            }
            '々' | '〻' | 'ヽ' => {
                if let Some(last) = self.last {
                    self.push(last);
                }
            }
            'ヾ' => {
                if let Some(last) = self.last {
                    self.push(plain(compose(last, VOICED).unwrap_or(last)));
                }
            }
            'ァ' | 'ィ' | 'ェ' | 'ォ' | 'ュ' if before == Some('ヴ') => {
                self.out.pop();
                self.last = self.out.chars().next_back();
                match c {
                    'ァ' => self.push('バ'),
                    'ィ' => self.push('ビ'),
                    'ェ' => self.push('ベ'),
                    'ォ' => self.push('ボ'),
                    _ => {
                        self.push('ビ');
                        self.push('ユ');
                    }
                }
            }
            _ => self.push(variants::fold(plain(c))),
        }
    }

    fn push(&mut self, c: char) {
        let c = match c {
            'オ' if self.names && self.last.and_then(vowel) == Some('オ') => 'ウ',
            _ => c,
        };
        self.out.push(c);
        self.last = Some(c);
    }
}

/// What ー stands for after a vowel: as in ケイコ and ヨウコ.
const fn prolonged(vowel: char) -> char {
    match vowel {
        'エ' => 'イ',
        'オ' => 'ウ',
        _ => vowel,
    }
}

/// Full-size katakana of today: small and historical kana, and the pairs that sound alike.
const fn plain(c: char) -> char {
    match c {
        'ァ' => 'ア',
        'ィ' | 'ヰ' => 'イ',
        'ゥ' => 'ウ',
        'ェ' | 'ヱ' => 'エ',
        'ォ' | 'ヲ' => 'オ',
        'ッ' => 'ツ',
        'ャ' => 'ヤ',
        'ュ' => 'ユ',
        'ョ' => 'ヨ',
        'ヮ' => 'ワ',
        'ヵ' => 'カ',
        'ヶ' => 'ケ',
        'ヂ' => 'ジ',
        'ヅ' => 'ズ',
        'ヴ' => 'ブ',
        'ヷ' => 'バ',
        'ヸ' => 'ビ',
        'ヹ' => 'ベ',
        'ヺ' => 'ボ',
        'ㇰ' => 'ク',
        'ㇱ' => 'シ',
        'ㇲ' => 'ス',
        'ㇳ' => 'ト',
        'ㇴ' => 'ヌ',
        'ㇵ' => 'ハ',
        'ㇶ' => 'ヒ',
        'ㇷ' => 'フ',
        'ㇸ' => 'ヘ',
        'ㇹ' => 'ホ',
        'ㇺ' => 'ム',
        'ㇻ' => 'ラ',
        'ㇼ' => 'リ',
        'ㇽ' => 'ル',
        'ㇾ' => 'レ',
        'ㇿ' => 'ロ',
        _ => c,
    }
}

/// The vowel of a full-size katakana; none for ン and all else.
const fn vowel(c: char) -> Option<char> {
    Some(match c {
        'ア' | 'カ' | 'サ' | 'タ' | 'ナ' | 'ハ' | 'マ' | 'ヤ' | 'ラ' | 'ワ' | 'ガ' | 'ザ'
        | 'ダ' | 'バ' | 'パ' => 'ア',
        'イ' | 'キ' | 'シ' | 'チ' | 'ニ' | 'ヒ' | 'ミ' | 'リ' | 'ギ' | 'ジ' | 'ビ' | 'ピ' => {
            'イ'
        }
        'ウ' | 'ク' | 'ス' | 'ツ' | 'ヌ' | 'フ' | 'ム' | 'ユ' | 'ル' | 'グ' | 'ズ' | 'ブ'
        | 'プ' => 'ウ',
        'エ' | 'ケ' | 'セ' | 'テ' | 'ネ' | 'ヘ' | 'メ' | 'レ' | 'ゲ' | 'ゼ' | 'デ' | 'ベ'
        | 'ペ' => 'エ',
        'オ' | 'コ' | 'ソ' | 'ト' | 'ノ' | 'ホ' | 'モ' | 'ヨ' | 'ロ' | 'ゴ' | 'ゾ' | 'ド'
        | 'ボ' | 'ポ' => 'オ',
        _ => return None,
    })
}
