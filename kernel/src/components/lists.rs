//! Tables, lists, tabs and pages of results.

use maud::{Markup, html};

use super::marks::badge;

/// A table. The first cell of each row is its heading. On a phone it scrolls sideways inside its
/// own box, which the keyboard can reach.
pub fn table(headers: &[&str], rows: &[Vec<Markup>], caption: &str) -> Markup {
    drawn(headers, rows, caption, false)
}

/// As [`table`], for lists that people also read on a phone: there each row is a card with the
/// headings beside the cells, so that nothing lies out of sight at the right.
pub fn list_table(headers: &[&str], rows: &[Vec<Markup>], caption: &str) -> Markup {
    drawn(headers, rows, caption, true)
}

// Laid out as a card, a cell would no longer be told as one of a table: its role is said again.
fn drawn(headers: &[&str], rows: &[Vec<Markup>], caption: &str, cards: bool) -> Markup {
    let role = |role: &'static str| cards.then_some(role);
    html! {
        div.table-box role="region" tabindex="0" aria-label=(caption) {
            table.table.table-cards[cards] role=[role("table")] {
                caption { (caption) }
                thead role=[role("rowgroup")] {
                    tr role=[role("row")] {
                        @for header in headers { th scope="col" role=[role("columnheader")] { (header) } }
                    }
                }
                tbody role=[role("rowgroup")] {
                    @for row in rows {
                        tr role=[role("row")] {
                            @for (place, cell) in row.iter().enumerate() {
                                @if place == 0 { th scope="row" role=[role("rowheader")] { (cell) } }
                                @else {
                                    td role=[role("cell")] data-th=[headers.get(place).filter(|_| cards)] {
                                        (cell)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Terms and what they are in this record.
pub fn definition_list(items: &[(&str, Markup)]) -> Markup {
    html! {
        dl.definitions {
            @for (term, value) in items {
                div { dt { (term) } dd { (value) } }
            }
        }
    }
}

/// One tab: a link to a page of its own.
#[derive(Debug, Clone, Default)]
pub struct Tab {
    /// Where it leads.
    pub href: String,
    /// Its word.
    pub label: String,
    /// How many things are behind it.
    pub count: Option<u32>,
    /// Whether this is the page shown.
    pub active: bool,
}

/// Links between sibling pages; `name` tells a screen reader what the set is.
pub fn tabs(name: &str, tabs: &[Tab]) -> Markup {
    html! {
        nav.tabs aria-label=(name) {
            ul {
                @for tab in tabs {
                    li {
                        a href=(tab.href) aria-current=[tab.active.then_some("page")] {
                            (tab.label)
                            @if let Some(count) = tab.count { " " (badge(count, "")) }
                        }
                    }
                }
            }
        }
    }
}

/// Where in a long list we are; pages count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pages {
    /// The page shown.
    pub current: u32,
    /// Entries on a page.
    pub per_page: u32,
    /// Entries in all.
    pub total: u64,
}

impl Pages {
    fn last(self) -> u32 {
        let pages = self.total.div_ceil(u64::from(self.per_page.max(1)));
        u32::try_from(pages).unwrap_or(u32::MAX).max(1)
    }
}

/// Links to the other pages of a list; `href` makes the address of a page.
pub fn pagination(pages: Pages, href: impl Fn(u32) -> String) -> Markup {
    let last = pages.last();
    let current = pages.current.clamp(1, last);
    let from = u64::from(current - 1) * u64::from(pages.per_page.max(1));
    let to = (from + u64::from(pages.per_page.max(1))).min(pages.total);
    html! {
        nav.pagination aria-label="ページの移動" {
            @if pages.total == 0 { p { "0件" } }
            @else { p { (pages.total) "件のうち " (from + 1) "〜" (to) "件目" } }
            @if last > 1 {
                ul {
                    @if current > 1 {
                        li { a href=(href(current - 1)) rel="prev" { "前へ" } }
                    }
                    @if current > 2 { li { a href=(href(1)) { "1" span.visually-hidden { "ページ目" } } } }
                    @if current > 3 { li aria-hidden="true" { "…" } }
                    @for page in current.saturating_sub(1).max(1)..=current.saturating_add(1).min(last) {
                        li {
                            a href=(href(page)) aria-current=[(page == current).then_some("page")] {
                                (page) span.visually-hidden { "ページ目" }
                            }
                        }
                    }
                    @if current.saturating_add(2) < last { li aria-hidden="true" { "…" } }
                    @if current.saturating_add(1) < last {
                        li { a href=(href(last)) { (last) span.visually-hidden { "ページ目" } } }
                    }
                    @if current < last {
                        li { a href=(href(current + 1)) rel="next" { "次へ" } }
                    }
                }
            }
        }
    }
}

/// Something that opens on demand. Works without scripts.
pub fn details(summary: &str, body: Markup) -> Markup {
    html! {
        details.details {
            summary { (summary) }
            div.details-body { (body) }
        }
    }
}

/// An empty list: says what would be here and what to do.
pub fn empty_state(what: &str, next: Markup) -> Markup {
    html! { div.empty { p.empty-what { (what) } div { (next) } } }
}

/// How far something long has come. `total` 0: not known yet.
pub fn progress(label: &str, done: u64, total: u64) -> Markup {
    html! {
        div.progress role="status" {
            p { (label) " " @if total > 0 { (done) " / " (total) "件" } @else { "準備しています" } }
            @if total > 0 {
                progress max=(total) value=(done.min(total)) aria-label=(label) {}
            } @else {
                progress aria-label=(label) {}
            }
        }
    }
}

/// The way back to the pages above: the top one first.
pub fn trail(top: (&str, &str), above: &[(&str, &str)]) -> Markup {
    html! {
        nav aria-label="上の画面" {
            p {
                a href=(top.0) { (top.1) }
                @for (href, label) in above { " › " a href=(href) { (label) } }
            }
        }
    }
}

/// A text with its line ends.
pub fn lines(text: &str) -> Markup {
    html! {
        @for (n, line) in text.lines().enumerate() {
            @if n > 0 { br; }
            (line)
        }
    }
}

/// A text with its line ends, or a dash.
pub fn or_dash(text: &str) -> Markup {
    if text.is_empty() {
        html! { "―" }
    } else {
        lines(text)
    }
}
