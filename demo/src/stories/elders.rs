//! 8050, and a house full of things.

use engawa_consultations::model::{Consulter, WhoCame};
use engawa_kernel::{
    access::{self, Basis, Level},
    error::Result,
    id::{PersonId, RoomId},
};
use engawa_people::{self as people, ConsentItem, ConsentMethod, ConsentState, NewConsent};

use super::teller::{Teller, Who, man, woman};

/// 見本家: parents of eighty, a son who has not left the house for twenty-eight years, a daughter
/// who has. The father agreed, the mother agreed and took part of it back, the son has not answered.
pub async fn eighty_fifty(t: &Teller<'_>) -> Result<()> {
    let home = [
        man("見本 太郎", "みほん たろう", 82, "self"),
        woman("見本 花江", "みほん はなえ", 79, "spouse"),
        man("見本 一郎", "みほん いちろう", 52, "son"),
        Who {
            here: false,
            ..woman("例示 みどり", "れいじ みどり", 49, "daughter")
        },
    ];
    let ctx = t.as_kind("worker", 96, 10, 20)?;
    let mut new = t.heard(&ctx, "夫の物忘れがひどくなって、私一人では手が回りません。二階には息子がおりますが、もう二十八年、外に出ていないのです。恥ずかしくて、どこにも言えませんでした。私たちがいなくなったら、あの子はどうなるのでしょう。")?;
    new.who = WhoCame::Other;
    new.route = "family".into();
    new.consulter = Consulter {
        name: "見本 花江".into(),
        kana: "みほん はなえ".into(),
        relation: "妻・母".into(),
        contact: "00-0000-1234".into(),
    };
    new.subjects = home[..3].iter().map(|w| t.subject(w)).collect();
    new.issues = ["p8050", "withdrawal", "dementia", "after_parents"]
        .map(Into::into)
        .into();
    new.main_issue = Some("p8050".into());
    new.heard_of = "地域包括支援センターのちらし".into();
    new.why_not_earlier = "近所に知られたくなかった".into();
    new.wishes = "家に来るときは、名札を外して私服で来てほしい".into();
    let consultation = t.take_in(&ctx, new).await?;

    let ctx = t.as_kind("worker", 93, 14, 0)?;
    let told = t
        .accept(&ctx, consultation, "見本家", &home, (true, ""))
        .await?;
    t.issues(
        &ctx,
        told.case,
        &["p8050", "withdrawal", "dementia", "after_parents"],
    )
    .await?;
    let [father, mother, son, daughter] = told.people[..] else {
        return Ok(());
    };
    consents(t, told.case, (father, mother, son)).await?;
    let ctx = t.as_kind("worker", 88, 17, 0)?;
    let by_consent = (Level::Write, Basis::Consent);
    t.team(
        &ctx,
        told.case,
        "outside",
        "co_lead",
        "太郎さんの介護保険と、花江さんの休息",
        by_consent,
    )
    .await?;
    t.team(
        &ctx,
        told.case,
        "coordinator",
        "coordinator",
        "庁内との調整",
        (Level::Read, Basis::Duty),
    )
    .await?;
    course(t, told.case, (father, mother, son, daughter)).await
}

async fn consents(t: &Teller<'_>, case: RoomId, who: (PersonId, PersonId, PersonId)) -> Result<()> {
    let ctx = t.as_kind("worker", 90, 15, 30)?;
    let (mut tx, key) = t.open(&ctx, case).await?;
    let given = NewConsent {
        state: ConsentState::Given,
        items: vec![
            ConsentItem::Basic,
            ConsentItem::Consultation,
            ConsentItem::Health,
            ConsentItem::Services,
        ],
        desks: vec![t.town.desks[t.town.outside_desk].id],
        recipients: String::new(),
        purpose: "世帯の支援の進め方を一緒に考えるため".into(),
        method: ConsentMethod::Written,
        proxy: String::new(),
        valid_from: ctx.today(),
        valid_until: Some(t.day(275)),
        witness: "見本 花江(妻)".into(),
        capacity_note: "説明をくり返すと理解され、自分の言葉で返事をされた。".into(),
        explained_by: ctx.actor.name.clone(),
    };
    people::record_consent(&mut tx, &ctx, &key, who.0, &given).await?;
    let mothers = NewConsent {
        items: vec![
            ConsentItem::Basic,
            ConsentItem::Consultation,
            ConsentItem::Family,
            ConsentItem::Money,
        ],
        witness: String::new(),
        capacity_note: String::new(),
        ..given.clone()
    };
    let mothers = people::record_consent(&mut tx, &ctx, &key, who.1, &mothers).await?;
    let sons = NewConsent {
        state: ConsentState::NotYet,
        items: Vec::new(),
        desks: Vec::new(),
        method: ConsentMethod::Oral,
        valid_until: None,
        capacity_note: "手紙で説明した。返事はまだない。".into(),
        ..given
    };
    people::record_consent(&mut tx, &ctx, &key, who.2, &sons).await?;
    tx.commit().await?;

    let ctx = t.as_kind("worker", 12, 11, 0)?;
    let (mut tx, key) = t.open(&ctx, case).await?;
    let how = "電話で申出。「年金のことは、もう外に話さないでほしい」";
    people::withdraw_consent(&mut tx, &ctx, &key, who.1, mothers, ctx.today(), how).await?;
    tx.commit().await
}

async fn course(
    t: &Teller<'_>,
    case: RoomId,
    (father, mother, son, daughter): (PersonId, PersonId, PersonId, PersonId),
) -> Result<()> {
    let visit = ("home_visit", 60);
    let all = [father, mother];
    let ctx = t.as_kind("worker", 90, 16, 30)?;
    t.contact(&ctx, case, visit, &all, "初めて自宅を訪ねる。太郎さんは縁側で麦茶を出してくださり、仕事をしていたころの話を三度された。花江さんは台所で涙ぐみ、「人が来たのは何年ぶりか」と言われた。二階の戸は閉まったまま。帰りぎわ、階段の下から一郎さんに「役所ではなく、社協の者です。また来ます」とだけ声をかけた。返事なし。", None).await?;
    let ctx = t.as_kind("outside", 81, 11, 40)?;
    t.contact(&ctx, case, visit, &all, "要介護認定の訪問調査に同席。日付と季節があいまいで、薬の飲み忘れが多い。花江さんの腰の痛みも強く、休息が必要。短期入所を提案したところ、「息子の食事があるから家を空けられない」とのこと。", None).await?;
    let ctx = t.as_kind("worker", 74, 14, 50)?;
    t.contact(&ctx, case, ("letter", 20), &[son], "一郎さんに手紙を置く。返事を求めず、こちらの名前と、好きだと聞いた鉄道の写真だけを入れた。", None).await?;
    let ctx = t.as_kind("worker", 53, 15, 10)?;
    t.contact(&ctx, case, visit, &[mother, son], "手紙の四通目。花江さんによると、これまでの手紙は捨てられずに机に並べてあるという。帰るとき、二階の窓が少し開いた。", None).await?;
    let ctx = t.as_kind("worker", 31, 16, 0)?;
    t.contact(&ctx, case, ("phone", 25), &[daughter], "長女のみどりさんから電話。「父のことは手伝える。弟のことは、正直こわい」。一人で抱えなくてよいこと、役割は話し合って決めることを伝えた。次に帰省する日に一緒に会う。", None).await?;
    let ctx = t.as_kind("worker", 12, 11, 30)?;
    t.contact(&ctx, case, ("phone", 15), &[mother], "花江さんから、年金の話を外にしないでほしいとの申出。同意を撤回として記録し、包括の担当者に連絡した。支援そのものは続けてほしいとのこと。", None).await?;
    let ctx = t.as_kind("worker", 6, 15, 20)?;
    t.contact(&ctx, case, visit, &[son], "戸の向こうから初めて声。「時刻表、まだ出てますか」。出ていると答え、次に持ってくる約束をした。五分ほど。", Some(t.day(0))).await?;
    t.task(&ctx, case, "時刻表を買って届ける", t.day(0)).await?;
    t.task(&ctx, case, "太郎さんの認定結果を包括に確かめる", t.day(-3))
        .await?;
    t.task(&ctx, case, "支援会議の日程を推進員と決める", t.day(9))
        .await
}

/// 試作さん: a man alone in a house full of things; an emergency opened the room for one hour.
pub async fn full_house(t: &Teller<'_>) -> Result<()> {
    let home = [man("試作 庄一", "しさく しょういち", 68, "self")];
    let ctx = t.as_kind("worker", 210, 9, 50)?;
    let mut new = t.heard(&ctx, "となりの家のごみが、うちの塀までくずれてきています。ねずみも出ます。ご本人は挨拶をしてくれる人なのですが、中がどうなっているのか心配です。")?;
    new.who = WhoCame::Other;
    new.route = "neighbourhood".into();
    new.consulter.relation = "近隣".into();
    new.subjects = vec![t.subject(&home[0])];
    new.issues = ["hoarding", "self_neglect", "isolation", "neighbour_trouble"]
        .map(Into::into)
        .into();
    new.main_issue = Some("hoarding".into());
    let consultation = t.take_in(&ctx, new).await?;
    let ctx = t.as_kind("worker", 205, 13, 30)?;
    let told = t
        .accept(&ctx, consultation, "試作さん", &home, (true, ""))
        .await?;
    t.issues(&ctx, told.case, &["hoarding", "self_neglect", "untreated"])
        .await?;
    let with = &told.people;
    t.contact(&ctx, told.case, ("home_visit", 15), with, "玄関先で会う。「片づけの話なら帰ってくれ」。片づけではなく、暑さで倒れていないか見に来たと伝えると、「それなら水をもらおう」と言われ、一緒に飲んだ。", None).await?;
    let ctx = t.as_kind("worker", 160, 11, 0)?;
    t.contact(&ctx, told.case, ("home_visit", 30), with, "ごみと言われるものの中に、亡くなった妻の着物と手紙がある。捨てる物ではなく、残す物から一緒に選ぶことにした。今日は着物を二枚、風に当てた。", None).await?;
    let ctx = t.as_kind("worker", 40, 10, 30)?;
    t.contact(&ctx, told.case, ("accompany", 90), with, "初めて受診に同行。足の傷は手当てを受けた。帰りに「妻が死んでから、誰も名前を呼ばなかった」と話された。", Some(t.day(3))).await?;
    emergency(t, told.case).await
}

/// At night the man did not answer; the centre on duty opened the record with a reason, the owner
/// was told, and the key ended by itself.
async fn emergency(t: &Teller<'_>, case: RoomId) -> Result<()> {
    let ctx = t.as_kind("outside", 2, 19, 40)?;
    let reason = "夜間、近隣から「呼んでも返事がない」と通報。緊急連絡先と持病を確かめるため。";
    let mut tx = ctx.write().await?;
    access::break_glass(&mut tx, &ctx, case, "life", reason).await?;
    tx.commit().await
}
