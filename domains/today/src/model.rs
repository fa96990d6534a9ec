//! The lines of the page.

use chrono::{DateTime, Utc};
use engawa_kernel::{
    id::{DeskId, RoomId, StaffId},
    tasks::Task,
};
use uuid::Uuid;

/// A section of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// 自分がすること
    Waiting,
    /// 相手の返事・対応待ち
    Given,
    /// 期限を過ぎたもの
    Overdue,
    /// 変わったこと
    Changed,
    /// お知らせ
    Notices,
}

impl Section {
    /// In the order of the page.
    pub const ALL: [Self; 5] = [
        Self::Waiting,
        Self::Given,
        Self::Overdue,
        Self::Changed,
        Self::Notices,
    ];
    /// In the address.
    pub const fn as_code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Given => "given",
            Self::Overdue => "overdue",
            Self::Changed => "changed",
            Self::Notices => "notices",
        }
    }
    /// From the address.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_code() == code)
    }
}

/// Something that another did in one of my rooms.
#[derive(Debug, Clone)]
pub struct Change {
    /// Where.
    pub room: RoomId,
    /// Kind of event.
    pub kind: String,
    /// What was done with a つなぐシート; empty of anything else.
    pub act: String,
    /// Who.
    pub staff: Option<StaffId>,
    /// When it was written down.
    pub at: DateTime<Utc>,
}

/// A consultation that I passed on and that is still open.
#[derive(Debug, Clone)]
pub struct PassedOn {
    /// Its room.
    pub room: RoomId,
    /// Whose move it is.
    pub desk: DeskId,
}

/// お知らせ
#[derive(Debug, Clone)]
pub struct Notice {
    /// Its id.
    pub id: Uuid,
    /// Its kind.
    pub kind: String,
    /// Where.
    pub room: Option<RoomId>,
    /// What was done with a つなぐシート; empty of anything else.
    pub act: String,
    /// How many cases it is about, where it says so (引き継ぎ).
    pub cases: Option<u64>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Everything of the page, before it is checked which rooms the actor may name.
#[derive(Debug, Default)]
pub struct Page {
    /// Tasks of my postings, and of my desks that nobody has yet.
    pub mine: Vec<Task>,
    /// Tasks that I gave to others.
    pub given: Vec<Task>,
    /// Consultations that I passed on.
    pub passed_on: Vec<PassedOn>,
    /// Overdue tasks of others in my cases.
    pub overdue: Vec<Task>,
    /// What others did in my rooms.
    pub changes: Vec<Change>,
    /// Unread notices.
    pub notices: Vec<Notice>,
    /// Of each section, whether there is more than is shown.
    pub cut: [bool; 5],
}

impl Page {
    /// Every room that a line speaks of.
    pub fn rooms(&self) -> Vec<RoomId> {
        let tasks = self.mine.iter().chain(&self.given).chain(&self.overdue);
        let mut rooms: Vec<RoomId> = tasks
            .filter_map(|t| t.room)
            .chain(self.passed_on.iter().map(|p| p.room))
            .chain(self.changes.iter().map(|c| c.room))
            .chain(self.notices.iter().filter_map(|n| n.room))
            .collect();
        rooms.sort_unstable();
        rooms.dedup();
        rooms
    }

    /// Drops every line about a room that the actor may not name now. A notice stays: it names none.
    pub fn keep_visible(&mut self, may_name: impl Fn(RoomId) -> bool) {
        for tasks in [&mut self.mine, &mut self.given, &mut self.overdue] {
            tasks.retain(|t| t.room.is_none_or(&may_name));
        }
        self.passed_on.retain(|p| may_name(p.room));
        self.changes.retain(|c| may_name(c.room));
    }
}
