use maud::html;

use super::*;
use crate::form::{Form, Posted};

const NASTY: &str = "\"><script>alert(1)</script>&'";

fn nasty_form() -> Form {
    let mut form = Form::from_posted(Posted::from_pairs([
        ("name", NASTY),
        ("note", NASTY),
        ("day", NASTY),
        ("kind", NASTY),
        ("person[0].name", NASTY),
    ]));
    form.draft_key = Some(NASTY.to_owned());
    form.version = Some(2);
    form.error("name", "氏名", NASTY);
    form.error("kind", "種類", NASTY);
    form
}

/// Every part that has an input, with hostile text everywhere.
fn everything(form: &Form) -> String {
    let spec = |name: &'static str| {
        FieldSpec::new(name, NASTY)
            .hint(NASTY)
            .required()
            .national()
            .maxlength(20)
    };
    let options = [(NASTY, NASTY), ("b", "い")];
    let fields = html! {
        (text_field(form, spec("name")))
        (number_field(form, spec("count")))
        (password_field(form, spec("password")))
        (text_area(form, spec("note")))
        (date_field(form, spec("day").age()))
        (select_field(form, spec("select"), &options))
        (radio_group(form, spec("kind"), &options))
        (check_group(form, spec("kinds"), &options))
        (check_box(form, spec("flag")))
        (file_field(form, spec("file"), ".pdf"))
        (repeated_group(form, "person", NASTY, NASTY, 2, |row| {
            text_field(form, FieldSpec::new(format!("person[{row}].name"), NASTY))
        }))
        (submit_row(button(ButtonKind::Primary, NASTY, Some(("go", NASTY)))))
    };
    let info = ConflictInfo {
        who: NASTY,
        when: NASTY,
        version: 3,
    };
    let conflicts = [
        Conflict::text("title", NASTY, NASTY, NASTY),
        Conflict::coded(
            "state",
            NASTY,
            (vec![NASTY.into()], NASTY.into()),
            (vec![], String::new()),
        ),
    ];
    html! {
        (form_frame(NASTY, NASTY, form, fields))
        (conflict_view("/x", NASTY, form, info, &conflicts))
        (notice(NoticeKind::Warn, NASTY, html! { (NASTY) })) (tag(TagKind::Alert, NASTY))
        (table(&[NASTY], &[vec![html! { (NASTY) }]], NASTY)) (progress(NASTY, 1, 2))
        (empty_state(NASTY, html! {})) (details(NASTY, html! {})) (card(NASTY, html! {}))
        (tabs(NASTY, &[Tab { href: NASTY.into(), label: NASTY.into(), ..Tab::default() }]))
    }
    .into_string()
}

/// The value of an attribute inside one tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next()
}

fn open_tags<'a>(page: &'a str, names: &'a [&str]) -> impl Iterator<Item = &'a str> {
    page.split('<').filter_map(move |piece| {
        let tag = piece.split('>').next()?;
        let name = tag.split([' ', '\n']).next()?;
        names.contains(&name).then_some(tag)
    })
}

#[test]
fn nothing_typed_becomes_html() {
    let page = everything(&nasty_form());
    assert!(!page.contains("<script"), "{page}");
    assert!(!page.contains("style=\""));
    assert!(!page.contains(" onclick"));
}

#[test]
fn every_input_has_a_label_and_every_reference_a_target() {
    let page = everything(&nasty_form());
    let ids: Vec<&str> = open_tags(&page, &["input", "select", "textarea", "p", "output"])
        .filter_map(|tag| attribute(tag, "id"))
        .collect();
    let labelled: Vec<&str> = open_tags(&page, &["label"])
        .filter_map(|tag| attribute(tag, "for"))
        .collect();
    let mut seen = 0;
    for tag in open_tags(&page, &["input", "select", "textarea"]) {
        if attribute(tag, "type") == Some("hidden") {
            continue;
        }
        seen += 1;
        let id = attribute(tag, "id").unwrap_or_else(|| panic!("no id: {tag}"));
        assert!(labelled.contains(&id), "no label: {tag}");
        assert_eq!(
            ids.iter().filter(|known| **known == id).count(),
            1,
            "twice: {id}"
        );
        for wanted in attribute(tag, "aria-describedby")
            .unwrap_or_default()
            .split_whitespace()
        {
            assert!(ids.contains(&wanted), "{tag} points to {wanted}");
        }
    }
    assert!(seen > 15, "only {seen} inputs were looked at");
    for link in open_tags(&page, &["a"]).filter_map(|tag| attribute(tag, "href")) {
        if let Some(target) = link.strip_prefix('#') {
            assert!(ids.contains(&target), "summary leads nowhere: {target}");
        }
    }
}

#[test]
fn a_form_carries_its_tokens_once() {
    let mut form = Form::blank();
    form.version = Some(7);
    let page = form_frame("/cases", "secret", &form, html! {}).into_string();
    assert!(page.contains(r#"name="csrf" value="secret""#));
    assert!(page.contains(&format!(r#"name="once" value="{}""#, form.once)));
    assert!(page.contains(r#"name="version" value="7""#));
    assert!(!page.contains("draft"), "no draft without a key");
    form.draft_key = Some("cases/7".to_owned());
    form.draft_saved = Some("14:03".to_owned());
    let page = form_frame("/cases", "secret", &form, html! {}).into_string();
    assert!(page.contains("下書き保存 14:03") && page.contains(r#"data-draft-key="cases/7""#));
}

#[test]
fn a_group_without_rows_still_has_a_model_to_add_from() {
    let row = |n: usize| {
        text_field(
            &Form::blank(),
            FieldSpec::new(format!("person[{n}].name"), "氏名"),
        )
    };
    let page = repeated_group(&Form::blank(), "person", "人", "人を追加", 0, row).into_string();
    let (rows, model) = page.split_once("<template").unwrap();
    assert!(!rows.contains("data-row="), "no row is open: {rows}");
    assert!(model.contains("data-row=\"0\"") && model.contains("person[0].name"));
    // Without scripts the page opens where the row stands that was asked for.
    let form = Form::from_posted(Posted::from_pairs([
        ("add_row", "person"),
        ("person[0].name", "見本"),
    ]));
    let page = repeated_group(&form, "person", "人", "人を追加", 2, row).into_string();
    let (rows, _) = page.split_once("<template").unwrap();
    let (old, new) = rows.split_once("data-row=\"1\"").unwrap();
    assert!(new.contains("autofocus") && !old.contains("autofocus"));
}

#[test]
fn a_limit_alone_takes_no_line_and_short_choices_stand_on_one() {
    let form = Form::blank();
    let spec = || FieldSpec::new("note", "内容").maxlength(20);
    let page = text_field(&form, spec()).into_string();
    assert!(page.contains("hint limit-only") && page.contains("20文字まで"));
    let page = text_field(&form, spec().hint("例: 見本")).into_string();
    assert!(!page.contains("limit-only") && page.contains("例: 見本"));
    let page = date_field(&form, FieldSpec::new("on", "日付").hint("")).into_string();
    assert!(!page.contains("例:"), "{page}");
    let short = [("a", "緊急"), ("b", "通常")];
    let long = [("a", "気になる人の情報提供(通報者を伏せる)")];
    let line = |options| radio_group(&form, FieldSpec::new("k", "種類"), options).into_string();
    assert!(line(&short).contains("choices-line"));
    assert!(!line(&long).contains("choices-line"));
}

#[test]
fn a_list_tells_the_heading_of_each_cell() {
    let rows = [vec![html! { "1" }, html! { "見本" }]];
    let page = list_table(&["番号", "名前"], &rows, "一覧").into_string();
    assert!(page.contains("table-cards") && page.contains(r#"data-th="名前""#));
}

#[test]
fn passwords_never_come_back() {
    let form = Form::from_posted(Posted::from_pairs([("password", "hunter2")]));
    let page = password_field(&form, FieldSpec::new("password", "パスワード")).into_string();
    assert!(!page.contains("hunter2"));
}

#[test]
fn a_first_empty_line_survives_the_text_area() {
    let form = Form::from_posted(Posted::from_pairs([("note", "\n二行目")]));
    let page = text_area(&form, FieldSpec::new("note", "内容")).into_string();
    assert!(page.contains(">\n\n二行目</textarea>"), "{page}");
}

#[test]
fn a_conflict_carries_the_other_fields_along() {
    let form = Form::from_posted(Posted::from_pairs([
        ("csrf", "old"),
        ("version", "1"),
        ("kept", "そのまま"),
        ("note", "私"),
    ]));
    let info = ConflictInfo {
        who: "佐藤",
        when: "14:03",
        version: 2,
    };
    let page = conflict_view(
        "/x",
        "new",
        &form,
        info,
        &[Conflict::text("note", "内容", "私", "相手")],
    )
    .into_string();
    assert!(page.contains(r#"name="kept" value="そのまま""#));
    assert!(page.contains(r#"name="version" value="2""#) && !page.contains(r#"value="old""#));
    assert!(page.contains(r#"name="theirs.note" value="相手""#));
}

#[test]
fn protected_says_that_something_is_here() {
    let mark = protected_mark().into_string();
    assert!(mark.contains("秘匿") && mark.contains("表示していません"));
}

#[test]
fn pages_of_a_list_stay_in_range() {
    for (current, total) in [
        (0, 0),
        (1, 0),
        (1, 5),
        (9, 45),
        (99, 200),
        (u32::MAX, u64::MAX),
    ] {
        let pages = Pages {
            current,
            per_page: 5,
            total,
        };
        let page = pagination(pages, |number| format!("?p={number}")).into_string();
        assert!(!page.contains("?p=0\""), "{page}");
    }
}
