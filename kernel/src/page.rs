//! The frame around every screen: landmarks, menu, the one search box, print header.

use maud::{DOCTYPE, Markup, html};

use crate::assets;
use crate::components::{NoticeKind, badge, notice};

/// Who is signed in, as the header shows it.
#[derive(Debug, Clone, Default)]
pub struct FrameUser {
    /// 氏名
    pub name: String,
    /// The body and desk worked for now.
    pub place: String,
    /// The role in that place.
    pub role: String,
}

/// One entry of the menu.
#[derive(Debug, Clone, Default)]
pub struct MenuItem {
    /// Where it leads.
    pub href: String,
    /// Its word.
    pub label: String,
    /// How many things wait there.
    pub badge: Option<u32>,
    /// Whether the page shown belongs to it.
    pub active: bool,
}

/// Everything the frame needs and no screen should have to think about.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// The person signed in; `None` hides search, menu and logout.
    pub user: Option<FrameUser>,
    /// Menu entries in order.
    pub menu: Vec<MenuItem>,
    /// The session's CSRF token.
    pub csrf: String,
    /// What the search box shows.
    pub search_text: String,
    /// A practice system: says so on every page and print.
    pub training: bool,
    /// A message about what was just done.
    pub flash: Option<(NoticeKind, String)>,
    /// The municipality's name.
    pub municipality: String,
    /// Idle seconds after which the screen locks; `None`: never.
    pub lock_after_seconds: Option<u32>,
}

/// A whole page. `title` becomes the only `h1`.
pub fn page(frame: &Frame, title: &str, body: Markup) -> Markup {
    let content = html! {
        header.header {
            div.header-row {
                p.brand { a href="/" { "縁側" } span.brand-place { (frame.municipality) } }
                @if frame.user.is_some() { (search_box(&frame.search_text)) }
                @if let Some(user) = &frame.user { (user_box(user, frame)) }
            }
            @if !frame.menu.is_empty() { (menu(&frame.menu)) }
        }
        main.main #main tabindex="-1" {
            @if let Some((kind, text)) = &frame.flash { (notice(*kind, "", html! { p { (text) } })) }
            h1.title { (title) }
            (body)
        }
    };
    let lock = frame.user.as_ref().and(frame.lock_after_seconds);
    document(
        title,
        Shell {
            frame: Some(frame),
            lock,
            class: "screen",
        },
        content,
    )
}

/// A page without menu: login, and refusals for people who are not signed in.
pub fn bare_page(title: &str, body: Markup) -> Markup {
    let content = html! {
        header.header { div.header-row { p.brand { a href="/" { "縁側" } } } }
        main.main.main-narrow #main tabindex="-1" { h1.title { (title) } (body) }
    };
    document(
        title,
        Shell {
            frame: None,
            lock: None,
            class: "screen",
        },
        content,
    )
}

/// A refusal as a whole page: what happened, what was kept, what to do next.
pub fn refusal_page(
    frame: Option<&Frame>,
    title: &str,
    what: &str,
    kept: &str,
    next: Markup,
) -> Markup {
    // The heading says what kind of no it is; the first sentence needs no heading of its own.
    let body = html! {
        section.refusal {
            p { (what) }
            @if !kept.is_empty() { h2 { "残っているもの" } p { (kept) } }
            h2 { "次にすること" }
            div { (next) }
        }
    };
    match frame {
        Some(frame) => page(frame, title, body),
        None => bare_page(title, body),
    }
}

/// A page made for paper (A4): who printed it and when stands on it, 取扱注意 on every sheet.
/// The caller writes the print into the audit log.
pub fn print_page(
    frame: &Frame,
    title: &str,
    printed_by: &str,
    printed_at: &str,
    body: Markup,
) -> Markup {
    let content = html! {
        main.sheet #main tabindex="-1" {
            p.sheet-tools {
                // The script shows the button; without it the sentence says how.
                noscript { "印刷はブラウザの印刷（Ctrl+P）から行います。" }
                button.button.button-primary type="button" data-print hidden { "印刷する" }
            }
            div.sheet-head { span { (frame.municipality) } span.handle-with-care { "取扱注意" } }
            h1.title { (title) }
            (body)
            p.sheet-foot { "印刷: " (printed_by) "　" (printed_at) }
        }
    };
    document(
        title,
        Shell {
            frame: Some(frame),
            lock: None,
            class: "paper",
        },
        content,
    )
}

struct Shell<'a> {
    frame: Option<&'a Frame>,
    lock: Option<u32>,
    class: &'a str,
}

fn document(title: &str, shell: Shell, content: Markup) -> Markup {
    let csrf = shell
        .frame
        .map(|frame| frame.csrf.as_str())
        .filter(|token| !token.is_empty());
    let training = shell.frame.is_some_and(|frame| frame.training);
    html! {
        (DOCTYPE)
        html lang="ja" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light";
                meta name="referrer" content="same-origin";
                meta name="format-detection" content="telephone=no";
                @if let Some(csrf) = csrf { meta name="csrf-token" content=(csrf); }
                title { (title) " | 縁側" }
                link rel="stylesheet" href=(assets::href("app.css"));
                link rel="icon" href=(assets::href("icon.svg")) type="image/svg+xml";
                script type="module" src=(assets::href("app.js")) {}
            }
            body class=(shell.class) data-lock-after=[shell.lock] {
                a.skip href="#main" { "本文へ移動" }
                @if training {
                    aside.training aria-label="研修用" { p { "研修用の環境です。実在する人の情報を入力しないでください。" } }
                }
                (content)
                footer.footer {
                    p.handle-with-care { "取扱注意" }
                    p.footer-note { "個人情報を含みます。離席するときは画面をロックしてください。" }
                }
            }
        }
    }
}

fn search_box(text: &str) -> Markup {
    html! {
        search.search {
            form method="get" action="/search" {
                label.visually-hidden for="site-search" { "名前・ふりがな・電話番号などで探す" }
                input.input #site-search type="search" name="q" value=(text) autocomplete="off"
                    placeholder="名前・かな・電話・番号" data-search;
                button.button.button-secondary type="submit" { "検索" }
            }
        }
    }
}

fn user_box(user: &FrameUser, frame: &Frame) -> Markup {
    html! {
        div.user {
            p.user-who {
                a.user-name href="/account" { (user.name) }
                span.user-place { (user.place) " " (user.role) }
            }
            // Leaving the seat is one click, where the footer asks for it.
            @if frame.lock_after_seconds.is_some() {
                form method="post" action="/lock" {
                    input type="hidden" name="csrf" value=(frame.csrf);
                    button.button.button-quiet type="submit" { "画面をロック" }
                }
            }
            form method="post" action="/logout" {
                input type="hidden" name="csrf" value=(frame.csrf);
                button.button.button-quiet type="submit" { "ログアウト" }
            }
        }
    }
}

fn menu(items: &[MenuItem]) -> Markup {
    html! {
        nav.menu aria-label="メニュー" {
            ul {
                @for item in items {
                    li {
                        a href=(item.href) aria-current=[item.active.then_some("page")] {
                            (item.label)
                            @if let Some(count) = item.badge.filter(|count| *count > 0) {
                                " " (badge(count, "未読のお知らせ"))
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        Frame {
            user: Some(FrameUser {
                name: "縁側 花子".into(),
                place: "福祉総務課".into(),
                role: "担当".into(),
            }),
            csrf: "token".into(),
            training: true,
            lock_after_seconds: Some(600),
            ..Frame::default()
        }
    }

    #[test]
    fn a_page_has_one_heading_and_its_landmarks() {
        let text = page(&frame(), "きょう", html! { p { "本文" } }).into_string();
        assert_eq!(text.matches("<h1").count(), 1);
        for part in [
            r#"<html lang="ja">"#,
            "<header",
            "<main",
            "<footer",
            "<search",
            "本文へ移動",
            r#"action="/logout""#,
            r#"action="/lock""#,
            r#"data-lock-after="600""#,
            "研修用",
            "取扱注意",
        ] {
            assert!(text.contains(part), "{part} is missing");
        }
        assert!(!text.contains("<style") && !text.contains("style=\""));
    }

    #[test]
    fn a_bare_page_offers_nothing_that_needs_a_session() {
        let text = bare_page("ログイン", html! {}).into_string();
        for part in ["/search", "/logout", "/lock", "csrf", "data-lock-after"] {
            assert!(!text.contains(part), "{part} is there");
        }
    }

    #[test]
    fn paper_says_who_printed_it() {
        let text = print_page(
            &frame(),
            "つなぐシート",
            "縁側 花子",
            "令和8年4月1日 10:00",
            html! {},
        )
        .into_string();
        assert!(text.contains("取扱注意") && text.contains("印刷: 縁側 花子"));
    }
}
