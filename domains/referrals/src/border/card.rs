//! 公開カード: what one administrator gives another, on any way, since it holds no secret; and the
//! fingerprint, which goes by telephone only, so that a swapped card is noticed.

use std::fmt::Write as _;

use age::x25519;
use ed25519_dalek::VerifyingKey;
use sha2::{Digest as _, Sha256};

const HEAD: &str = "engawa-card 1";
/// Groups of four digits in a fingerprint: 32 digits, more than 100 bits.
const GROUPS: usize = 8;

/// The public half of a municipality's keys.
#[derive(Debug, Clone)]
pub struct Card {
    /// 全国地方公共団体コード
    pub code: String,
    /// As it calls itself.
    pub name: String,
    /// Files to it are sealed for this.
    pub recipient: x25519::Recipient,
    /// Its files are checked with this.
    pub verifier: VerifyingKey,
}

/// Why a pasted text is no card, for the person who pasted it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCard {
    /// The first line is not there.
    NotACard,
    /// A line is missing or damaged: which.
    Line(&'static str),
}

impl NoCard {
    /// What to do.
    #[must_use]
    pub fn sentence(self) -> String {
        match self {
            Self::NotACard => format!(
                "公開カードではないようです。「{HEAD}」で始まる文字を、最初の行から最後の行まで貼り付けてください。"
            ),
            Self::Line(which) => format!(
                "公開カードの「{which}」の行がないか、途中で切れています。相手からもう一度受け取り、全部を貼り付けてください。"
            ),
        }
    }
}

/// 64 hexadecimal digits as 32 bytes.
pub(super) fn bytes_of(hex: &str) -> Option<[u8; 32]> {
    let digits = hex.as_bytes();
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

impl Card {
    /// Reads a pasted card. Empty lines, spaces around and `>` of a quoted mail do no harm.
    ///
    /// # Errors
    /// [`NoCard`]
    pub fn parse(text: &str) -> Result<Self, NoCard> {
        let mut lines = text
            .lines()
            .map(|l| l.trim_matches(|c: char| c.is_whitespace() || c == '>' || c == '\u{feff}'))
            .skip_while(|l| *l != HEAD);
        lines.next().ok_or(NoCard::NotACard)?;
        let (mut code, mut name, mut encrypt, mut verify) = (None, None, None, None);
        for line in lines.take(40) {
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            let slot = match key.trim() {
                "code" => &mut code,
                "name" => &mut name,
                "encrypt" => &mut encrypt,
                "verify" => &mut verify,
                _ => continue,
            };
            slot.get_or_insert(value);
        }
        let given = |value: Option<&str>, which| match value {
            Some(v) if !v.is_empty() && v.chars().count() <= 200 => Ok(v.to_owned()),
            _ => Err(NoCard::Line(which)),
        };
        let (code, name) = (given(code, "code")?, given(name, "name")?);
        let recipient = given(encrypt, "encrypt")?;
        Ok(Self {
            code,
            name,
            recipient: recipient.parse().map_err(|_| NoCard::Line("encrypt"))?,
            verifier: verify.and_then(verifier_of).ok_or(NoCard::Line("verify"))?,
        })
    }

    /// As it is shown and downloaded. The fingerprint is not in it: whoever swaps the card would
    /// swap that as well.
    #[must_use]
    pub fn text(&self) -> String {
        format!(
            "{HEAD}\nname: {}\ncode: {}\nencrypt: {}\nverify: {}\n",
            self.name,
            self.code,
            self.recipient,
            self.verifier_text()
        )
    }

    /// The verifying key as text.
    #[must_use]
    pub fn verifier_text(&self) -> String {
        let mut hex = String::with_capacity(64);
        for byte in self.verifier.as_bytes() {
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }

    /// 「0123 4567 …」: read out on the telephone.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for part in [
            HEAD,
            &self.code,
            &self.recipient.to_string(),
            &self.verifier_text(),
        ] {
            hash.update(part.as_bytes());
            hash.update(b"\n");
        }
        let groups: Vec<String> = hash
            .finalize()
            .chunks_exact(4)
            .take(GROUPS)
            .map(|four| {
                let number = four.iter().fold(0_u32, |n, b| n << 8 | u32::from(*b));
                format!("{:04}", number % 10_000)
            })
            .collect();
        groups.join(" ")
    }

    /// Whether what was heard on the telephone is this card's fingerprint; spaces, hyphens and
    /// full-width digits do no harm.
    #[must_use]
    pub fn sounds_like(&self, heard: &str) -> bool {
        let digits = |t: &str| -> String {
            t.chars()
                .filter_map(|c| match c {
                    '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
                    c => c.is_ascii_digit().then_some(c),
                })
                .collect()
        };
        digits(heard) == digits(&self.fingerprint())
    }
}

/// A verifying key from its text.
#[must_use]
pub fn verifier_of(hex: &str) -> Option<VerifyingKey> {
    VerifyingKey::from_bytes(&bytes_of(hex)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::border::keys::Keys;

    #[test]
    fn a_card_survives_a_mail_and_its_fingerprint_a_telephone() {
        let card = Keys::random().unwrap().card("132195", "縁側市");
        let quoted: String = format!("こんにちは。\n\n{}--\n署名: 係", card.text())
            .lines()
            .map(|l| format!("> {l} \r\n"))
            .collect();
        let read = Card::parse(&quoted).unwrap();
        assert_eq!(read.fingerprint(), card.fingerprint());
        assert_eq!(
            (read.code.as_str(), read.name.as_str()),
            ("132195", "縁側市")
        );
        assert!(!card.text().contains(&card.fingerprint()));
        assert!(read.sounds_like(&card.fingerprint().replace(' ', "-")));
        let wide: String = card
            .fingerprint()
            .chars()
            .map(|c| {
                c.to_digit(10)
                    .map_or('　', |d| char::from_u32('０' as u32 + d).unwrap())
            })
            .collect();
        assert!(read.sounds_like(&wide));
        let other = Keys::random().unwrap().card("132195", "縁側市");
        assert!(!read.sounds_like(&other.fingerprint()));
        assert!(!read.sounds_like(""));
    }

    #[test]
    fn what_is_no_card_says_which_line_is_wrong() {
        let text = Keys::random().unwrap().card("132195", "縁側市").text();
        assert_eq!(Card::parse("").unwrap_err(), NoCard::NotACard);
        assert_eq!(Card::parse("指紋 1234").unwrap_err(), NoCard::NotACard);
        for which in ["name", "code", "encrypt", "verify"] {
            let cut: String = text
                .lines()
                .map(|l| {
                    if l.starts_with(which) {
                        l.get(..l.len() - 1)
                            .filter(|_| which.len() == 7 || which == "verify")
                            .unwrap_or("")
                    } else {
                        l
                    }
                })
                .map(|l| format!("{l}\n"))
                .collect();
            assert_eq!(Card::parse(&cut).unwrap_err(), NoCard::Line(which), "{cut}");
        }
    }
}
