//! A statement with named parameters, and the text with numbers that the drivers take.

use std::collections::HashMap;

use super::Value;
use crate::error::{Error, Result};

/// A statement and its values. The text is a constant of the program; only this builder joins texts.
#[derive(Clone, Debug)]
pub struct Sql {
    text: String,
    values: HashMap<&'static str, Bound>,
}

#[derive(Clone, Debug)]
enum Bound {
    One(Value),
    /// For `in (:name)`.
    Any(Vec<Value>),
    /// A row, `(:name)`.
    Row(Vec<Value>),
}

impl Bound {
    /// A list for `in` has 1, 2, 4, 8 … values, its last one repeated: few texts to prepare.
    fn values(&self) -> Vec<Value> {
        match self {
            Self::One(value) => vec![value.clone()],
            Self::Row(values) => values.clone(),
            Self::Any(values) => {
                let last = values.last().into_iter().cycle();
                let count = match values.len() {
                    0 => 0,
                    n => n.next_power_of_two(),
                };
                values.iter().chain(last).take(count).cloned().collect()
            }
        }
    }
}

/// Starts a statement.
#[must_use]
pub fn sql(text: &'static str) -> Sql {
    Sql {
        text: text.to_owned(),
        values: HashMap::new(),
    }
}

impl Sql {
    /// Binds `:name`. A name may stand in the text several times.
    #[must_use]
    pub fn bind(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.insert(name, Bound::One(value.into()));
        self
    }

    /// Binds the values of one row, `(:name)`: to be written, or compared as a whole.
    #[must_use]
    pub fn bind_row(mut self, name: &'static str, values: Vec<Value>) -> Self {
        self.values.insert(name, Bound::Row(values));
        self
    }

    /// Binds a list for `in (:name)`; an empty list matches nothing. Keep lists under 500.
    #[must_use]
    pub fn bind_all<V: Into<Value>>(
        mut self,
        name: &'static str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.values.insert(name, Bound::Any(values));
        self
    }

    /// Appends a constant piece of text, such as a condition.
    #[must_use]
    pub fn push(mut self, text: &'static str) -> Self {
        self.text.push(' ');
        self.text.push_str(text);
        self
    }

    /// Puts a constant fragment where the text has `{slot}`.
    #[must_use]
    pub fn slot(mut self, slot: &'static str, text: &'static str) -> Self {
        self.text = self.text.replace(slot, text);
        self
    }

    /// Puts names of tables or columns, quoted, where the text has `{slot}`: for what goes through the
    /// whole database by its own catalogue. Anything but `a-z`, `0-9` and `_` makes no statement.
    #[must_use]
    pub fn names<'n>(
        mut self,
        slot: &'static str,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Self {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let quoted: Vec<String> = names
            .into_iter()
            .map(|name| {
                if name.is_empty() || !name.chars().all(plain) {
                    "\"\"".to_owned()
                } else {
                    format!("\"{name}\"")
                }
            })
            .collect();
        self.text = self.text.replace(slot, &quoted.join(", "));
        self
    }

    /// The text with `$n` for names, and the values in that order.
    pub(super) fn build(self) -> Result<(String, Vec<Value>)> {
        let mut out = String::with_capacity(self.text.len());
        let (mut order, mut values): (Vec<(&str, usize, usize)>, Vec<Value>) =
            (Vec::new(), Vec::new());
        let mut rest = self.text.as_str();
        let mut quoted = false;
        while let Some(at) = rest.find([':', '\'']) {
            out.push_str(&rest[..at]);
            let tail = &rest[at..];
            if let Some(after) = tail.strip_prefix('\'') {
                quoted = !quoted;
                out.push('\'');
                rest = after;
                continue;
            }
            let after = &tail[1..];
            let end = after
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .unwrap_or(after.len());
            if quoted || end == 0 {
                let colons = if after.starts_with(':') { 2 } else { 1 };
                out.push_str(&tail[..colons]);
                rest = &tail[colons..];
                continue;
            }
            let name = &after[..end];
            let (first, count) = match order.iter().find(|(n, ..)| *n == name) {
                Some((_, first, count)) => (*first, *count),
                None => {
                    let bound = self
                        .values
                        .get(name)
                        .ok_or_else(|| Error::Internal(format!("no value bound for :{name}")))?;
                    let bound = bound.values();
                    let place = (values.len(), bound.len());
                    values.extend(bound);
                    order.push((name, place.0, place.1));
                    place
                }
            };
            if count == 0 {
                out.push_str("null");
            }
            for i in 0..count {
                out.push_str(if i == 0 { "$" } else { ", $" });
                out.push_str(&(first + i + 1).to_string());
            }
            rest = &after[end..];
        }
        out.push_str(rest);
        Ok((out, values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_numbers_and_may_repeat() {
        let (text, values) = sql("select :a, ':x', :b::text, :a")
            .bind("a", 1_i64)
            .bind("b", "ま")
            .build()
            .unwrap();
        assert_eq!(text, "select $1, ':x', $2::text, $1");
        assert_eq!(values, vec![Value::from(1_i64), Value::from("ま")]);
    }

    #[test]
    fn lists_open_up_and_empty_ones_match_nothing() {
        let (text, values) = sql("select 1 where a in (:l) and b = :b and c in (:none)")
            .bind_all("l", [1_i64, 2, 5])
            .bind("b", 3_i64)
            .bind_all("none", Vec::<i64>::new())
            .build()
            .unwrap();
        assert_eq!(
            text,
            "select 1 where a in ($1, $2, $3, $4) and b = $5 and c in (null)"
        );
        assert_eq!(values, [1_i64, 2, 5, 5, 3].map(Value::from));
    }

    #[test]
    fn a_row_stands_as_it_is() {
        let row = ["a", "b", "c"].map(Value::from).to_vec();
        let (text, values) = sql("insert into t values (:r)")
            .bind_row("r", row.clone())
            .build()
            .unwrap();
        assert_eq!(text, "insert into t values ($1, $2, $3)");
        assert_eq!(values, row);
    }

    #[test]
    fn only_plain_names_become_part_of_the_text() {
        let q = sql("select {columns} from {table}")
            .names("{columns}", ["id", "at"])
            .names("{table}", ["room\"; drop table room"]);
        assert_eq!(q.build().unwrap().0, "select \"id\", \"at\" from \"\"");
    }

    #[test]
    fn a_forgotten_value_is_an_error() {
        assert!(sql("select :a").build().is_err());
    }
}
