//! つなぐシート: 町田's flow from an elderly desk to one that visits and reports; one that came back,
//! one that nobody answered.

use engawa_cases::card::{Deliberate, NewCard, NewLine, store};
use engawa_consultations::model::{Consulter, WhoCame};
use engawa_kernel::error::{Error, Result};
use engawa_referrals::{
    border::card::Card,
    model::{Act, Content, Doing, Outcome, ReferralKind, ReturnReason},
    store::peers::{self, NewPeer},
};

use super::{
    teller::{Teller, Told, man, woman},
    vacant,
};
use crate::sheets::{agree, blank, does, written};

/// The public card of a municipality that does not exist. Nobody has its private keys.
const NEIGHBOUR: &str = "engawa-card 1
name: 見本となり町
code: 131016
encrypt: age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
verify: d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a
";

/// A municipality to send files to. Our own keys are made by the administrator on the screen: they
/// are random, and the same seed gives the same rows.
pub async fn neighbour(t: &Teller<'_>) -> Result<()> {
    let ctx = t.as_kind("admin", 60, 10, 0)?;
    let card = Card::parse(NEIGHBOUR).map_err(|e| Error::Internal(e.sentence()))?;
    let new = NewPeer {
        name: card.name.clone(),
        card,
        agreement: "見本の協定（つなぐシートのやりとり）".into(),
        from_on: ctx.today(),
        to_on: None,
    };
    let mut tx = ctx.write().await?;
    peers::register(&mut tx, &ctx, &new).await?;
    tx.commit().await
}

/// 仮名家: at the elderly centre a mother speaks of her son. The son said yes to a visit; くらし相談窓口
/// took it on, met him and told the result.
pub async fn over(t: &Teller<'_>) -> Result<()> {
    let home = [
        woman("仮名 トミ", "かめい とみ", 83, "self"),
        man("仮名 浩", "かめい ひろし", 54, "son"),
    ];
    let ctx = t.as_kind("outside", 48, 10, 15)?;
    let mut new = t.heard(&ctx, "足が弱って、買い物がつらくなりました。……それと、息子のこと。会社を辞めてから十五年、家にいます。わたしが死んだら、あの子はどうなるんでしょう。")?;
    new.who = WhoCame::Subject;
    new.subjects = home.iter().map(|who| t.subject(who)).collect();
    new.consulter = Consulter::default();
    new.issues = ["shopping", "withdrawal", "p8050"].map(Into::into).into();
    new.main_issue = Some("shopping".into());
    new.wishes = "電話は午前だけ。息子さんの前でお金の話をしない。".into();
    let consultation = t.take_in(&ctx, new).await?;
    let ctx = t.as_kind("outside", 46, 14, 0)?;
    let told = t
        .accept(&ctx, consultation, "仮名さんの世帯", &home, (true, ""))
        .await?;
    t.issues(&ctx, told.case, &["shopping", "withdrawal", "p8050"])
        .await?;
    let ctx = t.as_kind("outside", 44, 11, 0)?;
    let to = t.town.desks[t.town.home_desk].id;
    agree(&ctx, told.case, &told.people, to).await?;
    let ctx = t.as_kind("outside", 44, 11, 20)?;
    let content = Content {
        issues: vec![("withdrawal".into(), told.people.get(1).copied()), ("p8050".into(), None)],
        wishes: "電話は午前だけ。息子さんの前でお金の話をしない。".into(),
        words: "わたしが死んだら、あの子はどうなるんでしょう。".into(),
        reason: "トミさんの介護の相談の中で話が出た。ご本人も「話を聞くだけなら」と言っている。".into(),
        asked: "一度訪ねて、浩さんの暮らしと仕事の相談に乗ってほしい。トミさんの買い物と介護はこちらで続ける。".into(),
        ..blank(&ctx, told.people.clone(), to)
    };
    let sheet = written(&ctx, told.case, &content, true).await?;
    let ctx = t.as_kind("worker", 43, 9, 10)?;
    does(&ctx, sheet, &Doing::new(Act::Receive)).await?;
    let ctx = t.as_kind("worker", 42, 13, 30)?;
    let part = Doing {
        part: true,
        ..Doing::new(Act::Accept)
            .note("浩さんの相談を引き受けます。トミさんの介護は、これまでどおりお願いします。")
    };
    does(&ctx, sheet, &part).await?;
    let ctx = t.as_kind("worker", 41, 10, 0)?;
    does(&ctx, sheet, &Doing::new(Act::Start)).await?;
    let ctx = t.as_kind("worker", 30, 16, 10)?;
    let report = Doing {
        outcome: Some(Outcome::Continuing),
        linked: true,
        ..Doing::new(Act::Report).note("三度訪問。三度目に浩さんが玄関まで出てこられ、縁側で二十分話した。「車の整備なら」との言葉。来月、整備工場の見学に一緒に行く。")
    };
    does(&ctx, sheet, &report).await?;
    let ctx = t.as_kind("outside", 29, 9, 40)?;
    let close = Doing {
        keep_seat: true,
        ..Doing::new(Act::Close).note(
            "トミさんに伝えた。「久しぶりに、あの子の声を聞いた」とのこと。続けて一緒に支える。",
        )
    };
    does(&ctx, sheet, &close).await?;
    card(t, &told).await
}

/// トミ carries a card with both desks: whom to call when, in large digits.
async fn card(t: &Teller<'_>, told: &Told) -> Result<()> {
    let ctx = t.as_kind("outside", 27, 10, 0)?;
    let (mut tx, key) = t.open(&ctx, told.case).await?;
    let me = ctx.actor.posting()?;
    let mut lines = Vec::new();
    for (desk, posting) in [
        (t.town.desks[t.town.outside_desk].id, Some(me.id)),
        (t.town.desks[t.town.home_desk].id, None),
    ] {
        let at = engawa_organisations::desk(&mut tx, &ctx, desk).await?;
        let (name, body) = match posting {
            Some(_) => (
                ctx.actor.name.clone(),
                format!("{} {}", at.body_name, at.name),
            ),
            None => (at.name, at.body_name),
        };
        lines.push(NewLine {
            posting,
            desk: Some(desk),
            name,
            body,
            phone: at.phone,
        });
    }
    let new = NewCard {
        person: told.people.first().copied().ok_or(Error::NotFound)?,
        lines,
        reason: String::new(),
        deliberate: Deliberate::default(),
    };
    store::issue(&mut tx, &ctx, &key, new).await?;
    tx.commit().await
}

/// 見立 喜八: one sheet came back with a proposal, one lies unanswered, one lay at an empty desk.
pub async fn back_and_late(t: &Teller<'_>) -> Result<()> {
    let home = [man("見立 喜八", "みたて きはち", 74, "self")];
    let ctx = t.as_kind("worker", 40, 10, 0)?;
    let mut new = t.heard(
        &ctx,
        "立ち退きの紙が来ました。保証人がいないと、どこも貸してくれません。",
    )?;
    new.subjects = vec![t.subject(&home[0])];
    new.issues = ["housing", "no_kin"].map(Into::into).into();
    new.main_issue = Some("housing".into());
    let consultation = t.take_in(&ctx, new).await?;
    let ctx = t.as_kind("worker", 38, 11, 0)?;
    let told = t
        .accept(&ctx, consultation, "見立さん", &home, (false, ""))
        .await?;
    t.issues(&ctx, told.case, &["housing", "no_kin"]).await?;
    let (city, centre) = (t.town.desks[0].id, t.town.desks[t.town.outside_desk].id);
    let ctx = t.as_kind("worker", 30, 11, 0)?;
    agree(&ctx, told.case, &told.people, city).await?;
    agree(&ctx, told.case, &told.people, centre).await?;
    vacant::lay_there(t, &told).await?;
    let ctx = t.as_kind("worker", 16, 11, 10)?;
    let housing = Content {
        issues: vec![("housing".into(), None)],
        reason: "来月末に立ち退きの期限が来る。".into(),
        asked: "市営住宅と居住支援の窓口につないでほしい。".into(),
        ..blank(&ctx, told.people.clone(), city)
    };
    let first = written(&ctx, told.case, &housing, true).await?;
    let ctx = t.as_kind("worker", 14, 15, 0)?;
    let health = Content {
        kind: ReferralKind::Join,
        reason: "一人暮らしで、転居のあとの見守りが要る。".into(),
        asked: "支援チームに入り、転居の前後に一緒に訪問してほしい。".into(),
        ..blank(&ctx, told.people.clone(), centre)
    };
    written(&ctx, told.case, &health, true).await?;
    let ctx = t.as_kind("coordinator", 3, 15, 30)?;
    let back = Doing {
        return_reason: Some(ReturnReason::OutOfScope),
        proposal: "居住支援法人に直接相談する方が早いです。担当者を紹介できます。".into(),
        ..Doing::new(Act::Return).note("市営住宅の募集は来年度まで無いため。")
    };
    does(&ctx, first, &back).await
}
