//! From what was typed (or sent to the API) to a [`NewConsultation`]. One reader for both.

use chrono::{DateTime, Duration, Utc};
use engawa_kernel::{
    access::Duty,
    clock,
    context::Ctx,
    drafts,
    error::{Error, Result},
    form::{Form, borrowed},
    id::{DeskId, PersonId},
    text::{birth::BirthDate, wareki},
};
use engawa_organisations::{DeskRef, codes::CodeList};
use engawa_people::Sex;

use crate::{
    model::{
        Consulter, DROPPED_REASONS, Dropped, EmergencyCall, NewConsultation, RESIDENCE, Request,
        SubjectHeard, WhoCame,
    },
    rules::ORDINARY,
    screens::words::{Words, desk_options},
};

/// The prefix of the repeated group.
pub const SUBJECTS: &str = "subject";
/// People that one consultation may be about.
pub const MAX_SUBJECTS: usize = 30;
/// Rows that are still shown again beside their message.
const SHOWN_ROWS: usize = 200;
/// The default channel.
pub const CHANNEL: &str = "phone";

/// Far more people than a form can show: refused at once, kept as a draft.
///
/// # Errors
/// There are more than [`SHOWN_ROWS`].
pub async fn limit_rows(ctx: &Ctx, form: &Form, draft: &str) -> Result<()> {
    let rows = form.indexed(SUBJECTS).len();
    if rows <= SHOWN_ROWS {
        return Ok(());
    }
    drafts::keep(ctx, draft, form.posted()).await?;
    Err(Error::Invalid(format!(
        "相談の対象となる人は一度に{MAX_SUBJECTS}人までです(いま{rows}人)。保存はしていません。入力は下書きに残しました。主な人を登録し、ほかの人は世帯に加えてください。"
    )))
}

/// Reads the whole form. Every mistake is noted in it; `None` when there is one. The second value
/// holds the row number of each subject.
pub fn consultation(
    form: &mut Form,
    ctx: &Ctx,
    words: &Words,
    desks: &[DeskRef],
) -> Option<(NewConsultation, Vec<usize>)> {
    let who_options = WhoCame::OPTIONS;
    let who = form
        .choice("who", "来談者", who_options, false)
        .and_then(|c| WhoCame::from_code(&c))
        .unwrap_or_default();
    let received_at = received(form, ctx);
    let desk = desk(form, ctx, desks);
    let coded = |form: &mut Form, name, label, list, default: &str| {
        let options = words.options(list);
        form.choice(name, label, &options, false)
            .or_else(|| {
                let known = options.iter().find(|(c, _)| *c == default);
                known.or(options.first()).map(|(c, _)| (*c).to_owned())
            })
            .unwrap_or_else(|| default.to_owned())
    };
    let channel = coded(form, "channel", "相談の方法", CodeList::Channel, CHANNEL);
    let route = coded(form, "route", "相談の経路", CodeList::Route, route_of(who));
    let urgency = coded(form, "urgency", "緊急度", CodeList::Urgency, ORDINARY);
    let said = form.text("words", "相談の内容", 20_000, true);
    let (subjects, rows) = subjects(form, ctx);
    let (issues, main_issue) = issues(form, words);
    let (emergency, call) = emergency(form, ctx, words);
    let new = NewConsultation {
        slip: false,
        who,
        received_at: received_at.unwrap_or_else(|| ctx.now()),
        desk: desk.unwrap_or_default(),
        channel,
        route,
        urgency,
        words: said,
        place: form.text("place", "聞いた場所・行事", 200, false),
        consulter: Consulter {
            name: form.text("consulter_name", "来談者の氏名", 100, false),
            kana: form.text("consulter_kana", "来談者のふりがな", 100, false),
            relation: form.text("consulter_relation", "本人との関係", 100, false),
            contact: form.text("consulter_contact", "来談者の連絡先", 200, false),
        },
        subjects,
        issues,
        main_issue,
        heard_of: form.text("heard_of", "どこで知ったか", 500, false),
        why_not_earlier: form.text(
            "why_not_earlier",
            "もっと早く相談しなかった理由",
            2_000,
            false,
        ),
        wishes: form.text("wishes", "配慮を希望されること", 2_000, false),
        notes: form.text("notes", "備考", 5_000, false),
        dropped: Dropped {
            place: form.text("dropped_where", "初めに相談した窓口", 200, false),
            reason: form.choice(
                "dropped_reason",
                "受け止められなかった理由",
                &DROPPED_REASONS,
                false,
            ),
            note: form.text("dropped_note", "受け止められなかった事情", 2_000, false),
            days: form.integer("dropped_days", "失われた日数", 0..=36_500, false),
        },
        gap_kind: form.text("gap_kind", "どの制度にも当てはまらないこと", 200, false),
        gap_schemes: form.text("gap_schemes", "確かめた制度と、使えない理由", 2_000, false),
        request: request(form, ctx, who),
        emergency,
        call,
    };
    (!form.has_errors()).then_some((new, rows))
}

/// The route that goes with who came, when nobody chose one.
const fn route_of(who: WhoCame) -> &'static str {
    match who {
        WhoCame::Subject => "self",
        WhoCame::Other => "family",
        WhoCame::Notice => "resident",
        WhoCame::Agency => "specialist",
    }
}

/// When it was said: now, unless the form says another day or time.
fn received(form: &mut Form, ctx: &Ctx) -> Option<DateTime<Utc>> {
    let (today, now) = (ctx.today(), clock::local(ctx.now()));
    let day = form.parsed("received_on", "受付日", false, |t| {
        wareki::parse_date(t, today)
    });
    let time = form.parsed("received_time", "受付時刻", false, wareki::parse_time);
    let at = match (day, time) {
        (None, None) => return Some(ctx.now()),
        (day, Some(time)) => clock::from_local(day.unwrap_or(today).and_time(time)),
        (Some(day), None) if day == today => return Some(ctx.now()),
        (Some(day), None) => clock::from_local(day.and_time(now.time())),
    };
    // Clocks of two machines may differ a little.
    if at > ctx.now() + Duration::minutes(10) {
        form.error(
            "received_on",
            "受付日",
            "「受付日」が先の日時になっています。今日までの日時を入力してください。入力はこの画面に残っています。",
        );
        return None;
    }
    Some(at.min(ctx.now()))
}

fn desk(form: &mut Form, ctx: &Ctx, desks: &[DeskRef]) -> Option<DeskId> {
    let own = ctx.actor.desk_for(Duty::Receive).ok();
    if form.value("desk").is_empty()
        && let Some(own) = own
    {
        return Some(own);
    }
    if own.is_some_and(|own| own.to_string() == form.value("desk").trim()) {
        return own;
    }
    let options = desk_options(desks);
    form.choice("desk", "受付窓口", &borrowed(&options), true)
        .and_then(|id| id.parse().ok())
}

/// The rows that say anything; one anonymous person when none does.
fn subjects(form: &mut Form, ctx: &Ctx) -> (Vec<SubjectHeard>, Vec<usize>) {
    let numbers = form.indexed(SUBJECTS);
    if numbers.len() > MAX_SUBJECTS {
        let message = format!(
            "相談の対象となる人は一度に{MAX_SUBJECTS}人までです(いま{}人)。入力はこの画面に残っています。",
            numbers.len()
        );
        form.error(SUBJECTS, "相談の対象となる人", message);
        return (vec![], vec![]);
    }
    let (mut out, mut rows) = (Vec::new(), Vec::new());
    for n in numbers {
        let name = |field: &str| format!("{SUBJECTS}[{n}].{field}");
        let said = [
            "label",
            "name",
            "kana",
            "birth",
            "phone",
            "address",
            "relation",
            "residence_place",
        ];
        let chosen = ["sex", "residence"];
        let empty = said.iter().all(|f| form.value(&name(f)).trim().is_empty())
            && chosen
                .iter()
                .all(|f| matches!(form.value(&name(f)), "" | "unknown"));
        if empty {
            continue;
        }
        let today = ctx.today();
        let sex = form
            .choice(&name("sex"), "性別", Sex::OPTIONS, false)
            .and_then(|c| Sex::from_code(&c))
            .unwrap_or_default();
        out.push(SubjectHeard {
            label: form.text(&name("label"), "呼び名", 50, false),
            name: form.text(&name("name"), "氏名", 100, false),
            kana: form.text(&name("kana"), "ふりがな", 100, false),
            sex,
            birth: form
                .parsed(&name("birth"), "生年月日・年齢", false, |t| {
                    BirthDate::parse(t, today)
                })
                .unwrap_or_default(),
            phone: form.text(&name("phone"), "電話", 50, false),
            address: form.text(&name("address"), "住所・居所", 300, false),
            relation: form.text(&name("relation"), "来談者との関係", 100, false),
            residence: form.choice(&name("residence"), "住まいの区分", &RESIDENCE, false),
            residence_place: form.text(&name("residence_place"), "他市町村の名前", 100, false),
            same_as: form.value(&name("same")).parse::<PersonId>().ok(),
        });
        rows.push(n);
    }
    if out.is_empty() {
        out.push(SubjectHeard::default());
        rows.push(0);
    }
    (out, rows)
}

/// Issues with exactly one ◎: the only one is it; a ◎ on an unticked one ticks it.
fn issues(form: &mut Form, words: &Words) -> (Vec<String>, Option<String>) {
    let options = words.options(CodeList::Issue);
    let mut issues = form.choices("issues", "課題", &options, false);
    let main = form.choice("main_issue", "最も困っていること(◎)", &options, false);
    match main {
        Some(main) => {
            if !issues.contains(&main) {
                issues.push(main.clone());
            }
            (issues, Some(main))
        }
        None if issues.len() == 1 => {
            let main = issues.first().cloned();
            (issues, main)
        }
        None => {
            if issues.len() > 1 {
                form.error(
                    "issues",
                    "課題",
                    "選んだ課題のうち、最も困っていること一つに◎を付けてください。入力はこの画面に残っています。",
                );
            }
            (issues, None)
        }
    }
}

fn request(form: &mut Form, ctx: &Ctx, who: WhoCame) -> Option<Request> {
    let today = ctx.today();
    let r = Request {
        sender_body: form.text("sender_body", "依頼元の機関・課", 200, false),
        sender_person: form.text("sender_person", "依頼元の担当者", 100, false),
        basis: form.text("request_basis", "根拠(法令・本人の同意など)", 500, false),
        sign: form.text("request_sign", "気づいたこと", 2_000, false),
        wanted: form.text("request_wanted", "依頼の内容", 2_000, false),
        reply_due_on: form.parsed("reply_due_on", "回答期限", false, |t| {
            wareki::parse_date(t, today)
        }),
    };
    let said = [
        &r.sender_body,
        &r.sender_person,
        &r.basis,
        &r.sign,
        &r.wanted,
    ]
    .iter()
    .any(|t| !t.is_empty())
        || r.reply_due_on.is_some();
    (said || who == WhoCame::Agency).then_some(r)
}

/// The emergency route: (kind, the call already made). Whatever is written there restricts the
/// record, so that a forgotten tick never leaves it open.
fn emergency(form: &mut Form, ctx: &Ctx, words: &Words) -> (Option<String>, Option<EmergencyCall>) {
    let call = call(form, ctx, words, false);
    let kind = form.choice(
        "emergency_kind",
        "緊急の種別",
        &words.options(CodeList::EmergencyKind),
        false,
    );
    let ticked = form.flag("emergency");
    if !ticked && kind.is_none() && call.is_none() {
        return (None, None);
    }
    (Some(kind.unwrap_or_else(|| "other".into())), call)
}

/// A call that was made. `required` on the page that does nothing else.
pub fn call(form: &mut Form, ctx: &Ctx, words: &Words, required: bool) -> Option<EmergencyCall> {
    let options = words.options(CodeList::EmergencyKind);
    let kind = form.choice("emergency_kind", "緊急の種別", &options, required);
    let body = form.text("call_body", "通報・連絡した先", 200, required);
    let person = form.text("call_person", "相手の担当者", 100, false);
    let basis = form.text("call_basis", "根拠となる法令", 300, false);
    let note = form.text("call_note", "伝えた内容", 2_000, false);
    let time = form.parsed("call_time", "連絡した時刻", false, wareki::parse_time);
    if !required && [&body, &person, &note].iter().all(|t| t.is_empty()) {
        return None;
    }
    let at = time.map_or_else(
        || ctx.now(),
        |t| clock::from_local(ctx.today().and_time(t)).min(ctx.now()),
    );
    Some(EmergencyCall {
        kind: kind.unwrap_or_else(|| "other".into()),
        notified_at: at,
        body,
        person,
        basis,
        note,
    })
}
