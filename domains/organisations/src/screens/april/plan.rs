//! The second half: who takes over, room by room if need be.

use chrono::Duration;
use engawa_kernel::{
    access::{self, OwnedRoom},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, check_box, date_field, details, form_frame,
        hidden, notice, select_field, submit_row,
    },
    context::Ctx,
    form::Form,
    id::{DeskId, PostingId, StaffId},
    page::page,
    text::wareki::parse_date,
};
use maud::{Markup, html};

use super::{super::trail, Facts};
use crate::{
    field::Source,
    handover::{Handover, Leaving, Successor},
};

/// Rooms shown one by one.
const MAX_APART: usize = 100;
/// The choice for rooms that nobody in particular takes yet.
const DESK: &str = "desk";

/// What the form says, or `None` with messages in it.
pub(super) fn read_plan(ctx: &Ctx, form: &mut Form, facts: &Facts) -> Option<Handover> {
    let today = ctx.today();
    let day = form.parsed("day", "切り替えの日", true, |t| parse_date(t, today));
    if let Some(day) = day
        && !(today - Duration::days(31)..=today + Duration::days(92)).contains(&day)
    {
        form.error(
            "day",
            "切り替えの日",
            "「切り替えの日」は、1か月前から3か月先までの日を入れてください。",
        );
    }
    if let Some(day) = day
        && !facts.manages
        && day > today
    {
        form.error("day", "切り替えの日", "先の日付の引き継ぎはシステム管理者に頼んでください。ここでは今日の引き継ぎができます。");
    }
    let mut leaving = Vec::new();
    for (i, seat) in facts.seats.iter().enumerate() {
        let at = |key: &str| format!("leave[{i}].{key}");
        let successor = successor(form, facts, &at("to"), &at("staff"), !seat.rooms.is_empty());
        let mut apart = Vec::new();
        for room in &seat.rooms {
            let name = at(&format!("room.{}", room.id));
            if form.value(&name).is_empty() {
                continue;
            }
            match form.value(&name).parse::<PostingId>() {
                Ok(to) if facts.working.iter().any(|p| p.id == to) => apart.push((room.id, to)),
                _ => form.error(
                    &name,
                    &room.number,
                    format!("{}の後任を、選択肢から選び直してください。", room.number),
                ),
            }
        }
        if let Some(successor) = successor {
            let posting = seat.posting.id;
            let retires = facts.manages && form.flag(&at("retires"));
            leaving.push(Leaving {
                posting,
                successor,
                apart,
                retires,
            });
        }
    }
    let mut desks = Vec::new();
    for j in form.indexed("desk") {
        let from = form
            .value(&format!("desk[{j}].from"))
            .parse::<DeskId>()
            .ok();
        let to = form.value(&format!("desk[{j}].to")).to_owned();
        if to.is_empty() {
            continue;
        }
        let from = from.filter(|d| facts.unassigned.iter().any(|(known, ..)| known == d));
        match (from, facts.choices.id(Source::Desks, &to)) {
            (Some(from), Some(to)) if from.0 != to => desks.push((from, DeskId(to))),
            _ => form.error(
                &format!("desk[{j}].to"),
                "移す窓口",
                "「移す窓口」を選び直してください。",
            ),
        }
    }
    (!form.has_errors()).then_some(())?;
    Some(Handover {
        day: day?,
        leaving,
        desks,
    })
}

fn successor(
    form: &mut Form,
    facts: &Facts,
    to: &str,
    staff: &str,
    has_rooms: bool,
) -> Option<Successor> {
    let (existing, newcomer) = (form.value(to).to_owned(), form.value(staff).to_owned());
    match (existing.as_str(), newcomer.as_str()) {
        ("", "") if has_rooms => {
            form.error(to, "後任", "担当の記録があるので、後任を選んでください。決まっていなければ「窓口で預かる」を選べます。");
            None
        }
        ("" | DESK, "") => Some(Successor::Desk),
        ("", _) if facts.manages => match facts.choices.id(Source::Staff, &newcomer) {
            Some(id) => Some(Successor::Newcomer(StaffId(id))),
            None => {
                form.error(
                    staff,
                    "新しく着く職員",
                    "「新しく着く職員」を選び直してください。",
                );
                None
            }
        },
        (_, "") => match existing.parse::<PostingId>() {
            Ok(id) if facts.working.iter().any(|p| p.id == id) => Some(Successor::Posting(id)),
            _ => {
                form.error(
                    to,
                    "後任",
                    "「後任」を選択肢から選び直してください。離れる人自身は選べません。",
                );
                None
            }
        },
        _ => {
            form.error(
                to,
                "後任",
                "「後任」と「新しく着く職員」は、どちらか一方だけを選んでください。",
            );
            None
        }
    }
}

/// The form.
pub(super) fn plan_page(ctx: &Ctx, form: &Form, facts: &Facts) -> Markup {
    let said: Vec<(String, String)> = facts
        .working
        .iter()
        .map(|p| {
            (
                p.id.to_string(),
                format!("{} {}（{}）", p.place, p.staff_name, p.role_label),
            )
        })
        .collect();
    let mut options: Vec<(&str, &str)> = vec![(DESK, "窓口で預かる（担当はあとで決める）")];
    options.extend(said.iter().map(|(a, b)| (a.as_str(), b.as_str())));
    let staff = facts.choices.options(Source::Staff, &[]);
    let desks = facts.choices.options(Source::Desks, &[]);
    let fields = html! {
        (date_field(form, FieldSpec::new("day", "切り替えの日").required().hint("この日から後任の担当になります。離れる人は、前の日までで閲覧も記入もできなくなります。")))
        @for (i, seat) in facts.seats.iter().enumerate() {
            fieldset.repeated-row {
                legend.row-legend { (seat.posting.staff_name) " — " (seat.posting.place) " " (seat.posting.role_label) }
                (hidden(&format!("leave[{i}].posting"), &seat.posting.id.to_string()))
                p { "担当: " (counted(&seat.rooms)) }
                (select_field(form, FieldSpec::new(format!("leave[{i}].to"), "後任（今の配置から）"), &options))
                @if facts.manages {
                    (select_field(form, FieldSpec::new(format!("leave[{i}].staff"), "または、同じ席に新しく着く職員").hint("同じ機関・窓口・役割の配置を作ります。"), &staff))
                    (check_box(form, FieldSpec::new(format!("leave[{i}].retires"), "退職する（前の日で在職も終わる）")))
                }
                @if !seat.rooms.is_empty() {
                    @let near: Vec<(&str, &str)> = facts.working.iter().zip(&said)
                        .filter(|(p, _)| p.desk == seat.posting.desk).map(|(_, s)| (s.0.as_str(), s.1.as_str())).take(50).collect();
                    (details("記録ごとに別の後任を選ぶ", html! {
                        @if seat.rooms.len() > MAX_APART { p { "先頭の" (MAX_APART) "件を表示しています。" } }
                        @for room in seat.rooms.iter().take(MAX_APART) {
                            (select_field(form, FieldSpec::new(format!("leave[{i}].room.{}", room.id), room.number.as_str()), &near))
                        }
                    }))
                }
            }
        }
        @for (j, (desk, name, rooms)) in facts.unassigned.iter().enumerate() {
            (hidden(&format!("desk[{j}].from"), &desk.to_string()))
            (select_field(form, FieldSpec::new(format!("desk[{j}].to"), format!("{name}: 担当の決まっていない記録 {rooms}件を移す窓口")).hint("委託先が変わるときに選びます。空欄なら今の窓口のままです。移すのは保存したときです。"), &desks))
        }
        @if facts.manages {
            (notice(NoticeKind::Warn, "", html! {
                p { "切り替えの日が今日か過ぎた日のときは、実行したその時から、離れる人は担当の記録を開けなくなります。先の日のときは、その日に切り替わり、それまでは取り消せます。" }
            }))
        }
        (submit_row(button(ButtonKind::Danger, "引き継ぎを実行する", None)))
    };
    let body = html! {
        (trail(&[("/organisations/april", "異動・引き継ぎ")]))
        (notice(NoticeKind::Info, "", html! {
            @if facts.manages {
                p { "保存すると、離れる配置は切り替えの日の前の日で終わり、その配置の閲覧権はすべて取り消されます（支援チームの分も含む）。やることは後任に移ります。過去の記録には前の担当者の名前が残ります。" }
            } @else {
                p { "保存すると、担当の記録とやることが後任に移り、前の担当者はその記録を開けなくなります。配置そのものは変わりません。" }
            }
        }))
        (form_frame("/organisations/april", ctx.csrf(), form, fields))
    };
    page(&ctx.frame(), "後任を決める", body)
}

fn counted(rooms: &[OwnedRoom]) -> String {
    let of = |kind| rooms.iter().filter(|r| r.kind == kind).count();
    let said = format!(
        "ケース{}件、相談受付{}件",
        of(access::RoomKind::Case),
        of(access::RoomKind::Consultation)
    );
    // Counted apart, so that the list before says the same numbers.
    match of(access::RoomKind::Referral) {
        0 => said,
        n => format!("{said}、つなぐシート{n}件"),
    }
}
