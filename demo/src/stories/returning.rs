//! Somebody who comes back, and somebody who falls between all schemes.

use engawa_cases::{rules::Closing, store};
use engawa_kernel::error::Result;

use super::teller::{Teller, man};

/// 雛形さん: closed more than a year ago, back with another trouble. A new case, linked to the old.
pub async fn comes_back(t: &Teller<'_>) -> Result<()> {
    let home = [man("雛形 実", "ひながた みのる", 63, "self")];
    let ctx = t.as_kind("worker", 700, 11, 0)?;
    let mut new = t.heard(&ctx, "日雇いの仕事が切れて、今月の家賃が払えません。")?;
    new.subjects = vec![t.subject(&home[0])];
    new.issues = ["rent_loan", "income"].map(Into::into).into();
    new.main_issue = Some("rent_loan".into());
    let first = t.take_in(&ctx, new).await?;
    let ctx = t.as_kind("worker", 698, 10, 0)?;
    let told = t
        .accept(&ctx, first, "雛形 実さん", &home, (false, ""))
        .await?;
    t.contact(
        &ctx,
        told.case,
        ("interview", 45),
        &told.people,
        "住居確保給付金の申請をそろえた。「人に頼むのは初めてだ」と頭を下げられた。",
        None,
    )
    .await?;
    close(t, told.case).await?;

    let ctx = t.as_kind("worker", 8, 9, 30)?;
    let mut new = t.heard(&ctx, "前に世話になった雛形です。倉庫の仕事は続いていますが、健康診断で引っかかって、病院に行くのがこわいのです。")?;
    let mut again = t.subject(&home[0]);
    again.same_as = told.people.first().copied();
    new.subjects = vec![again];
    new.issues = ["illness", "untreated"].map(Into::into).into();
    new.main_issue = Some("illness".into());
    let second = t.take_in(&ctx, new).await?;
    let ctx = t.as_kind("worker", 7, 13, 0)?;
    let back = t
        .accept(&ctx, second, "雛形 実さん", &home, (false, ""))
        .await?;
    let (mut tx, key) = t.open(&ctx, back.case).await?;
    store::case::link(&mut tx, &ctx, &key, told.case).await?;
    tx.commit().await?;
    t.contact(
        &ctx,
        back.case,
        ("phone", 20),
        &back.people,
        "受診に付き添う日を決めた。前の支援のときの連絡帳を、まだ持っているという。",
        Some(t.day(0)),
    )
    .await
}

async fn close(t: &Teller<'_>, case: engawa_kernel::id::RoomId) -> Result<()> {
    let ctx = t.as_kind("worker", 430, 16, 0)?;
    let (mut tx, key) = t.open(&ctx, case).await?;
    let card = store::case::card(&mut tx, &key).await?;
    let closing = Closing {
        closed_on: ctx.today(),
        reason: "achieved".into(),
        changes: "倉庫の仕事が半年続き、家賃の滞納がなくなった。".into(),
        later_lead: "地区の民生委員(架空)".into(),
        next_check_on: None,
        no_check_reason: "本人から年に一度、連絡をくださる約束".into(),
        dissolve_team: true,
    };
    store::closure::close(&mut tx, &ctx, &key, &card, closing, card.version).await?;
    tx.commit().await
}

/// 想定さん: too ill to work full time, not ill enough for a certificate, too young for the centre.
pub async fn between_schemes(t: &Teller<'_>) -> Result<()> {
    let home = [man("想定 誠", "そうてい まこと", 35, "self")];
    let ctx = t.as_kind("worker", 70, 15, 0)?;
    let mut new = t.heard(&ctx, "手帳は取れないと言われ、就労支援は「まず体を治して」と言われ、病院では「福祉に相談して」と言われました。どこに行っても、もう少し悪くなったら来てくださいと言われている気がします。")?;
    new.channel = "visit_in".into();
    new.subjects = vec![t.subject(&home[0])];
    new.issues = ["gap", "illness", "income"].map(Into::into).into();
    new.main_issue = Some("gap".into());
    new.dropped.place = "三つの窓口".into();
    new.dropped.note = "どこでも「対象にならない」と言われた".into();
    new.dropped.days = Some(120);
    new.gap_kind = "手帳の基準に届かない体調と、就労支援の要件のあいだ".into();
    new.gap_schemes = "障害者手帳、自立支援医療、就労準備支援".into();
    let consultation = t.take_in(&ctx, new).await?;
    let ctx = t.as_kind("worker", 66, 10, 0)?;
    let gap = "体調に波があり、週に数時間なら働ける人の行き先がない";
    let told = t
        .accept(&ctx, consultation, "想定 誠さん", &home, (true, gap))
        .await?;
    t.issues(&ctx, told.case, &["gap", "illness", "income"])
        .await?;
    t.contact(&ctx, told.case, ("interview", 60), &told.people, "できる日と、できない日を一か月の表にした。週に二日、午前中なら動ける。こども食堂の仕込みを一度手伝ってみることにした。", None).await?;
    let ctx = t.as_kind("worker", 18, 12, 30)?;
    t.contact(&ctx, told.case, ("accompany", 150), &told.people, "こども食堂で玉ねぎを三十個。「ありがとうと言われたのは久しぶり」。お礼の出る形にできないか、参加支援の担当と考える。", Some(t.day(6))).await?;
    t.task(
        &ctx,
        told.case,
        "短い時間の仕事の受け入れ先を、参加支援の担当に相談する",
        t.day(-1),
    )
    .await
}
