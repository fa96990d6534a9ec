//! Notices, tags and marks. Meaning is always in the words, never in the colour alone.

use maud::{Markup, html};

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NoticeKind {
    /// お知らせ
    #[default]
    Info,
    /// 完了
    Success,
    /// 注意
    Warn,
    /// 重要
    Danger,
}

impl NoticeKind {
    fn class(self) -> &'static str {
        match self {
            Self::Info => "notice notice-info",
            Self::Success => "notice notice-success",
            Self::Warn => "notice notice-warn",
            Self::Danger => "notice notice-danger",
        }
    }

    /// The word shown before the text.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "お知らせ",
            Self::Success => "完了",
            Self::Warn => "注意",
            Self::Danger => "重要",
        }
    }

    fn role(self) -> Option<&'static str> {
        match self {
            Self::Info | Self::Warn => None,
            Self::Success => Some("status"),
            Self::Danger => Some("alert"),
        }
    }
}

/// A box that stands out. `title` may be empty when `body` says it all.
pub fn notice(kind: NoticeKind, title: &str, body: Markup) -> Markup {
    html! {
        div class=(kind.class()) role=[kind.role()] {
            p.notice-title {
                span.notice-word { (kind.word()) }
                @if !title.is_empty() { " " (title) }
            }
            div.notice-body { (body) }
        }
    }
}

/// The colour family of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TagKind {
    /// A plain property.
    #[default]
    Neutral,
    /// Going on.
    Active,
    /// Done, agreed.
    Done,
    /// Waiting, due soon.
    Waiting,
    /// Overdue, refused, in danger.
    Alert,
}

impl TagKind {
    fn class(self) -> &'static str {
        match self {
            Self::Neutral => "tag tag-neutral",
            Self::Active => "tag tag-active",
            Self::Done => "tag tag-done",
            Self::Waiting => "tag tag-waiting",
            Self::Alert => "tag tag-alert",
        }
    }
}

/// A short word on a state or property.
pub fn tag(kind: TagKind, text: &str) -> Markup {
    html! { span class=(kind.class()) { (text) } }
}

/// A number in a pill; `what` tells a screen reader what is counted ("未対応").
pub fn badge(count: u32, what: &str) -> Markup {
    html! {
        span.badge {
            span aria-hidden="true" { @if count > 999 { "999+" } @else { (count) } }
            span.visually-hidden { (what) " " (count) "件" }
        }
    }
}

/// The mark of an item that the state counts.
pub fn national_mark() -> Markup {
    html! { span.national-mark { "国報告" } }
}

/// Stands in the place of what may cost a life. Says that something is here and held back.
pub fn protected_mark() -> Markup {
    html! {
        span.protected {
            span aria-hidden="true" { "秘匿" }
            span.visually-hidden { "秘匿情報のため表示していません" }
        }
    }
}

/// A refusal: what happened, what was kept, what to do next. The same three parts everywhere.
pub fn refusal(what: &str, kept: &str, next: Markup) -> Markup {
    html! {
        section.refusal {
            h2 { "起きたこと" }
            p { (what) }
            @if !kept.is_empty() {
                h2 { "残っているもの" }
                p { (kept) }
            }
            h2 { "次にすること" }
            div { (next) }
        }
    }
}
