use chrono::{NaiveDate, NaiveDateTime, Timelike};

/// One cell as the file states it; nothing is guessed from text.
///
/// A CSV therefore holds only `Text` and `Empty`: "00123" stays "00123".
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing, or only spaces.
    #[default]
    Empty,
    /// Text as typed; characters are never normalised here (names!).
    Text(String),
    /// A number; Excel keeps 15 significant digits.
    Number(f64),
    /// A calendar date without a time.
    Date(NaiveDate),
    /// A date with a time, without a time zone, as Excel has none.
    DateTime(NaiveDateTime),
    /// TRUE or FALSE.
    Bool(bool),
}

impl Cell {
    /// Text, or `Empty` when there is nothing but white space.
    pub fn text(value: impl Into<String>) -> Self {
        let value = value.into();
        if value.trim().is_empty() {
            Self::Empty
        } else {
            Self::Text(value)
        }
    }

    /// Is the cell empty?
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// The cell as a person would read it: no ".0" on whole numbers, leading zeros kept,
    /// dates as `2026-04-01`, times as `2026-04-01 13:30` (seconds only when there are any).
    pub fn as_text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number_text(*number),
            Self::Date(date) => date.format("%Y-%m-%d").to_string(),
            Self::DateTime(at) if at.second() == 0 => at.format("%Y-%m-%d %H:%M").to_string(),
            Self::DateTime(at) => at.format("%Y-%m-%d %H:%M:%S").to_string(),
            Self::Bool(true) => "TRUE".to_owned(),
            Self::Bool(false) => "FALSE".to_owned(),
        }
    }
}

/// Fifteen significant digits, as Excel shows: 0.1 + 0.2 is "0.3".
fn number_text(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    match format!("{number:.14e}").parse::<f64>() {
        Ok(rounded) => format!("{rounded}"),
        Err(_) => format!("{number}"),
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::text(value)
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::text(value)
    }
}

impl From<NaiveDate> for Cell {
    fn from(value: NaiveDate) -> Self {
        Self::Date(value)
    }
}

impl From<NaiveDateTime> for Cell {
    fn from(value: NaiveDateTime) -> Self {
        Self::DateTime(value)
    }
}

impl From<u32> for Cell {
    fn from(value: u32) -> Self {
        Self::Number(f64::from(value))
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(Cell::Number(13101.0).as_text(), "13101");
        assert_eq!(Cell::Number(0.1 + 0.2).as_text(), "0.3");
        assert_eq!(Cell::Number(-2.5).as_text(), "-2.5");
        assert_eq!(Cell::Number(-0.0).as_text(), "0");
        assert_eq!(Cell::Number(1e15).as_text(), "1000000000000000");
        assert_eq!(Cell::text("00123").as_text(), "00123");
        assert_eq!(Cell::text(" \u{3000}"), Cell::Empty);
    }
}
