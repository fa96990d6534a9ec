//! The words and choices that the screens of this crate share.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use engawa_kernel::{
    clock,
    context::Ctx,
    db::Conn,
    error::Result,
    id::{DeskId, PostingId, StaffId},
    protected::Protected,
    text::wareki,
};
use engawa_organisations::{
    self as organisations, DeskRef, PostingRef,
    codes::{self, CodeList, Labels},
};
use maud::{Markup, html};

/// The code lists of intake, loaded once for a page.
pub struct Words {
    labels: Labels,
}

impl Words {
    /// Loads them.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn load(conn: &mut Conn, ctx: &Ctx) -> Result<Self> {
        let lists = [
            CodeList::Channel,
            CodeList::Route,
            CodeList::Issue,
            CodeList::Urgency,
            CodeList::EmergencyKind,
            CodeList::DroppedReason,
        ];
        Ok(Self {
            labels: codes::load(conn, ctx, &lists).await?,
        })
    }

    /// 相談の方法
    pub fn channel<'a>(&'a self, code: &'a str) -> &'a str {
        self.labels.label(CodeList::Channel, code)
    }
    /// 相談の経路
    pub fn route<'a>(&'a self, code: &'a str) -> &'a str {
        self.labels.label(CodeList::Route, code)
    }
    /// 課題
    pub fn issue<'a>(&'a self, code: &'a str) -> &'a str {
        self.labels.label(CodeList::Issue, code)
    }
    /// 緊急度
    pub fn urgency<'a>(&'a self, code: &'a str) -> &'a str {
        self.labels.label(CodeList::Urgency, code)
    }
    /// 緊急の種別
    pub fn emergency<'a>(&'a self, code: &'a str) -> &'a str {
        self.labels.label(CodeList::EmergencyKind, code)
    }
    /// 中断・取下げの理由
    pub fn closure<'a>(&'a self, code: &'a str) -> &'a str {
        self.labels.label(CodeList::DroppedReason, code)
    }
    /// Choices for a form.
    pub fn options(&self, list: CodeList) -> Vec<(&str, &str)> {
        self.labels.options(list)
    }
    /// Choices for a form about a record that may hold a code hidden since.
    pub fn options_with<'a>(&'a self, list: CodeList, kept: &[&'a str]) -> Vec<(&'a str, &'a str)> {
        self.labels.options_with(list, kept)
    }
}

/// 令和8年11月21日 10:00
pub fn when(ctx: &Ctx, at: DateTime<Utc>) -> String {
    wareki::format_date_time(clock::local(at), ctx.calendar)
}

/// R8.11.21, for tables.
pub fn short_day(ctx: &Ctx, at: DateTime<Utc>) -> String {
    wareki::format_short(clock::local(at).date(), ctx.calendar)
}

/// `2026-11-21T10:00`, for machines.
pub fn machine(at: DateTime<Utc>) -> String {
    clock::local(at).format("%Y-%m-%dT%H:%M").to_string()
}

/// The word of a code in a fixed list.
pub fn word_of(list: &'static [(&'static str, &'static str)], code: &str) -> &'static str {
    list.iter().find(|(c, _)| *c == code).map_or("", |(_, w)| w)
}

/// Names of desks, postings and staff that a page mentions.
#[derive(Default)]
pub struct Names {
    desks: HashMap<DeskId, String>,
    postings: HashMap<PostingId, PostingRef>,
    staff: HashMap<StaffId, String>,
}

impl Names {
    /// Loads them.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn load(
        conn: &mut Conn,
        ctx: &Ctx,
        desks: &[DeskId],
        postings: &[PostingId],
        staff: &[StaffId],
    ) -> Result<Self> {
        Ok(Self {
            desks: organisations::desk_names(conn, desks).await?,
            postings: organisations::postings(conn, ctx, postings).await?,
            staff: organisations::staff_names(conn, staff).await?,
        })
    }

    /// Name and phone of a desk.
    pub fn desk(&self, id: DeskId) -> &str {
        self.desks.get(&id).map_or("(窓口名なし)", String::as_str)
    }

    /// The name of whom a posting belongs to.
    pub fn posting(&self, id: PostingId) -> &str {
        self.postings
            .get(&id)
            .map_or("(不明)", |p| p.staff_name.as_str())
    }

    /// The name of an account.
    pub fn staff(&self, id: StaffId) -> &str {
        self.staff.get(&id).map_or("(不明)", String::as_str)
    }
}

/// Desks as choices: (id, 機関 窓口).
pub fn desk_options(desks: &[DeskRef]) -> Vec<(String, String)> {
    desks
        .iter()
        .map(|d| (d.id.to_string(), format!("{} {}", d.body_name, d.name)))
        .collect()
}

/// What is known of somebody, 秘匿, or that it was not asked.
pub fn known(value: &Protected<String>) -> Markup {
    html! { @if value.shown().is_some_and(String::is_empty) { "聞いていません" } @else { (value) } }
}
