//! ダブルケア and ヤングケアラー.

use engawa_consultations::model::{Consulter, Request, WhoCame};
use engawa_kernel::{
    access::{Basis, Level},
    error::Result,
};

use super::teller::{Teller, man, woman};

/// 架空家: two small children and a mother who forgets.
pub async fn double_care(t: &Teller<'_>) -> Result<()> {
    let home = [
        woman("架空 百合", "かくう ゆり", 41, "self"),
        man("架空 大地", "かくう だいち", 43, "spouse"),
        woman("架空 ひなた", "かくう ひなた", 9, "daughter"),
        man("架空 そら", "かくう そら", 3, "son"),
        woman("架空 ふみ", "かくう ふみ", 74, "mother"),
    ];
    let ctx = t.as_kind("worker", 45, 9, 10)?;
    let mut new = t.heard(&ctx, "母の介護と下の子の保育園の送り迎えが重なって、仕事を辞めるしかないと思っています。保育の窓口でも介護の窓口でも、それぞれの話しか聞いてもらえませんでした。夜、子どもに大きな声を出してしまう自分がこわいです。")?;
    new.channel = "visit_in".into();
    new.subjects = vec![t.subject(&home[0])];
    new.issues = ["double_care", "care", "child_rearing", "workplace"]
        .map(Into::into)
        .into();
    new.main_issue = Some("double_care".into());
    new.urgency = "soon".into();
    new.dropped.place = "保育の窓口と介護の窓口".into();
    new.dropped.note = "それぞれ「うちの担当は一部だけ」と言われたとのこと".into();
    new.dropped.days = Some(40);
    let consultation = t.take_in(&ctx, new).await?;
    let ctx = t.as_kind("worker", 43, 13, 20)?;
    let told = t
        .accept(&ctx, consultation, "架空 百合さんの世帯", &home, (true, ""))
        .await?;
    t.issues(&ctx, told.case, &["double_care", "care", "child_rearing"])
        .await?;
    let who = &told.people;
    t.contact(&ctx, told.case, ("interview", 70), &who[..1], "一日の流れを紙に書き出した。朝五時から夜十一時まで、自分の時間は通勤の電車の二十分だけ。「書いてみたら、無理だと分かりました」と笑って泣かれた。", None).await?;
    let ctx = t.as_kind("worker", 36, 16, 40)?;
    t.contact(&ctx, told.case, ("home_visit", 50), &[who[0], who[4]], "ふみさんは昼間、ひとりで三度外に出てしまったとのこと。通いの場(えんがわの会)を一緒に見に行く約束をした。ひなたさんが横で宿題をしながら、ずっとこちらを気にしていた。", None).await?;
    let ctx = t.as_kind("worker", 20, 15, 0)?;
    t.contact(&ctx, told.case, ("agency_meeting", 60), &who[..1], "包括、こども家庭センター、勤め先の人事担当と会議。短時間勤務を半年続けられることになった。送りは夫の大地さんが週に二日受け持つ。", None).await?;
    let ctx = t.as_kind("worker", 4, 12, 10)?;
    t.contact(
        &ctx,
        told.case,
        ("phone", 10),
        &who[..1],
        "「昨日、初めて三人で公園に行きました」と電話。ふみさんは通いの場で昼食をとれている。",
        Some(t.day(14)),
    )
    .await?;
    t.task(
        &ctx,
        told.case,
        "ひなたさんの様子を学校に聞いてよいか、百合さんに確かめる",
        t.day(1),
    )
    .await
}

/// 仮名家: a girl of fourteen cooks, washes and sits with her grandmother at night.
pub async fn young_carer(t: &Teller<'_>) -> Result<()> {
    let home = [
        woman("仮名 あおい", "かめい あおい", 14, "self"),
        woman("仮名 たけ", "かめい たけ", 78, "grandmother"),
        man("仮名 守", "かめい まもる", 45, "father"),
    ];
    let ctx = t.as_kind("supervisor", 62, 15, 45)?;
    let mut new = t.heard(&ctx, "遅刻が増え、授業中に眠ってしまう生徒がいます。話を聞くと、夜中に祖母がトイレに起きるたび付き添っているそうです。本人は「家のことだから」と言い、誰にも知られたくない様子です。学校だけでは家の中のことに手が届きません。")?;
    new.who = WhoCame::Agency;
    new.channel = "agency".into();
    new.route = "specialist".into();
    new.consulter = Consulter {
        name: "見本中学校(架空)".into(),
        relation: "学校".into(),
        contact: "00-0000-7777".into(),
        ..Consulter::default()
    };
    new.subjects = vec![t.subject(&home[0])];
    new.issues = ["young_carer", "school_absence", "care"]
        .map(Into::into)
        .into();
    new.main_issue = Some("young_carer".into());
    new.request = Some(Request {
        sender_body: "見本中学校(架空)".into(),
        sender_person: "スクールソーシャルワーカー".into(),
        basis: "本人の了解(担任に限り)".into(),
        sign: "遅刻が月に十一回".into(),
        wanted: "家庭への関わり方を一緒に考えてほしい".into(),
        reply_due_on: Some(t.day(-55)),
    });
    let consultation = t.take_in(&ctx, new).await?;
    let ctx = t.as_kind("supervisor", 58, 10, 0)?;
    let told = t
        .accept(
            &ctx,
            consultation,
            "仮名 あおいさんの世帯",
            &home,
            (true, ""),
        )
        .await?;
    t.issues(&ctx, told.case, &["young_carer", "care", "education"])
        .await?;
    t.team(
        &ctx,
        told.case,
        "worker",
        "supporter",
        "あおいさんと会う",
        (Level::Write, Basis::Duty),
    )
    .await?;
    let who = &told.people;
    let ctx = t.as_kind("worker", 50, 16, 30)?;
    t.contact(&ctx, told.case, ("interview", 40), &who[..1], "学校の相談室で会う。絵を描きながら話した。「おばあちゃんは好き。でも、夜だけは寝たい」。祖母を施設に入れる話ではないと伝えると、肩の力が抜けた。", None).await?;
    let ctx = t.as_kind("worker", 30, 18, 40)?;
    t.contact(
        &ctx,
        told.case,
        ("home_visit", 60),
        &who[1..],
        "夜勤明けの守さんと会う。「娘に甘えていたのは分かっている」。介護保険の申請を今日した。",
        None,
    )
    .await?;
    let ctx = t.as_kind("worker", 9, 17, 0)?;
    t.contact(&ctx, told.case, ("home_visit", 45), who, "夜間の見守り機器と週三回の訪問介護が始まった。あおいさんは今週、遅刻なし。部活の見学に行ったと、小さな声で教えてくれた。", Some(t.day(5))).await
}
