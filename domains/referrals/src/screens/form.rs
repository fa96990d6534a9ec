//! Step two: the sheet as a form, and what was typed as [`Content`].

use engawa_kernel::{
    access::Basis,
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, check_box, check_group, date_field, form_frame,
        notice, radio_group, select_field, submit_row, text_area, text_field,
    },
    context::Ctx,
    db::Conn,
    error::Result,
    form::{Form, borrowed},
    id::{DeskId, PersonId},
    text::wareki::{format_short, parse_date},
};
use maud::{Markup, html};

use super::{ground::Ground, preview};
use crate::{
    model::{Content, KeyLevel, ReferralKind, To, Urgency},
    rules::sharing,
    store::sheet,
};

/// The box by which the sender says that the texts were read once more.
pub const CHECKED: &str = "text_checked";

/// Bases that a sheet can rest on.
const BASES: [Basis; 3] = [Basis::Consent, Basis::SupportMeeting, Basis::Emergency];

fn bases() -> Vec<(&'static str, &'static str)> {
    BASES.iter().map(|b| (b.as_code(), b.label())).collect()
}

fn kinds(ground: &Ground) -> Vec<(&'static str, &'static str)> {
    let mut kinds = ReferralKind::OPTIONS.to_vec();
    if !ground.is_case {
        kinds.retain(|(code, _)| *code != ReferralKind::Transfer.as_code());
    }
    kinds
}

/// The form as it first stands: everything known is filled in, but no word of anybody's unless
/// everybody in the record agreed and nobody there is protected. Advice needs nobody's words.
pub fn blank(ground: &Ground, kind: ReferralKind) -> Form {
    let mut form = Form::blank();
    form.prefill("kind", kind.as_code());
    for card in &ground.cards {
        form.prefill("person", card.id.to_string());
    }
    for (value, ..) in &ground.issues {
        form.prefill("issue", value.clone());
    }
    if kind != ReferralKind::Advice && !ground.clearance.must_check() {
        form.prefill("wishes", ground.wishes.clone());
        form.prefill("words", ground.words.clone());
    }
    form.prefill("urgency", Urgency::Normal.as_code());
    form.prefill("key_level", KeyLevel::Read.as_code());
    form.prefill("basis", Basis::Consent.as_code());
    form
}

/// A draft (or the returned sheet that is raised again) as a form. To another receiver the texts go
/// along only when everybody in the record agreed to that one too.
pub fn filled(ctx: &Ctx, ground: &Ground, c: &Content, again: bool) -> Form {
    let mut form = Form::blank();
    form.prefill("kind", c.kind.as_code());
    for person in &c.people {
        form.prefill("person", person.to_string());
    }
    for (code, whose) in &c.issues {
        let value = whose.map_or_else(|| code.clone(), |p| format!("{code}:{p}"));
        form.prefill("issue", value);
    }
    if !again || !ground.clearance.must_check() {
        for (name, text) in [
            ("wishes", &c.wishes),
            ("words", &c.words),
            ("reason", &c.reason),
            ("asked", &c.asked),
        ] {
            form.prefill(name, text.clone());
        }
    }
    form.prefill("basis_reason", c.basis_reason.clone());
    form.prefill("urgency", c.urgency.as_code());
    if !again {
        form.prefill("reply_due_on", format_short(c.reply_due_on, ctx.calendar));
        if let To::Desk(_, Some(posting)) = c.to {
            form.prefill("to_posting", posting.to_string());
        }
    }
    form.prefill("key_level", c.key_level.as_code());
    form.prefill("basis", c.basis.as_code());
    form
}

/// Where the form goes, and what else stands on its page.
pub struct Place<'a> {
    /// POST to.
    pub action: &'a str,
    /// The address of step one, to choose another receiver.
    pub other_receiver: &'a str,
    /// What goes along: the source, the receiver, the sheet that is raised again.
    pub along: Markup,
    /// As composed now, the texts must be checked.
    pub must_check: bool,
}

/// Who may not be spoken of, and what was therefore not filled in.
fn warning(ground: &Ground) -> Markup {
    let clearance = &ground.clearance;
    if !clearance.must_check() {
        return html! {};
    }
    let protected: Vec<&str> = clearance.protected().map(|s| s.name.as_str()).collect();
    notice(
        NoticeKind::Warn,
        "文章に、同意のない人のことを書かないでください",
        html! {
            @if clearance.0.is_empty() { p { "この記録には名前の分かる人がいないため、だれの同意も記録されていません。" } }
            @if clearance.unspoken().next().is_some() {
                p { "この相手に「相談内容」を渡すことに、いま有効な同意がない人:" }
                ul { @for s in clearance.unspoken() { li { (s.name) " " (preview::consent_link(ground.source, s.person)) } } }
            }
            @if !protected.is_empty() { p { "秘匿の人: " (protected.join("、")) "。居場所の手がかり（住所・学校・勤め先・病院・担当の機関など）は、同意があっても書きません。" } }
            p { "名前がなくても、続柄や出来事でだれのことか分かれば同じです。そのため、聞いた言葉は欄に入れていません。元の言葉は " a href=(ground.back) { "元の記録" } " で読めます。" }
        },
    )
}

/// The form itself.
pub async fn view(
    conn: &mut Conn,
    ctx: &Ctx,
    ground: &Ground,
    form: &Form,
    to: &To,
    place: Place<'_>,
) -> Result<Markup> {
    let paper = sheet::is_paper(conn, ctx, to).await?;
    let people = ground.people_options();
    let issues = ground.issue_options();
    let staff = match to {
        To::Desk(desk, _) if ground.sealed => staff(conn, ctx, *desk).await?,
        _ => Vec::new(),
    };
    let s = ground.settings;
    let due_hint = format!(
        "空欄なら緊急度で決まります（緊急{}日・早め{}日・通常{}日）。",
        s.emergency_days, s.soon_days, s.normal_days
    );
    let body = html! {
        (place.along)
        p { strong { "渡す相手: " (ground.to_name(to)) } "　" a href=(place.other_receiver) { "相手を選び直す" } }
        @if let To::Desk(desk, _) = to && let Some(card) = ground.desk(*desk) && ground.is_stale(ctx, card) {
            (notice(NoticeKind::Warn, "この窓口の受付時間・電話は、長く確かめられていません", html! { p { "送る前に電話で確かめると確実です。" (card.phone) } }))
        }
        @if matches!(to, To::Outside { peer: Some(_), .. }) {
            (notice(NoticeKind::Info, "この相手には、ファイルで渡します", html! { p { "送ったあと、シートのページで、相手の自治体だけが開けるファイルを作ります。相手の受取りと返事のファイルを取り込むと、状態が進みます。もとの記録の閲覧権は渡りません。" } }))
        } @else if paper {
            (notice(NoticeKind::Info, "この相手は紙・FAX・電話で受け取ります", html! { p { "送ったあと、印刷して届け、返事をあなたの窓口で記録します。もとの記録の閲覧権は渡りません。" } }))
        }
        (radio_group(form, FieldSpec::new("kind", "お願いの種類").required(), &kinds(ground)))
        @if ground.sealed && !paper {
            (select_field(form, FieldSpec::new("to_posting", "受け取る職員").required().hint("限定記録なので、窓口の全員ではなく一人に渡します。"), &borrowed(&staff)))
        }
        (warning(ground))
        (text_area(form, FieldSpec::new("wishes", "配慮を希望されること").maxlength(2000).rows(2).hint("シートのいちばん上に出ます。例: 電話は午前だけ。家族のいる前で話さない。")))
        @if !people.is_empty() {
            (check_group(form, FieldSpec::new("person", "載せる人").hint("同意のない人は、選んでも名前ごと載りません。"), &borrowed(&people)))
        }
        @if !issues.is_empty() {
            (check_group(form, FieldSpec::new("issue", "お困りごと"), &borrowed(&issues)))
        }
        (text_area(form, FieldSpec::new("words", "相談したいこと（本人・家族の言葉）").maxlength(4000).rows(4)))
        (text_area(form, FieldSpec::new("reason", "紹介する理由").maxlength(2000).rows(3)))
        (text_area(form, FieldSpec::new("asked", "お願いしたいこと").required().maxlength(2000).rows(3).hint("例: 一度訪問して、息子さんの暮らしの相談に乗ってほしい。")))
        (radio_group(form, FieldSpec::new("urgency", "緊急度").required(), Urgency::OPTIONS))
        (date_field(form, FieldSpec::new("reply_due_on", "返事の期日").hint(due_hint)))
        (radio_group(form, FieldSpec::new("basis", "渡してよい根拠").required()
            .hint("「本人の同意」では、一人ひとりの同意の範囲だけが載ります。"), &bases()))
        (text_field(form, FieldSpec::new("basis_reason", "根拠の説明（同意のほかのとき）").maxlength(300)))
        @if !paper {
            (radio_group(form, FieldSpec::new("key_level", "引き受けられたときに渡すもの").required()
                .hint("記録の全員が全部の項目に同意していないときは、選んでもシートだけになります。"), KeyLevel::OPTIONS))
        }
        @if place.must_check || ground.clearance.must_check() {
            (check_box(form, FieldSpec::new(CHECKED, sharing::CHECK).required()
                .hint("文章（配慮・相談したいこと・理由・お願い）を読み返してから、チェックしてください。送った記録とシートに残ります。")))
        }
        (submit_row(html! {
            (button(ButtonKind::Primary, "送る", Some(("do", "send"))))
            (button(ButtonKind::Secondary, "相手に見える内容を確かめる", Some(("do", "preview"))))
            (button(ButtonKind::Quiet, "下書きとして残す", Some(("do", "draft"))))
        }))
    };
    Ok(form_frame(place.action, ctx.csrf(), form, body))
}

async fn staff(conn: &mut Conn, ctx: &Ctx, desk: DeskId) -> Result<Vec<(String, String)>> {
    Ok(engawa_organisations::postings_at_desk(conn, ctx, desk)
        .await?
        .into_iter()
        .filter(|p| p.role.may(engawa_kernel::access::Duty::WorkCase))
        .map(|p| {
            (
                p.id.to_string(),
                format!("{}（{}）", p.staff_name, p.role_label),
            )
        })
        .collect())
}

/// Reads the form; nothing when there is a mistake in it.
pub async fn parse(
    conn: &mut Conn,
    ctx: &Ctx,
    ground: &Ground,
    form: &mut Form,
    to: &To,
) -> Result<Option<Content>> {
    let content = so_far(conn, ctx, ground, form, to).await?;
    Ok(content.filter(|_| !form.has_errors()))
}

/// As far as it is written: what is missing is an error in the form, and empty in the sheet.
/// `to` comes from the address; the person there from the form.
pub async fn so_far(
    conn: &mut Conn,
    ctx: &Ctx,
    ground: &Ground,
    form: &mut Form,
    to: &To,
) -> Result<Option<Content>> {
    let people_options = ground.people_options();
    let issue_options = ground.issue_options();
    let kind = form
        .choice("kind", "お願いの種類", &kinds(ground), true)
        .and_then(|k| ReferralKind::from_code(&k));
    let people = form.choices("person", "載せる人", &borrowed(&people_options), false);
    let issues = form.choices("issue", "お困りごと", &borrowed(&issue_options), false);
    let wishes = form.text("wishes", "配慮を希望されること", 2000, false);
    let words = form.text("words", "相談したいこと", 4000, false);
    let reason = form.text("reason", "紹介する理由", 2000, false);
    let asked = form.text("asked", "お願いしたいこと", 2000, true);
    let urgency = form
        .choice("urgency", "緊急度", Urgency::OPTIONS, true)
        .and_then(|u| Urgency::from_code(&u));
    let today = ctx.today();
    let due = form.parsed("reply_due_on", "返事の期日", false, |t| {
        parse_date(t, today)
    });
    if due.is_some_and(|d| d < today) {
        form.error(
            "reply_due_on",
            "返事の期日",
            "「返事の期日」は、きょうより後の日を入力してください。",
        );
    }
    let basis = form
        .choice("basis", "渡してよい根拠", &bases(), true)
        .and_then(|b| Basis::from_code(&b));
    let basis_reason = form.text(
        "basis_reason",
        "根拠の説明",
        300,
        basis.is_some_and(|b| b != Basis::Consent),
    );
    let key_level = form
        .choice(
            "key_level",
            "引き受けられたときに渡すもの",
            KeyLevel::OPTIONS,
            false,
        )
        .and_then(|k| KeyLevel::from_code(&k))
        .unwrap_or(KeyLevel::Sheet);
    let to = match to {
        To::Desk(desk, _) if ground.sealed && !sheet::is_paper(conn, ctx, to).await? => {
            let options = staff(conn, ctx, *desk).await?;
            let chosen = form.choice("to_posting", "受け取る職員", &borrowed(&options), true);
            To::Desk(*desk, chosen.and_then(|c| c.parse().ok()))
        }
        To::Desk(desk, _) => To::Desk(*desk, None),
        To::Outside { .. } => to.clone(),
    };
    let (Some(kind), Some(urgency), Some(basis)) = (kind, urgency, basis) else {
        return Ok(None);
    };
    let reply_due_on = due.unwrap_or_else(|| ground.settings.deadlines().reply(urgency, today));
    Ok(Some(Content {
        kind,
        to,
        people: people
            .iter()
            .filter_map(|p| p.parse::<PersonId>().ok())
            .collect(),
        issues: issues
            .iter()
            .map(|value| match value.split_once(':') {
                Some((code, person)) => (code.to_owned(), person.parse().ok()),
                None => (value.clone(), None),
            })
            .collect(),
        wishes,
        words,
        reason,
        asked,
        urgency,
        reply_due_on,
        key_level,
        basis,
        basis_reason,
    }))
}
