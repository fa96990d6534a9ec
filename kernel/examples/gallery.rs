//! Writes the parts as static pages, to look at them without a server:
//! `cargo run -p engawa-kernel --example gallery -- /tmp/gallery`.

use std::fs;
use std::path::Path;

use engawa_kernel::assets;
use engawa_kernel::components::*;
use engawa_kernel::form::{Form, Posted};
use engawa_kernel::page::{Frame, FrameUser, MenuItem, bare_page, page, print_page, refusal_page};
use maud::{Markup, html};

const ISSUES: [(&str, &str); 16] = [
    ("01", "経済的困窮"),
    ("02", "住まい"),
    ("03", "就労"),
    ("04", "ひきこもり"),
    ("05", "介護"),
    ("06", "障害"),
    ("07", "子育て・養育"),
    ("08", "不登校"),
    ("09", "虐待の疑い"),
    ("10", "DV"),
    ("11", "債務"),
    ("12", "依存"),
    ("13", "健康・医療"),
    ("14", "孤立"),
    ("15", "ごみ・住環境"),
    ("16", "その他"),
];

fn main() -> std::io::Result<()> {
    let target = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "/tmp/gallery".to_owned());
    let target = Path::new(&target);
    fs::create_dir_all(target)?;
    for name in ["app.css", "app.js", "icon.svg"] {
        let built = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../web/dist")
            .join(name);
        fs::copy(built, target.join(name))?;
    }
    let frame = frame();
    let pages = [
        ("intake", page(&frame, "相談受付", intake())),
        (
            "case",
            page(
                &Frame {
                    training: true,
                    ..frame.clone()
                },
                "ケース R8-00123 山田家",
                case(),
            ),
        ),
        ("parts", page(&frame, "部品", parts())),
        (
            "conflict",
            page(&frame, "支援経過を保存できませんでした", conflict()),
        ),
        ("login", bare_page("ログイン", login())),
        (
            "refusal",
            refusal_page(
                Some(&frame),
                "この部屋は開けません",
                "このケースの閲覧権がないため、表示しませんでした。開こうとしたことは記録されます。",
                "入力中の下書きは残っています。",
                html! { p { "支援中の機関に連絡してください: 縁側市 福祉総務課（内線 2345）。" }
                (link_button(ButtonKind::Primary, "/", "きょうに戻る")) },
            ),
        ),
        (
            "sheet",
            print_page(
                &frame,
                "つなぐシート",
                "縁側 花子（福祉総務課）",
                "令和8年4月1日 10:00",
                sheet(),
            ),
        ),
    ];
    for (name, content) in pages {
        // Opened from a folder, so the files lie beside the page.
        let text = content.into_string().replace(&assets::href(""), "");
        fs::write(target.join(format!("{name}.html")), text)?;
    }
    Ok(())
}

fn frame() -> Frame {
    let item = |label: &str, badge, active| MenuItem {
        href: "#".to_owned(),
        label: label.to_owned(),
        badge,
        active,
    };
    Frame {
        user: Some(FrameUser {
            name: "縁側 花子".to_owned(),
            place: "福祉総務課 包括相談窓口".to_owned(),
            role: "相談支援員".to_owned(),
        }),
        menu: vec![
            item("きょう", Some(4), false),
            item("相談受付", None, true),
            item("ケース", None, false),
            item("つなぐシート", Some(2), false),
            item("支援会議", None, false),
            item("プラン", None, false),
            item("社会資源", None, false),
            item("集計", None, false),
            item("設定", None, false),
        ],
        csrf: "token".to_owned(),
        municipality: "縁側市".to_owned(),
        flash: None,
        lock_after_seconds: Some(900),
        ..Frame::default()
    }
}

fn intake() -> Markup {
    let mut form = Form::from_posted(Posted::from_pairs([
        ("day", "R8.4.1"),
        ("name", "山田 花子"),
        ("birth", "S25.3.4"),
        ("route", "2"),
        ("issue", "01"),
        ("issue", "05"),
        (
            "words",
            "母の介護と弟のひきこもりで、家の中がどうにもならない。\n電気が止まりそう。",
        ),
        ("person[0].name", "山田 太郎"),
        ("person[1].name", ""),
    ]));
    form.draft_key = Some("consultations-new".to_owned());
    form.draft_saved = Some("14:03".to_owned());
    form.error(
        "phone",
        "電話番号",
        "「電話番号」は数字とハイフンで入力してください。入力はこの画面に残っています。",
    );
    form.error("channel", "相談の方法", "「相談の方法」を選んでください。");
    let body = html! {
        (date_field(&form, FieldSpec::new("day", "受付日").required().national()))
        (text_field(&form, FieldSpec::new("name", "氏名").hint("分からないときは空欄のままで構いません。")))
        (date_field(&form, FieldSpec::new("birth", "生年月日").age()))
        (text_field(&form, FieldSpec::new("phone", "電話番号").inputmode("tel").short()))
        (radio_group(&form, FieldSpec::new("channel", "相談の方法").required().national(),
            &[("1", "来所"), ("2", "電話"), ("3", "訪問"), ("4", "メール・SNS")]))
        (select_field(&form, FieldSpec::new("route", "相談経路").required().national(),
            &[("1", "本人"), ("2", "家族"), ("3", "民生委員・児童委員")]))
        (check_group(&form, FieldSpec::new("issue", "課題").hint("当てはまるものをすべて選んでください。").national(), &ISSUES))
        (text_area(&form, FieldSpec::new("words", "相談の内容").hint("本人の言葉のまま書いてください。").required().maxlength(20_000).rows(6)))
        (repeated_group(&form, "person", "世帯員", "世帯員を追加", 1, |row| html! {
            (text_field(&form, FieldSpec::new(format!("person[{row}].name"), "氏名")))
            (date_field(&form, FieldSpec::new(format!("person[{row}].birth"), "生年月日").age()))
        }))
        (check_box(&form, FieldSpec::new("urgent", "緊急の対応が必要").hint("チェックすると、窓口の全員に知らせます。")))
        (submit_row(html! {
            (button(ButtonKind::Primary, "受付を保存する", None))
            (button(ButtonKind::Secondary, "保存してケースを開く", Some(("next", "case"))))
            (link_button(ButtonKind::Quiet, "#", "一覧に戻る"))
        }))
    };
    form_frame("/consultations", "token", &form, body)
}

fn case() -> Markup {
    let household = html! {
        (card("世帯", html! { (definition_list(&[
            ("山田 花子", html! { "本人 76歳 " (tag(TagKind::Done, "同意あり")) }),
            ("山田 太郎", html! { "長男 48歳 " (tag(TagKind::Waiting, "同意なし")) }),
            ("住所", protected_mark()), ("電話", protected_mark()),
        ])) }))
        (card("課題", html! { (tag(TagKind::Active, "介護")) " " (tag(TagKind::Active, "ひきこもり")) " " (tag(TagKind::Neutral, "住まい")) }))
    };
    let form = Form::blank().scoped("contact");
    let items: Vec<Markup> = (1..=6).map(|day| timeline_item(TimelineItem {
        when: &format!("令和8年4月{day}日 14:00"),
        datetime: &format!("2026-04-{day:02}T14:00"),
        kind: if day % 2 == 0 { "訪問" } else { "電話" },
        by: "縁側 花子（福祉総務課）",
        marks: html! { @if day == 3 { (tag(TagKind::Alert, "緊急")) } },
        body: html! { p { "長男と玄関先で5分ほど話す。「来週も来ていい」とのこと。食事は本人が用意している。電気料金の督促状が2通。" } },
    })).collect();
    let middle = html! {
        (form_frame("#", "token", &form, html! {
            (text_area(&form, FieldSpec::new("text", "支援経過を書く").rows(3)))
            (submit_row(button(ButtonKind::Primary, "記録する", None)))
        }))
        (tabs("支援経過の絞り込み", &[
            Tab { href: "#".into(), label: "すべて".into(), count: Some(24), active: true },
            Tab { href: "#".into(), label: "訪問".into(), count: Some(9), active: false },
            Tab { href: "#".into(), label: "会議".into(), count: None, active: false },
        ]))
        (timeline(&items))
        (pagination(Pages { current: 4, per_page: 6, total: 58 }, |page| format!("?p={page}")))
    };
    let team = html! {
        (card("体制", html! { (definition_list(&[("主担当", html! { "縁側 花子" }), ("チーム", html! { "地域包括 佐藤、自立相談 鈴木" })])) }))
        (card("やること", html! { ul { li { "電気料金の分割相談 " (tag(TagKind::Alert, "期限切れ")) } li { "プランの評価 " (tag(TagKind::Waiting, "4月20日まで")) } } }))
        (card("プラン", empty_state("プランはまだありません。", link_button(ButtonKind::Secondary, "#", "プランを作る"))))
    };
    case_layout(household, middle, team)
}

fn parts() -> Markup {
    let row = |no: &str, name: Markup, state: Markup| {
        vec![
            html! { a href="#" { (no) } },
            name,
            state,
            html! { "令和8年4月1日" },
        ]
    };
    html! {
        (notice(NoticeKind::Success, "受付を保存しました", html! { p { "番号は 相R8-00123 です。" } }))
        (notice(NoticeKind::Info, "", html! { p { "明日 10:00 から会議があります。" } }))
        (notice(NoticeKind::Warn, "下書きがあります", html! { p { "きのう 17:42 の下書きから続けられます。" } }))
        (notice(NoticeKind::Danger, "住所を伝えないでください", html! { p { "この世帯には秘匿の登録があります。" } }))
        (table(&["番号", "氏名", "状態", "受付日"], &[
            row("相R8-00123", html! { "山田 花子" }, tag(TagKind::Active, "支援中")),
            row("相R8-00124", protected_mark(), tag(TagKind::Waiting, "返答待ち")),
            row("相R8-00125", html! { "氏名不詳（年齢不詳）" }, tag(TagKind::Done, "終結")),
        ], "受付の一覧"))
        (pagination(Pages { current: 1, per_page: 20, total: 58 }, |page| format!("?p={page}")))
        (details("書き方の例", html! { p { "本人の言葉のまま書きます。" } }))
        (progress("取り込んでいます", 340, 1_000))
        (empty_state("返答待ちのつなぐシートはありません。", html! {}))
        (two_columns(card("主", html! { p { "広い方" } }), card("副", html! { p { "狭い方" } })))
    }
}

fn conflict() -> Markup {
    let form = Form::from_posted(Posted::from_pairs([("text", "私")]));
    conflict_view(
        "#",
        "token",
        &form,
        ConflictInfo {
            who: "佐藤（地域包括支援センター）",
            when: "14:03",
            version: 4,
        },
        &[
            Conflict::text(
                "text",
                "内容",
                "長男と電話。来週の訪問に同意。",
                "長男から来所。訪問は再来週を希望。\n電気料金の相談あり。",
            ),
            Conflict::coded(
                "stage",
                "段階",
                (vec!["2".into()], "アセスメント中".into()),
                (vec!["3".into()], "プラン作成".into()),
            ),
        ],
    )
}

fn login() -> Markup {
    let form = Form::blank();
    form_frame(
        "/login",
        "",
        &form,
        html! {
            (text_field(&form, FieldSpec::new("login", "職員番号").required().autocomplete("username")))
            (password_field(&form, FieldSpec::new("password", "パスワード").required().autocomplete("current-password")))
            (submit_row(button(ButtonKind::Primary, "ログイン", None)))
        },
    )
}

fn sheet() -> Markup {
    let rows: Vec<Vec<Markup>> = (1..=40)
        .map(|n| {
            vec![
                html! { (n) },
                html! { "訪問" },
                html! { "長男と玄関先で話す。来週も訪問してよいとのこと。" },
            ]
        })
        .collect();
    html! {
        (definition_list(&[("つなぎ元", html! { "福祉総務課" }), ("つなぎ先", html! { "地域包括支援センター" }), ("住所", protected_mark())]))
        (table(&["番号", "種別", "内容"], &rows, "支援経過"))
    }
}
