//! What a record of this domain is made of. One list of fields serves the form, the page that shows
//! the record, the spreadsheet columns in and out, and the comparison when two people save at once.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use engawa_kernel::access::Duty;
use engawa_sheets::Column;
use uuid::Uuid;

use crate::codes::CodeList;

/// Where the choices of a field come from. What is stored in the form is always a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Source {
    /// A code list.
    Codes(CodeList),
    /// Words of the program itself.
    Fixed(&'static [(&'static str, &'static str)]),
    /// 圏域
    Areas,
    /// 機関
    Bodies,
    /// 窓口
    Desks,
    /// 職員
    Staff,
    /// 呼称
    RoleWords,
}

/// How a field is written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// One line of so many characters.
    Line(usize),
    /// Several lines.
    Lines(usize),
    /// A day.
    Day,
    /// A fiscal year, stored as the western year in which it begins.
    Year,
    /// A whole number.
    Number(i64, i64),
    /// One of the choices.
    Pick(Source),
    /// Any number of the choices.
    Picks(Source),
    /// Yes or no.
    Flag,
    /// Rows of these fields.
    Rows(&'static [Field]),
}

/// One field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    /// Name in the form and in the program.
    pub key: &'static str,
    /// Name on screens and in sheets.
    pub label: &'static str,
    /// What to write.
    pub hint: &'static str,
    /// How it is written.
    pub kind: Kind,
    /// Must not stay empty.
    pub required: bool,
    /// Only those who keep the register see it.
    pub inside: bool,
    /// Seldom filled in: folded away in the form until it holds something.
    pub seldom: bool,
    /// Other headers seen in real files.
    pub aliases: &'static [&'static str],
}

impl Field {
    /// A field that may stay empty.
    pub(crate) const fn new(key: &'static str, label: &'static str, kind: Kind) -> Self {
        Self {
            key,
            label,
            hint: "",
            kind,
            required: false,
            inside: false,
            seldom: false,
            aliases: &[],
        }
    }
    /// Must not stay empty.
    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }
    /// What to write.
    pub(crate) const fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }
    /// Seldom filled in.
    pub(crate) const fn seldom(mut self) -> Self {
        self.seldom = true;
        self
    }
    /// Not for everybody.
    pub(crate) const fn inside(mut self) -> Self {
        self.inside = true;
        self
    }
    /// Other headers.
    pub(crate) const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }
    /// As a column of a sheet.
    pub(crate) const fn column(&self) -> Column {
        Column {
            key: self.key,
            label: self.label,
            aliases: self.aliases,
        }
    }
}

/// One kind of record: 圏域, 機関 …
#[derive(Debug)]
pub(crate) struct Spec {
    /// In addresses.
    pub slug: &'static str,
    /// 圏域
    pub title: &'static str,
    /// One sentence on the index page.
    pub about: &'static str,
    /// Who may change it.
    pub duty: Duty,
    /// Its fields in the order of the form.
    pub fields: &'static [Field],
    /// Keys of the columns on the list page; the first is the link.
    pub shown: &'static [&'static str],
    /// The action in the log.
    pub action: &'static str,
    /// First letter of the codes that are given when none is typed.
    pub letter: &'static str,
}

impl Spec {
    /// The field with this key.
    pub(crate) fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.key == key)
    }
}

/// A stored record as its form holds it.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// Its id.
    pub id: Uuid,
    /// For saving on top of what one saw.
    pub version: i64,
    /// Name and value of each field; rows as `parent[0].area`. Days as 2026-04-01.
    pub fields: Vec<(String, String)>,
}

impl Record {
    /// A record without fields yet.
    pub(crate) const fn new(id: Uuid, version: i64) -> Self {
        Self {
            id,
            version,
            fields: Vec::new(),
        }
    }
    /// Adds a field; empty ones are left out.
    pub(crate) fn put(&mut self, key: &str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.fields.push((key.to_owned(), value));
        }
    }
    /// Adds a day.
    pub(crate) fn put_day(&mut self, key: &str, day: Option<NaiveDate>) {
        if let Some(day) = day {
            self.put(key, day.to_string());
        }
    }
    /// Adds a yes.
    pub(crate) fn put_flag(&mut self, key: &str, on: bool) {
        if on {
            self.put(key, "1");
        }
    }
    /// The number that the next row of a group gets.
    pub(crate) fn next_row(&self, group: &str) -> usize {
        let last = self.fields.iter().rev().find_map(|(name, _)| {
            let rest = name.strip_prefix(group)?.strip_prefix('[')?;
            rest.split_once(']')?.0.parse::<usize>().ok()
        });
        last.map_or(0, |n| n + 1)
    }
    /// The value of a field.
    pub(crate) fn get(&self, key: &str) -> &str {
        self.fields
            .iter()
            .find(|(name, _)| name == key)
            .map_or("", |(_, value)| value)
    }
}

/// What was read from a form, checked: codes exist, days are days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Values {
    pub(super) one: BTreeMap<&'static str, Vec<String>>,
    pub(super) rows: BTreeMap<&'static str, Vec<Values>>,
}

impl Values {
    /// The text of a field; empty when nothing was written.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.one
            .get(key)
            .and_then(|v| v.first())
            .map_or("", String::as_str)
    }
    /// All codes of a field with several.
    pub(crate) fn all(&self, key: &str) -> &[String] {
        self.one.get(key).map_or(&[], Vec::as_slice)
    }
    /// A day.
    pub(crate) fn day(&self, key: &str) -> Option<NaiveDate> {
        self.text(key).parse().ok()
    }
    /// A number.
    pub(crate) fn number(&self, key: &str) -> Option<i64> {
        self.text(key).parse().ok()
    }
    /// Whether the box was ticked.
    pub(crate) fn flag(&self, key: &str) -> bool {
        !self.text(key).is_empty()
    }
    /// The rows of a group.
    pub(crate) fn rows(&self, key: &str) -> &[Self] {
        self.rows.get(key).map_or(&[], Vec::as_slice)
    }
    /// Sets a field (a code that was given by the program).
    pub(crate) fn set(&mut self, key: &'static str, value: String) {
        self.one.insert(key, vec![value]);
    }
}
