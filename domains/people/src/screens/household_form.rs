//! The rows of a household form: people who have a record, and people who get one.

use chrono::NaiveDate;
use engawa_kernel::{
    access::RoomKey,
    components::{
        FieldSpec, check_box, check_group, date_field, radio_group, repeated_group, select_field,
        text_field,
    },
    context::Ctx,
    db::{Conn, Tx},
    error::Result,
    form::Form,
    id::PersonId,
    text::birth::BirthDate,
};
use maud::{Markup, html};

use super::shell;
use crate::{
    model::{NameKind, NewMember, NewName, NewPerson, Sex},
    store::{self, household::MAX_MEMBERS},
    words::Words,
};

/// From whom a 続柄 is told.
pub(super) const FROM_WHOM: &str = "相談の対象となった人(本人)から見て";

/// A row: somebody in the room, or somebody new.
pub(super) struct Row {
    who: Who,
    relation: String,
    co_resident: bool,
    from: Option<NaiveDate>,
}

enum Who {
    Known(PersonId),
    New(Box<NewPerson>),
}

/// People of the room that may be chosen, as (id, name).
pub(super) async fn people(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
) -> Result<Vec<(String, String)>> {
    Ok(store::cards::of_room(conn, ctx, key)
        .await?
        .into_iter()
        .map(|c| {
            (
                c.id.to_string(),
                format!("{}（{}）", c.shown_name, c.age_text),
            )
        })
        .collect())
}

pub(super) fn pairs(list: &[(String, String)]) -> Vec<(&str, &str)> {
    list.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect()
}

/// Name and types of the household.
pub(super) fn read_head(form: &mut Form, words: &Words) -> (Option<String>, Vec<String>) {
    (
        form.opt_text("name", "世帯の呼び名", 60),
        form.choices("types", "世帯の状況", &words.household_types(), false),
    )
}

/// See [`read_head`].
pub(super) fn head(form: &Form, words: &Words) -> Markup {
    html! {
        (text_field(form, FieldSpec::new("name", "世帯の呼び名").maxlength(60)
            .hint("空欄なら最初の人の名前から作ります。")))
        (check_group(form, FieldSpec::new("types", "世帯の状況"), &words.household_types()))
    }
}

/// Reads the rows; rows with nothing in them are skipped, too many are refused as a whole.
pub(super) fn read(
    ctx: &Ctx,
    form: &mut Form,
    people: &[(String, String)],
    words: &Words,
) -> Vec<Row> {
    let numbers = form.indexed("member");
    if numbers.len() > MAX_MEMBERS {
        form.error(
            "member[0].person",
            "世帯員",
            format!(
                "世帯員は一度に{MAX_MEMBERS}人まで保存できます（いま{}人）。保存はしていません。入力はこの画面に残っています。{MAX_MEMBERS}人までに分けて保存してください。",
                numbers.len()
            ),
        );
        return Vec::new();
    }
    let today = ctx.today();
    let mut rows = Vec::new();
    for i in numbers {
        let field = |part: &str| format!("member[{i}].{part}");
        let person = form.choice(&field("person"), "登録済みの人", &pairs(people), false);
        let label = form.opt_text(&field("name"), "氏名・呼び名", 100);
        let kana = form.text(&field("kana"), "ふりがな", 100, false);
        let birth = form.parsed(&field("birth"), "生年月日・年齢", false, |t| {
            BirthDate::parse(t, today)
        });
        let sex = form
            .choice(&field("sex"), "性別", Sex::OPTIONS, false)
            .and_then(|c| Sex::from_code(&c));
        let relation = form.choice(&field("relation"), "続柄", &words.kinships(), false);
        let from = shell::date(ctx, form, &field("from"), "世帯に入った日", false);
        let empty = person.is_none()
            && label.is_none()
            && kana.is_empty()
            && birth.is_none()
            && sex.is_none()
            && relation.is_none();
        if empty {
            continue;
        }
        let who = match person.and_then(|p| p.parse().ok()) {
            Some(known) => Who::Known(known),
            None => {
                let names = if label.is_none() && kana.is_empty() {
                    Vec::new()
                } else {
                    let kind = if label.is_none() {
                        NameKind::Kana
                    } else {
                        NameKind::Heard
                    };
                    vec![NewName {
                        kind,
                        text: label.unwrap_or_default(),
                        kana,
                    }]
                };
                Who::New(Box::new(NewPerson {
                    names,
                    birth: birth.unwrap_or_default(),
                    sex: sex.unwrap_or_default(),
                    ..NewPerson::default()
                }))
            }
        };
        rows.push(Row {
            who,
            relation: relation.unwrap_or_else(|| "unknown".into()),
            co_resident: !form.flag(&field("apart")),
            from,
        });
    }
    rows
}

/// Makes the records of new people and gives everybody as members.
pub(super) async fn members(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    rows: Vec<Row>,
) -> Result<Vec<NewMember>> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let person = match row.who {
            Who::Known(person) => person,
            Who::New(new) => store::person::create(tx, ctx, key, *new).await?,
        };
        out.push(NewMember {
            person,
            relation: row.relation,
            co_resident: row.co_resident,
            from: row.from,
        });
    }
    Ok(out)
}

/// The rows as fields.
pub(super) fn rows(
    form: &Form,
    people: &[(String, String)],
    words: &Words,
    at_least: usize,
) -> Markup {
    repeated_group(
        form,
        "member",
        "加える世帯員",
        "世帯員を加える",
        at_least,
        |i| {
            let field = |part: &str| format!("member[{i}].{part}");
            html! { div.fields-two {
                @if !people.is_empty() {
                    div.wide { (select_field(form, FieldSpec::new(field("person"), "登録済みの人")
                        .hint("はじめての人なら選ばずに、下に書いてください。"), &pairs(people))) }
                }
                (text_field(form, FieldSpec::new(field("name"), "氏名・呼び名").maxlength(100).hint("わからなければ空欄でかまいません。")))
                (text_field(form, FieldSpec::new(field("kana"), "ふりがな").maxlength(100)))
                (date_field(form, FieldSpec::new(field("birth"), "生年月日・年齢").age().hint("例: S25.3.4、70代、不詳")))
                (radio_group(form, FieldSpec::new(field("sex"), "性別"), Sex::OPTIONS))
                (select_field(form, FieldSpec::new(field("relation"), "続柄").hint(FROM_WHOM), &words.kinships()))
                (date_field(form, FieldSpec::new(field("from"), "世帯に入った日").hint("わからなければ空欄。")))
                (check_box(form, FieldSpec::new(field("apart"), "別居している")))
            } }
        },
    )
}
