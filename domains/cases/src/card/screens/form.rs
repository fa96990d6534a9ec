//! The form of a card, and what was chosen in it as a [`NewCard`].

use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, check_box, check_group, details, form_frame,
        notice, select_field, submit_row, text_field,
    },
    context::Ctx,
    db::Conn,
    error::Result,
    form::{Form, borrowed},
    id::PersonId,
};
use engawa_people::PersonCard;
use maud::{Markup, html};

use crate::{
    card::{
        model::{Card, CardState, Deliberate, NewCard, NewLine},
        rules,
        store::{self, Ground},
    },
    model::MemberKind,
    screens::parts::{Names, desk_code, posting_code},
    store::team,
};

/// Lines for people outside the team.
const OUTSIDE: usize = 4;

/// Somebody of the team who may be put on the card.
struct Choice {
    code: String,
    line: NewLine,
}

/// What the form is drawn from.
pub struct Ingredients {
    people: Vec<PersonCard>,
    choices: Vec<Choice>,
    /// Helpers of the team without an account, by name: their telephone is asked for.
    helpers: Vec<String>,
    cards: Vec<Card>,
}

impl Ingredients {
    /// The people, the team of today and the cards so far.
    pub async fn load(conn: &mut Conn, ctx: &Ctx, key: &RoomKey) -> Result<Self> {
        let members = team::all(conn, key).await?;
        let names = Names::load(conn, ctx, &members).await?;
        let mut choices: Vec<Choice> = Vec::new();
        let mut helpers = Vec::new();
        for m in members.iter().filter(|m| m.until_on.is_none()) {
            let (code, posting, desk, name) = match (m.kind, m.posting, m.desk) {
                (MemberKind::Posting, Some(p), _) => {
                    let Some(who) = names.postings.get(&p) else {
                        continue;
                    };
                    let name = who.staff_name.clone();
                    (posting_code(p), Some(p), who.desk, name)
                }
                (MemberKind::Desk, _, Some(d)) => (desk_code(d), None, Some(d), String::new()),
                (MemberKind::Body, ..) => {
                    helpers.push(m.name.clone());
                    continue;
                }
                _ => continue,
            };
            let Some(desk) = desk else { continue };
            if choices.iter().any(|c| c.code == code) {
                continue;
            }
            let at = engawa_organisations::desk(conn, ctx, desk).await?;
            let (name, body) = if posting.is_some() {
                let place = format!("{} {}", at.body_name, at.name);
                (name, place.trim().to_owned())
            } else {
                (at.name, at.body_name)
            };
            choices.push(Choice {
                code,
                line: NewLine {
                    posting,
                    desk: Some(desk),
                    name,
                    body,
                    phone: at.phone,
                },
            });
        }
        Ok(Self {
            people: engawa_people::of_room(conn, ctx, key).await?,
            choices,
            helpers,
            cards: store::all(conn, key).await?,
        })
    }

    fn in_use(&self, person: &str) -> Option<&Card> {
        self.cards
            .iter()
            .find(|c| c.state == CardState::Issued && c.person.to_string() == person)
    }

    /// Who is on the card in use and in the team no more.
    fn no_more(&self, card: &Card) -> Vec<String> {
        card.lines
            .iter()
            .filter(|l| match (l.posting, l.desk) {
                (Some(p), _) => !self.choices.iter().any(|c| c.code == posting_code(p)),
                (None, Some(d)) => !self.choices.iter().any(|c| c.code == desk_code(d)),
                (None, None) => false,
            })
            .map(|l| l.name.clone())
            .collect()
    }

    fn someone_protected(&self) -> bool {
        self.people.iter().any(|p| p.protected)
    }

    /// The form as it first stands: for this person, as the card in use says.
    pub fn blank(&self, person: Option<&str>) -> Form {
        let mut form = Form::blank();
        let person = person
            .filter(|p| self.people.iter().any(|c| c.id.to_string() == *p))
            .map(str::to_owned)
            .or_else(|| match self.people.as_slice() {
                [only] => Some(only.id.to_string()),
                _ => None,
            });
        let mut outside: Vec<(String, String, String)> = Vec::new();
        if let Some(person) = &person {
            form.prefill("person", person.as_str());
            if let Some(card) = self.in_use(person) {
                for l in &card.lines {
                    match (l.posting, l.desk) {
                        (Some(p), _) => form.prefill("line", posting_code(p)),
                        (None, Some(d)) => form.prefill("line", desk_code(d)),
                        (None, None) => {
                            outside.push((l.name.clone(), l.body.clone(), l.phone.clone()));
                        }
                    }
                }
            }
        }
        for name in &self.helpers {
            if !outside.iter().any(|(n, ..)| n == name) {
                outside.push((name.clone(), String::new(), String::new()));
            }
        }
        for (i, (name, body, phone)) in outside.into_iter().take(OUTSIDE).enumerate() {
            form.prefill(&format!("outside[{i}].name"), name);
            form.prefill(&format!("outside[{i}].body"), body);
            form.prefill(&format!("outside[{i}].phone"), phone);
        }
        form
    }
}

/// The form.
pub async fn view(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    form: &Form,
    of: &Ingredients,
    refused: Option<&str>,
) -> Result<Markup> {
    let person = form.value("person").to_owned();
    let who: Option<PersonId> = person
        .parse()
        .ok()
        .filter(|id| of.people.iter().any(|p| p.id == *id));
    let mut options = Vec::new();
    for choice in &of.choices {
        let l = &choice.line;
        let agreed = match who {
            Some(person) => match store::ground(conn, ctx, key, person, l).await? {
                Ground::Own => "",
                Ground::Consent(_) => "　本人の同意あり",
                Ground::Missing => "　本人の同意がありません",
            },
            None => "",
        };
        let phone = if l.phone.is_empty() {
            "電話の登録なし"
        } else {
            &l.phone
        };
        options.push((
            choice.code.clone(),
            format!("{}（{}）{phone}{agreed}", l.name, l.body),
        ));
    }
    let people: Vec<(String, String)> = of
        .people
        .iter()
        .map(|p| (p.id.to_string(), p.shown_name.clone()))
        .collect();
    let replaces = of.in_use(&person);
    let holder_protected = of.people.iter().any(|p| Some(p.id) == who && p.protected);
    let body = html! {
        (select_field(form, FieldSpec::new("person", "カードを持つ人").required(), &borrowed(&people)))
        @if !options.is_empty() {
            div.choices-wide {
                (check_group(form, FieldSpec::new("line", "チームから載せる人・窓口").hint("電話は「機関・職員」に登録された窓口の番号です。"), &borrowed(&options)))
            }
        }
        (outside(form))
        @if let Some(card) = replaces {
            @let gone = of.no_more(card);
            @if !gone.is_empty() {
                (notice(NoticeKind::Info, "", html! { p { "いまのカードにある " (gone.join("、")) " は、いまはチームにいないため載りません。" } }))
            }
            (text_field(form, FieldSpec::new("reason", "作り直す理由").required().maxlength(200).hint("いま使っているカードは「作り直し済み」になります。例: 担当者が替わった。")))
        }
        @if of.someone_protected() {
            (notice(NoticeKind::Warn, "このケースには秘匿の人がいます", html! {
                p { "カードは落としたり人に見られたりします。載せる窓口や地名から居場所が分からないか、本人と確かめてください。" }
            }))
            (check_box(form, FieldSpec::new("checked", rules::CHECK).required()))
            @if holder_protected {
                (text_field(form, FieldSpec::new("why", "秘匿の人にカードを渡す理由").required().maxlength(200).hint("4文字以上。記録に残り、主担当に知らされます。")))
            }
        }
        @if let Some(why) = refused {
            (notice(NoticeKind::Danger, "カードを発行していません", html! {
                p { (why) }
                @if let Some(person) = who { p { a href={ "/people/" (person) "/consents/new?room=" (key.room()) } { "同意を記録する" } } }
            }))
        }
        (submit_row(button(ButtonKind::Primary, "発行する", None)))
    };
    Ok(form_frame(
        &format!("/cases/{}/cards/new", key.room()),
        ctx.csrf(),
        form,
        body,
    ))
}

fn outside(form: &Form) -> Markup {
    let filled = |i: usize| !form.value(&format!("outside[{i}].name")).is_empty();
    let row = |i: usize| {
        html! { fieldset.repeated-row {
            legend.row-legend { "チームの外の人 " (i + 1) }
            (text_field(form, FieldSpec::new(format!("outside[{i}].name"), "名前").maxlength(60)))
            (text_field(form, FieldSpec::new(format!("outside[{i}].body"), "所属").maxlength(60)))
            (text_field(form, FieldSpec::new(format!("outside[{i}].phone"), "電話").maxlength(30).inputmode("tel").short()))
        } }
    };
    let count = (0..OUTSIDE).filter(|i| filled(*i)).count();
    html! {
        @for i in (0..OUTSIDE).filter(|i| filled(*i)) { (row(i)) }
        @if count > 0 { p.hint { "電話を書いた人だけが載ります。本人の同意の「提供先」に、名前か所属が同じ書き方で要ります。" } }
        @if count < OUTSIDE {
            (details("チームの外の人を載せる（民生委員、かかりつけ医、家族など）", html! {
                @if count == 0 { p.hint { "電話を書いた人だけが載ります。本人の同意の「提供先」に、名前か所属が同じ書き方で要ります。" } }
                @for i in (0..OUTSIDE).filter(|i| !filled(*i)) { (row(i)) }
            }))
        }
    }
}

/// What was chosen; nothing when there is a mistake in it.
pub fn parse(form: &mut Form, of: &Ingredients) -> Option<NewCard> {
    let people: Vec<(String, String)> = of
        .people
        .iter()
        .map(|p| (p.id.to_string(), p.shown_name.clone()))
        .collect();
    let person = form.choice("person", "カードを持つ人", &borrowed(&people), true);
    let options: Vec<(String, String)> = of
        .choices
        .iter()
        .map(|c| (c.code.clone(), c.line.name.clone()))
        .collect();
    let chosen = form.choices(
        "line",
        "チームから載せる人・窓口",
        &borrowed(&options),
        false,
    );
    let mut lines: Vec<NewLine> = of
        .choices
        .iter()
        .filter(|c| chosen.contains(&c.code))
        .map(|c| c.line.clone())
        .collect();
    for i in 0..OUTSIDE {
        let at = |key: &str| format!("outside[{i}].{key}");
        let name = form.text(&at("name"), "名前", 60, false);
        let body = form.text(&at("body"), "所属", 60, false);
        let phone = form.text(&at("phone"), "電話", 30, false);
        if phone.is_empty() {
            continue;
        }
        if name.is_empty() {
            form.error(
                &at("name"),
                "名前",
                "電話を書いた人の「名前」を入力してください。",
            );
            continue;
        }
        lines.push(NewLine {
            posting: None,
            desk: None,
            name,
            body,
            phone,
        });
    }
    let replaces = person.as_deref().is_some_and(|p| of.in_use(p).is_some());
    let reason = form.text("reason", "作り直す理由", 200, replaces);
    let why = form.text("why", "秘匿の人にカードを渡す理由", 200, false);
    let checked = form.flag("checked");
    let person: PersonId = person?.parse().ok()?;
    (!form.has_errors()).then_some(NewCard {
        person,
        lines,
        reason,
        deliberate: Deliberate {
            checked,
            reason: why,
        },
    })
}
