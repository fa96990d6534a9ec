//! The sheet as A4 pages. /referrals/{room}/sheet.pdf: the sheet alone. /referrals/{room}/fax.pdf:
//! for a receiver without Engawa, with the page on top (誤送付チェック) and the reply slip.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    access::{Act as Turn, RoomKey},
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    paper::{Document, Imprint},
    text::wareki,
};
use engawa_organisations::codes::{self, CodeList};

use super::{parts, read};
use crate::{
    model::{Line, ReturnReason, Sheet, Side, To},
    paper::{CoverPage, ReferralSheet, ReplySlip, Shared, SharedLine, SheetHead, qr_svg},
    store::{act::sides, sheet, slip},
};

const TITLE: &str = "つなぐシート";

pub async fn sheet_alone(ctx: Ctx, Path(room): Path<String>) -> Result<Response> {
    let (mut conn, key, sheet) = opened(&ctx, &room).await?;
    let page = page(&mut conn, &ctx, &sheet).await?;
    drop(conn);
    Document::new(TITLE, Imprint::of(&ctx))
        .with(&page)?
        .show(&ctx, &name(&key))
        .await
}

pub async fn for_fax(ctx: Ctx, Path(room): Path<String>) -> Result<Response> {
    let (mut conn, key, sheet) = opened(&ctx, &room).await?;
    if !sheet.paper || sheet.sent_at.is_none() || !sides(&ctx, &sheet).contains(&Side::Sender) {
        return Err(Error::Invalid(
            "送付状と返信票は、紙で渡すつなぐシートを送ったあとに、送り手の窓口が印刷できます。"
                .into(),
        ));
    }
    let page = page(&mut conn, &ctx, &sheet).await?;
    let slip = slip::current(&mut conn, &ctx, &key).await?;
    drop(conn);
    let day = |on| wareki::format_date(on, ctx.calendar);
    let cover = CoverPage {
        to: page.head.to.clone(),
        to_phone: page.head.to_contact.clone(),
        from: page.head.from.clone(),
        from_person: page.head.from_person.clone(),
        from_phone: page.head.from_contact.clone(),
        sent_on: page.head.sent_on.clone(),
        number: sheet.number.clone(),
        subject: "つなぐシートの送付について".into(),
        reply_due_on: page.head.reply_due_on.clone(),
        enclosures: vec![TITLE.into(), "返信票".into()],
        ..CoverPage::default()
    };
    let url = ctx
        .engine
        .public_url
        .as_ref()
        .map(|base| format!("{}/reply", base.trim_end_matches('/')));
    let svg = match (&url, &slip) {
        (Some(url), Some((code, _))) => qr_svg(&format!("{url}?code={code}"))?,
        _ => String::new(),
    };
    let reply = ReplySlip {
        number: sheet.number.clone(),
        kind: sheet.content.kind.label().into(),
        to: page.head.to.clone(),
        from: page.head.from.clone(),
        from_person: page.head.from_person.clone(),
        from_phone: page.head.from_contact.clone(),
        reply_due_on: page.head.reply_due_on.clone(),
        code: slip
            .as_ref()
            .map_or_else(String::new, |(code, _)| parts::grouped(code)),
        expires_on: slip.as_ref().map_or_else(String::new, |(_, on)| day(*on)),
        url: url.filter(|_| slip.is_some()).unwrap_or_default(),
        svg,
        return_reasons: ReturnReason::OPTIONS
            .iter()
            .map(|(_, label)| (*label).to_owned())
            .collect(),
        ..ReplySlip::default()
    };
    Document::new(TITLE, Imprint::of(&ctx))
        .with(&cover)?
        .with(&page)?
        .with(&reply)?
        .show(&ctx, &name(&key))
        .await
}

/// Opens for printing, which the log notes.
async fn opened(ctx: &Ctx, room: &str) -> Result<(Conn, RoomKey, Sheet)> {
    let key = read(ctx, room, Turn::Print, "referral").await?;
    let mut conn = ctx.read().await?;
    let sheet = sheet::read(&mut conn, &key).await?;
    if sheet.lines.is_empty() {
        return Err(Error::Invalid(
            "下書きのつなぐシートは、まだ紙にできません。送ってから印刷してください。".into(),
        ));
    }
    Ok((conn, key, sheet))
}

async fn page(conn: &mut Conn, ctx: &Ctx, sheet: &Sheet) -> Result<ReferralSheet> {
    let names = parts::Names::load(conn, std::slice::from_ref(sheet)).await?;
    let labels = codes::load(conn, ctx, &[CodeList::Issue]).await?;
    let worries: Vec<String> = labels
        .options(CodeList::Issue)
        .into_iter()
        .map(|(_, label)| label.to_owned())
        .collect();
    let staff = engawa_organisations::staff_names(conn, &[sheet.from_staff]).await?;
    let from = engawa_organisations::desk(conn, ctx, sheet.from_desk).await?;
    let to_contact = match &sheet.content.to {
        To::Desk(desk, _) => engawa_organisations::desk(conn, ctx, *desk).await?.phone,
        To::Outside { contact, .. } => contact.clone(),
    };
    let head = SheetHead {
        number: sheet.number.clone(),
        to: names.to(sheet),
        to_contact,
        from: names.from(sheet).to_owned(),
        from_person: match sheet.arrived {
            Some(_) => String::new(),
            None => staff.get(&sheet.from_staff).cloned().unwrap_or_default(),
        },
        from_contact: match sheet.arrived {
            Some(_) => String::new(),
            None => from.phone,
        },
        sent_on: sheet
            .sent_at
            .map(|at| wareki::format_date(engawa_kernel::clock::local(at).date(), ctx.calendar))
            .unwrap_or_default(),
        reply_due_on: wareki::format_date(sheet.content.reply_due_on, ctx.calendar),
        // The receiver reads what was shared; why it may be is the sender's record.
        show_basis: false,
    };
    Ok(ReferralSheet::from_lines(
        head,
        &worries,
        sheet.lines.iter().map(shared),
    ))
}

fn shared(line: &Line) -> SharedLine {
    SharedLine {
        section: line.section.clone(),
        label: line.label.clone(),
        shared: Shared {
            text: line.text.clone(),
            hidden: line.hidden,
            why: line.why.clone(),
        },
    }
}

/// The sheet's number and nobody's name.
fn name(key: &RoomKey) -> String {
    format!("tsunagu-{}.pdf", key.room())
}
