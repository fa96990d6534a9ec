//! What waits for a decision: an anonymous call, a commissioner's slip, and others, each with its
//! days.

use engawa_consultations::model::{Consulter, SubjectHeard, WhoCame};
use engawa_kernel::{error::Result, text::birth::BirthDate};
use engawa_people::Sex;

use super::teller::{Teller, man, woman};

/// Consultations nobody has decided on yet.
pub async fn waiting(t: &Teller<'_>) -> Result<()> {
    anonymous(t).await?;
    slip(t).await?;
    others(t).await
}

async fn anonymous(t: &Teller<'_>) -> Result<()> {
    let ctx = t.as_kind("worker", 2, 16, 50)?;
    let mut new = t.heard(&ctx, "名前は言えません。夫が寝たきりで、もう三日、まともに眠っていません。今日、夫の口をふさぎたいと思ってしまいました。どうしたらいいのか、声を聞いてほしくて。")?;
    new.subjects = vec![SubjectHeard {
        label: "夫を介護している70代くらいの女性".into(),
        sex: Sex::Female,
        birth: BirthDate::Decade {
            decade: 70,
            as_of: ctx.today(),
        },
        ..SubjectHeard::default()
    }];
    new.issues = ["care", "mental"].map(Into::into).into();
    new.main_issue = Some("care".into());
    new.urgency = "soon".into();
    new.notes = "非通知の電話。四十分。落ち着かれ、明日の同じ時間にまたかけると言われた。".into();
    t.take_in(&ctx, new).await?;
    Ok(())
}

async fn slip(t: &Teller<'_>) -> Result<()> {
    let ctx = t.as_kind("entry", 5, 19, 10)?;
    let mut new = t.heard(&ctx, "見守りで回っている架空次郎さん、新聞が四日分たまっています。声をかけると返事はありますが、戸を開けてくれません。以前は畑に出ていた人です。")?;
    new.slip = true;
    new.who = WhoCame::Notice;
    new.channel = "paper_slip".into();
    new.route = "commissioner".into();
    new.consulter = Consulter {
        name: ctx.actor.name.clone(),
        relation: "民生委員".into(),
        ..Consulter::default()
    };
    new.subjects = vec![t.subject(&man("架空 次郎", "かくう じろう", 81, "self"))];
    new.issues = ["isolation", "self_neglect"].map(Into::into).into();
    new.main_issue = Some("isolation".into());
    t.take_in(&ctx, new).await?;
    Ok(())
}

async fn others(t: &Teller<'_>) -> Result<()> {
    let ctx = t.as_kind("worker", 18, 10, 40)?;
    let mut new = t.heard(
        &ctx,
        "夫が亡くなって年金が減りました。家は広すぎて、冬の灯油代がこわいです。",
    )?;
    new.subjects = vec![t.subject(&woman("練習 春子", "れんしゅう はるこ", 66, "self"))];
    new.issues = vec!["income".into(), "housing".into()];
    new.main_issue = Some("income".into());
    t.take_in(&ctx, new).await?;

    let ctx = t.as_kind("clerk", 12, 13, 15)?;
    let mut new = t.heard(
        &ctx,
        "面接に落ち続けて、部屋から出るのがつらくなってきました。",
    )?;
    new.channel = "mail_web".into();
    new.subjects = vec![t.subject(&man("模擬 健太", "もぎ けんた", 24, "self"))];
    new.issues = vec!["job_search".into(), "mental".into()];
    new.main_issue = Some("job_search".into());
    t.take_in(&ctx, new).await?;

    let ctx = t.as_kind("worker", 7, 11, 25)?;
    let mut new = t.heard(
        &ctx,
        "免許を返したら、買い物も病院も行けなくなりました。妻は膝が悪くて歩けません。",
    )?;
    new.channel = "event".into();
    new.place = "さくら地区のサロン".into();
    new.subjects = [
        man("例示 三郎", "れいじ さぶろう", 88, "self"),
        woman("例示 とし", "れいじ とし", 84, "spouse"),
    ]
    .iter()
    .map(|w| t.subject(w))
    .collect();
    new.issues = vec!["shopping".into(), "transport".into()];
    new.main_issue = Some("transport".into());
    t.take_in(&ctx, new).await?;

    let ctx = t.as_kind("outside", 3, 9, 30)?;
    let mut new = t.heard(&ctx, "日本語の書類が読めなくて、保険の手続きができません。子どもが通訳してくれますが、学校を休ませてしまいます。")?;
    new.subjects = vec![
        t.subject(&woman("サンプル リン", "さんぷる りん", 38, "self")),
        t.subject(&man("サンプル カイ", "さんぷる かい", 12, "son")),
    ];
    new.issues = vec!["foreign_language".into(), "young_carer".into()];
    new.main_issue = Some("foreign_language".into());
    t.take_in(&ctx, new).await?;

    let ctx = t.as_kind("worker", 1, 17, 0)?;
    let mut new = t.heard(&ctx, "水道を止めると手紙が来ました。あと三日です。")?;
    new.urgency = "emergency".into();
    new.subjects = vec![t.subject(&man("模擬 五郎", "もぎ ごろう", 47, "self"))];
    new.issues = vec!["tax_utility".into(), "no_food".into()];
    new.main_issue = Some("tax_utility".into());
    t.take_in(&ctx, new).await?;
    Ok(())
}
