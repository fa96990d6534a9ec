//! What can be counted. A domain offers its events as [`EventSource`]s, the application registers
//! them ([`crate::context::EngineParts::sources`]), and whoever counts asks for whatever is there:
//! a new domain brings new figures without a change to the counting.

/// Whether an event is known to the moment or to the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// `at` is a `timestamptz`.
    Moment,
    /// `at` is a `date`.
    Day,
}

/// The five things that are never added up with each other, and what later domains bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedAs {
    /// 相談
    Consultation,
    /// ケース
    Case,
    /// 行動・支援経過
    Action,
    /// つなぎ
    Referral,
    /// 終結
    Closure,
    /// Meetings, places, courses …
    Other,
}

/// The words for the codes in `kind`.
#[derive(Debug, Clone, Copy)]
pub enum KindWords {
    /// `kind` says nothing here.
    None,
    /// The municipality's own words: the code of a code list.
    List(&'static str),
    /// Fixed: (code, word).
    Fixed(&'static [(&'static str, &'static str)]),
}

/// A named condition on one event, such as 複合課題.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    /// In addresses and counting rules; never changes its meaning.
    pub code: &'static str,
    /// As people read it.
    pub label: &'static str,
    /// SQL over the view, which is called `e`.
    pub holds: &'static str,
}

/// Events of one kind. All SQL is portable and holds no parameters.
#[derive(Debug, Clone, Copy)]
pub struct EventSource {
    /// e.g. `contact`; stands in saved counting rules and never changes.
    pub code: &'static str,
    /// e.g. 支援経過
    pub label: &'static str,
    /// Which of the five.
    pub counted_as: CountedAs,
    /// What counts as one, in a sentence that is printed beside the figure.
    pub rule: &'static str,
    /// What `at` is.
    pub when: When,
    /// `(select …)` with exactly these columns first: `event_id uuid, municipality_id uuid` (null:
    /// that of the desk or the room)`, at, entered_at timestamptz, room_id uuid, desk_id uuid,
    /// channel text, route text, kind text, minutes bigint, heads bigint` (persons who took part,
    /// when nobody in particular is named)`, until_on date` (the day on which it ended, for
    /// [`EventSource::lasts`])`; more for the marks. No names.
    pub view: &'static str,
    /// `(select event_id, person_id …)`: each person once per event.
    pub persons: &'static str,
    /// `(select room_id, issue …)`: each issue of a room once. An event has the issues of its room.
    pub issues: Option<&'static str>,
    /// Whether `channel` says something.
    pub has_channel: bool,
    /// Whether `route` says something.
    pub has_route: bool,
    /// Whether `minutes` says something.
    pub has_minutes: bool,
    /// Whether an event lasts until `until_on`, so that one may count those that go on.
    pub lasts: bool,
    /// The words for `kind`.
    pub kinds: KindWords,
    /// What `kind` is called: 対応方法.
    pub kind_label: &'static str,
    /// Conditions that people choose.
    pub marks: &'static [Mark],
}

impl EventSource {
    /// The mark of this code.
    #[must_use]
    pub fn mark(&self, code: &str) -> Option<&'static Mark> {
        self.marks.iter().find(|m| m.code == code)
    }
}
