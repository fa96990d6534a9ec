//! The acts that are possible now, as small forms.

use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, button, card, check_box, check_group, date_field, details,
        form_frame, hidden, link_button, radio_group, submit_row, text_area, text_field,
    },
    context::Ctx,
    form::{Form, borrowed},
    text::wareki::parse_date,
};
use maud::{Markup, html};

use crate::{
    model::{
        Act, Channel, Doing, Outcome, ReferralKind, ReturnReason, Sheet, Side, State, To,
        WithdrawReason,
    },
    rules,
    store::act::possible,
};

/// All that the actor can do now; `typed` is a form that was refused and is shown again.
pub fn view(ctx: &Ctx, sheet: &Sheet, is_case: bool, typed: Option<&Form>) -> Markup {
    let shown: Vec<Markup> = possible(ctx, sheet)
        .into_iter()
        .map(|act| one(ctx, sheet, act, is_case, typed))
        .collect();
    if shown.is_empty() {
        return html! {};
    }
    card("できること", html! { @for one in &shown { (one) } })
}

fn one(ctx: &Ctx, sheet: &Sheet, act: Act, is_case: bool, typed: Option<&Form>) -> Markup {
    match act {
        Act::Send => {
            return html! { p { (link_button(ButtonKind::Primary, &format!("/referrals/{}/edit", sheet.room), "続きを書いて送る")) } };
        }
        Act::RaiseAgain => {
            let href = format!(
                "/referrals/new?room={}&follows={}",
                sheet.source, sheet.room
            );
            return html! { p { (link_button(ButtonKind::Primary, &href, "相手や内容を直して出し直す")) } };
        }
        _ => {}
    }
    let again = typed.filter(|f| f.value("act") == act.as_code());
    let mut form = again.map_or_else(Form::blank, Clone::clone);
    form.scope = Some(format!("act-{}", act.as_code()));
    form.version = Some(sheet.version);
    let spoken = sheet.paper && rules::side_of(act) == Side::Receiver;
    let fields = fields(&form, sheet, act, is_case);
    let quick = matches!(act, Act::Receive | Act::Start | Act::Resume);
    let label = button_of(act, sheet.paper);
    let kind = match act {
        Act::Return | Act::Withdraw => ButtonKind::Danger,
        Act::Receive | Act::Accept | Act::Start | Act::Report | Act::Close => ButtonKind::Primary,
        _ => ButtonKind::Secondary,
    };
    let body = form_frame(
        &format!("/referrals/{}/act", sheet.room),
        ctx.csrf(),
        &form,
        html! {
            (hidden("act", act.as_code()))
            @if spoken { (outside(&form)) }
            (fields)
            (submit_row(button(kind, label, None)))
        },
    );
    if again.is_some() || quick && !spoken {
        body
    } else {
        details(label, body)
    }
}

/// How somebody can tell us an answer. A file says for itself that it was one.
fn channels() -> Vec<(&'static str, &'static str)> {
    let mut channels = Channel::OPTIONS.to_vec();
    channels.retain(|(code, _)| *code != Channel::File.as_code());
    channels
}

/// How an answer from outside came, and from whom.
fn outside(form: &Form) -> Markup {
    html! {
        (radio_group(form, FieldSpec::new("channel", "返事の届き方").required(), &channels()))
        (text_field(form, FieldSpec::new("answered_by", "答えた人（所属と名前）").required().maxlength(100)))
    }
}

const fn button_of(act: Act, paper: bool) -> &'static str {
    match (act, paper) {
        (Act::Receive, true) => "届いたことを記録する",
        (Act::Accept, true) => "引受の返事を記録する",
        (Act::Return, true) => "引き受けられないとの返事を記録する",
        (Act::AdviseOnly, true) => "助言だけの返事を記録する",
        (Act::Report, true) => "対応の結果を記録する",
        (Act::Receive, false) => "受領する",
        (Act::Accept, false) => "引き受ける",
        (Act::Return, false) => "差し戻す",
        (Act::AdviseOnly, false) => "助言だけする",
        (Act::Report, false) => "結果を報告する",
        (Act::Start, _) => "対応を始める",
        (Act::Hold, _) => "保留にする",
        (Act::Resume, _) => "対応を再開する",
        (Act::AskAgain, _) => "再依頼する",
        (Act::Close, _) => "確かめて完了にする",
        (Act::Withdraw, _) => "取り下げる",
        (Act::Send, _) => "送る",
        (Act::RaiseAgain, _) => "出し直す",
    }
}

fn fields(form: &Form, sheet: &Sheet, act: Act, is_case: bool) -> Markup {
    let note = |label: &'static str, required: bool| {
        let spec = FieldSpec::new("note", label).maxlength(4000).rows(3);
        text_area(form, if required { spec.required() } else { spec })
    };
    match act {
        Act::Accept => html! {
            (radio_group(form, FieldSpec::new("part", "引き受ける範囲"), &[("whole", "全部"), ("part", "一部")]))
            @if let Some(asked) = asked(sheet) {
                (check_group(form, FieldSpec::new("taken", "一部のとき: 引き受けること"), &borrowed(&asked)))
                (text_area(form, FieldSpec::new("left_reason", "引き受けないことの理由").maxlength(1000).rows(2).hint("選ばなかったことを、送り手がほかに頼めるように書きます。")))
            }
            (note("ひとこと（一部のときは、引き受ける課題や人）", false))
            @if sheet.content.kind == ReferralKind::Transfer { p.hint { "引き受けると、あなたがもとの記録の主担当になります。" } }
        },
        Act::Return => html! {
            (radio_group(form, FieldSpec::new("return_reason", "差し戻す理由").required(), ReturnReason::OPTIONS))
            (note("説明", false))
            (text_field(form, FieldSpec::new("proposal", "代わりの提案").maxlength(500).hint("例: ○○相談室なら土曜も開いています。")))
        },
        Act::AdviseOnly => note("助言の内容", true),
        Act::Hold => html! {
            (date_field(form, FieldSpec::new("resume_on", "再開する日").required()))
            (note("保留の理由", false))
        },
        Act::Report => html! {
            (radio_group(form, FieldSpec::new("outcome", "結果").required(), Outcome::OPTIONS))
            (note("したこと・分かったこと（電話・訪問など）", true))
            (check_box(form, FieldSpec::new("linked", "本人とつながったことを確かめた")))
        },
        Act::AskAgain => html! {
            (note("もう一度お願いしたいこと", true))
            (date_field(form, FieldSpec::new("due_on", "返事の期日")))
        },
        Act::Close => html! {
            @if sheet.state == State::Returned { (note("これからだれがどう対応するか", true)) } @else { (note("ひとこと", false)) }
            @if keeps_seat(sheet, is_case) {
                (check_box(form, FieldSpec::new("keep_seat", "受け手に支援を続けてもらう（支援チームに残る）").hint("選ばないと、受け手の閲覧権はここで取り消されます。")))
            }
        },
        Act::Withdraw => html! {
            (radio_group(form, FieldSpec::new("withdraw_reason", "取り下げる理由").required(), WithdrawReason::OPTIONS))
            (note("説明", false))
            @if sheet.sent_at.is_some() && sheet.opened_at.is_none() && !sheet.paper { p.hint { "相手はまだ開いていません。取り下げると、相手からは見えなくなります。" } }
        },
        Act::Receive | Act::Start | Act::Resume | Act::Send | Act::RaiseAgain => html! {},
    }
}

fn keeps_seat(sheet: &Sheet, is_case: bool) -> bool {
    is_case
        && !sheet.paper
        && sheet.state == State::Reported
        && sheet.content.kind != ReferralKind::Transfer
        && sheet.content.key_level.key().is_some()
        && matches!(sheet.content.to, To::Desk(..))
}

/// What was asked one by one, of a sheet that came from another municipality: (place, words).
fn asked(sheet: &Sheet) -> Option<Vec<(String, String)>> {
    let asked = &sheet.arrived.as_ref()?.asked;
    (!asked.is_empty()).then(|| {
        let places = asked.iter().enumerate();
        places.map(|(n, a)| (n.to_string(), a.clone())).collect()
    })
}

/// Which of the asked things are taken on, and why the others are not, in words that the sender reads.
fn partly(form: &mut Form, sheet: &Sheet, doing: &mut Doing) {
    let Some(asked) = asked(sheet).filter(|_| doing.act == Act::Accept && doing.part) else {
        return;
    };
    let chosen: Vec<String> = form
        .values("taken")
        .into_iter()
        .map(str::to_owned)
        .collect();
    let why = form.text("left_reason", "引き受けないことの理由", 1000, false);
    let of = |wanted: bool| -> Vec<&str> {
        let all = asked.iter().filter(|(n, _)| chosen.contains(n) == wanted);
        all.map(|(_, words)| words.as_str()).collect()
    };
    let (taken, left) = (of(true), of(false));
    if taken.is_empty() && doing.note.is_empty() {
        form.error("taken", "一部のとき: 引き受けること", "引き受けることを選んでください。全部引き受けられないときは「差し戻す」を使います。まだ記録していません。");
    } else if !taken.is_empty() && !left.is_empty() && why.is_empty() {
        form.error(
            "left_reason",
            "引き受けないことの理由",
            "引き受けないことの理由を書いてください。まだ記録していません。",
        );
    } else if !taken.is_empty() {
        let mut said = format!("引き受けること: {}", taken.join("、"));
        if !left.is_empty() {
            said.push_str(&format!(
                "\n引き受けないこと: {}\n理由: {why}",
                left.join("、")
            ));
        }
        if !doing.note.is_empty() {
            said.push('\n');
            said.push_str(&doing.note);
        }
        doing.note = engawa_kernel::text::truncate_graphemes(&said, 4000).to_owned();
    }
}

/// Reads one of the small forms. What is missing for the act is the rules' to say.
pub fn parse(form: &mut Form, ctx: &Ctx, sheet: &Sheet) -> Option<Doing> {
    let act = Act::from_code(form.value("act"))?;
    let today = ctx.today();
    let mut day =
        |name: &str, label: &str| form.parsed(name, label, false, |t| parse_date(t, today));
    let resume_on = day("resume_on", "再開する日");
    let due_on = day("due_on", "返事の期日");
    let mut doing = Doing {
        note: form.text("note", "説明", 4000, false),
        return_reason: ReturnReason::from_code(form.value("return_reason")),
        proposal: form.text("proposal", "代わりの提案", 500, false),
        withdraw_reason: WithdrawReason::from_code(form.value("withdraw_reason")),
        outcome: Outcome::from_code(form.value("outcome")),
        linked: form.flag("linked"),
        part: form.value("part") == "part",
        resume_on,
        due_on,
        keep_seat: form.flag("keep_seat"),
        channel: Channel::from_code(form.value("channel")),
        answered_by: form.text("answered_by", "答えた人", 100, false),
        ..Doing::new(act)
    };
    partly(form, sheet, &mut doing);
    (!form.has_errors()).then_some(doing)
}

/// The field that a refusal of the rules is about.
pub const fn field_of(refusal: rules::Refusal) -> (&'static str, &'static str) {
    use rules::Refusal as R;
    match refusal {
        R::NoReturnReason => ("return_reason", "差し戻す理由"),
        R::NoWithdrawReason => ("withdraw_reason", "取り下げる理由"),
        R::NoOutcome => ("outcome", "結果"),
        R::NoChannel => ("channel", "返事の届き方"),
        R::BadResumeDay => ("resume_on", "再開する日"),
        R::DueInThePast => ("due_on", "返事の期日"),
        R::NoNote(_)
        | R::NotNow(..)
        | R::TransferNeedsAnswer
        | R::AlreadyMoved
        | R::OnlyByFollowing
        | R::NotYourSide(_) => ("note", "説明"),
    }
}
