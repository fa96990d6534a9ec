//! What a browser sent, exactly as it sent it.

use std::collections::BTreeSet;

use bytes::Bytes;
use percent_encoding::percent_decode;

/// More fields than any screen has; a request above it is a mistake or an attack.
pub const MAX_FIELDS: usize = 10_000;

/// A file that came with a form.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The name of the file field.
    pub field: String,
    /// The name the file had on the sender's machine, as sent. Never a path to write to.
    pub file_name: String,
    /// The whole file; the size was limited while it was received.
    pub bytes: Bytes,
}

/// Why the sent form could not be read at all. The sentence is for the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadForm {
    /// The bytes are not UTF-8; keeping a guess would store a wrong name.
    #[error(
        "送られた文字を読み取れませんでした（文字コードがUTF-8ではありません）。保存はしていません。画面を読み込み直して、もう一度送ってください。"
    )]
    NotUtf8,
    /// More than [`MAX_FIELDS`] fields.
    #[error(
        "項目の数が多すぎます（10,000項目まで）。保存はしていません。内容を分けて、もう一度送ってください。"
    )]
    TooManyFields,
    /// A stored draft is not the JSON that [`Posted::to_json`] writes.
    #[error(
        "下書きを読み取れませんでした。下書きは消さずに残してあります。管理者に連絡してください。"
    )]
    BadDraft,
}

/// The fields of a sent form in the order in which they came, with its files.
#[derive(Debug, Clone, Default)]
pub struct Posted {
    pub(super) pairs: Vec<(String, String)>,
    /// Files of a multipart form; empty for an ordinary one. Never part of a draft.
    pub files: Vec<Upload>,
}

impl Posted {
    /// Reads `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// [`BadForm`] when the text is not UTF-8 or has more than [`MAX_FIELDS`] fields.
    pub fn parse_urlencoded(body: &[u8]) -> Result<Self, BadForm> {
        let mut pairs = Vec::new();
        for part in body.split(|byte| *byte == b'&') {
            if part.is_empty() {
                continue;
            }
            if pairs.len() == MAX_FIELDS {
                return Err(BadForm::TooManyFields);
            }
            let (name, value) = match part.iter().position(|byte| *byte == b'=') {
                Some(at) => (&part[..at], &part[at + 1..]),
                None => (part, &part[part.len()..]),
            };
            pairs.push((decode(name)?, decode(value)?));
        }
        Ok(Self {
            pairs,
            files: Vec::new(),
        })
    }

    /// Builds a form from pairs: a multipart body already read, a record shown for editing, a test.
    pub fn from_pairs<N, V>(pairs: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<String>,
    {
        let pairs = pairs
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        Self {
            pairs,
            files: Vec::new(),
        }
    }

    /// The first value sent under this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Every value sent under this name, in order (checkboxes).
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.pairs
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// The numbers used in a repeated group, ascending: with `person[0].name` and
    /// `person[3].kana`, `indexed("person")` is `[0, 3]`. Gaps are normal (a row was removed).
    #[must_use]
    pub fn indexed(&self, prefix: &str) -> Vec<usize> {
        let numbers: BTreeSet<usize> = self
            .pairs
            .iter()
            .filter_map(|(name, _)| {
                let (number, _) = name
                    .strip_prefix(prefix)?
                    .strip_prefix('[')?
                    .split_once(']')?;
                number.parse().ok()
            })
            .collect();
        numbers.into_iter().collect()
    }

    /// Name and value of every field, in the order in which they came.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Replaces every value under this name by one, in place of the first.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.set_all(name, [value.into()]);
    }

    /// Replaces every value under this name by these.
    pub fn set_all(&mut self, name: &str, values: impl IntoIterator<Item = String>) {
        let at = self.pairs.iter().position(|(known, _)| known == name);
        self.pairs.retain(|(known, _)| known != name);
        let at = at.unwrap_or(self.pairs.len());
        let new = values.into_iter().map(|value| (name.to_owned(), value));
        self.pairs.splice(at..at, new);
    }

    /// Takes away every field under this name.
    pub fn remove(&mut self, name: &str) {
        self.pairs.retain(|(known, _)| known != name);
    }

    /// The draft as stored: a JSON array of `[name, value]`. Files and the tokens of this one
    /// screen (`csrf`, `once`) are left out.
    #[must_use]
    pub fn to_json(&self) -> String {
        let kept = self
            .pairs
            .iter()
            .filter(|(name, _)| name != "csrf" && name != "once");
        serde_json::Value::from_iter(kept.map(|(name, value)| serde_json::json!([name, value])))
            .to_string()
    }

    /// Reads what [`Posted::to_json`] wrote.
    ///
    /// # Errors
    /// [`BadForm::BadDraft`] for anything else, [`BadForm::TooManyFields`] above [`MAX_FIELDS`].
    pub fn from_json(json: &str) -> Result<Self, BadForm> {
        let pairs: Vec<(String, String)> =
            serde_json::from_str(json).map_err(|_| BadForm::BadDraft)?;
        if pairs.len() > MAX_FIELDS {
            return Err(BadForm::TooManyFields);
        }
        Ok(Self {
            pairs,
            files: Vec::new(),
        })
    }
}

fn decode(part: &[u8]) -> Result<String, BadForm> {
    let spaced: Vec<u8> = part
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    let bytes: Vec<u8> = percent_decode(&spaced).collect();
    String::from_utf8(bytes).map_err(|_| BadForm::NotUtf8)
}
