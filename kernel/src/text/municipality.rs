//! 全国地方公共団体コード: prefecture (2), municipality (3), check digit (1).

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// A code of six digits whose prefecture exists and whose check digit is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MunicipalityCode(u32);

/// Why a text is no code, in words for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CodeError {
    /// Nothing was typed.
    #[error("全国地方公共団体コードが空です。6桁の数字で入力してください（例：132195）。")]
    Empty,
    /// Something other than digits.
    #[error("全国地方公共団体コードは数字だけで入力してください（例：132195）。")]
    NotDigits,
    /// Not six digits.
    #[error(
        "全国地方公共団体コードは6桁です（入力は{0}桁）。先頭の0や最後の検査数字が抜けていないかお確かめください。"
    )]
    Length(usize),
    /// No such prefecture.
    #[error("「{0}」の先頭2桁は都道府県の番号（01から47）ではありません。番号をお確かめください。")]
    Prefecture(String),
    /// The last digit does not fit the rest.
    #[error(
        "「{typed}」の検査数字（最後の1桁）が合いません。前の5桁が正しければ、最後は{expected}です。"
    )]
    CheckDigit {
        /// What was typed.
        typed: String,
        /// The digit that fits the first five.
        expected: u32,
    },
    /// More than one repair fits.
    #[error("「{typed}」は{first}とも{second}とも読めます。6桁で入力し直してください。")]
    Unclear {
        /// What was typed.
        typed: String,
        /// The one reading, a leading zero lost.
        first: MunicipalityCode,
        /// The other, the check digit missing.
        second: MunicipalityCode,
    },
}

/// What [`MunicipalityCode::repair`] had to mend; an import reports each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repair {
    /// A spreadsheet had eaten the leading zero.
    LeadingZero,
    /// The check digit was missing; this one was added.
    CheckDigit(u32),
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeadingZero => f.write_str("抜けていた先頭の0を補いました"),
            Self::CheckDigit(digit) => write!(f, "抜けていた検査数字{digit}を補いました"),
        }
    }
}

impl MunicipalityCode {
    /// Reads six digits, full-width or not.
    ///
    /// # Errors
    /// A [`CodeError`] that says what does not fit.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let digits = digits(text)?;
        if digits.len() != 6 {
            return Err(CodeError::Length(digits.len()));
        }
        Self::check(&digits)
    }

    /// Reads a code from a file that lost its leading zero or its check digit, or both, and says
    /// what was mended.
    ///
    /// # Errors
    /// A [`CodeError`] where nothing fits, or two things do.
    pub fn repair(text: &str) -> Result<(Self, Vec<Repair>), CodeError> {
        let digits = digits(text)?;
        let with_check = |body: &str| {
            let digit = check_digit(body.parse().unwrap_or_default());
            Self::check(&format!("{body}{digit}")).map(|code| (code, digit))
        };
        match digits.len() {
            6 => Ok((Self::check(&digits)?, Vec::new())),
            5 => match (Self::check(&format!("0{digits}")), with_check(&digits)) {
                (Ok(first), Ok((second, _))) => Err(CodeError::Unclear {
                    typed: digits,
                    first,
                    second,
                }),
                (Ok(code), Err(_)) => Ok((code, vec![Repair::LeadingZero])),
                (Err(_), Ok((code, digit))) => Ok((code, vec![Repair::CheckDigit(digit)])),
                (Err(reason), Err(_)) => Err(reason),
            },
            4 => {
                let (code, digit) = with_check(&format!("0{digits}"))?;
                Ok((code, vec![Repair::LeadingZero, Repair::CheckDigit(digit)]))
            }
            length => Err(CodeError::Length(length)),
        }
    }

    /// The name of the prefecture, as 東京都.
    #[must_use]
    pub fn prefecture_name(self) -> &'static str {
        let at = (self.0 / 10_000).saturating_sub(1);
        usize::try_from(at)
            .ok()
            .and_then(|at| PREFECTURES.get(at))
            .copied()
            .unwrap_or_default()
    }

    /// Whether it names a prefecture itself rather than a municipality in it.
    #[must_use]
    pub const fn is_prefecture(self) -> bool {
        (self.0 / 10).is_multiple_of(1000)
    }

    fn check(six: &str) -> Result<Self, CodeError> {
        let number: u32 = six.parse().map_err(|_| CodeError::NotDigits)?;
        if !(1..=47).contains(&(number / 10_000)) {
            return Err(CodeError::Prefecture(six.to_owned()));
        }
        let expected = check_digit(number / 10);
        if number % 10 != expected {
            return Err(CodeError::CheckDigit {
                typed: six.to_owned(),
                expected,
            });
        }
        Ok(Self(number))
    }
}

/// 11 − (6·d1 + 5·d2 + 4·d3 + 3·d4 + 2·d5) mod 11, its last digit: remainder 0 and 10 give 1,
/// remainder 1 gives 0.
const fn check_digit(body: u32) -> u32 {
    let sum = 6 * (body / 10_000 % 10)
        + 5 * (body / 1_000 % 10)
        + 4 * (body / 100 % 10)
        + 3 * (body / 10 % 10)
        + 2 * (body % 10);
    (11 - sum % 11) % 10
}

/// The digits typed, at most a few; blanks around them aside.
fn digits(text: &str) -> Result<String, CodeError> {
    let typed: String = text.trim().chars().take(12).nfkc().collect();
    match typed.as_str() {
        "" => Err(CodeError::Empty),
        t if t.bytes().all(|b| b.is_ascii_digit()) => Ok(typed),
        _ => Err(CodeError::NotDigits),
    }
}

impl fmt::Display for MunicipalityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl std::str::FromStr for MunicipalityCode {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for MunicipalityCode {
    type Error = CodeError;
    fn try_from(text: String) -> Result<Self, CodeError> {
        Self::parse(&text)
    }
}

impl From<MunicipalityCode> for String {
    fn from(code: MunicipalityCode) -> Self {
        code.to_string()
    }
}

const PREFECTURES: [&str; 47] = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
];
