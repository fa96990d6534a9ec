//! A daughter who must not be found. Her parents' record and hers are two rooms; nothing of hers is
//! seen in theirs.

use chrono::Duration;
use engawa_consultations::model::EmergencyCall;
use engawa_kernel::error::Result;
use engawa_people::{self as people, NewProtection, ProtectionKind};

use super::teller::{Teller, Who, man, woman};

/// 演習家: the father has a case of his own at the same desk; the daughter left with her child.
pub async fn daughter(t: &Teller<'_>) -> Result<()> {
    let parents = [
        man("演習 剛", "えんしゅう つよし", 58, "self"),
        woman("演習 和", "えんしゅう かず", 56, "spouse"),
    ];
    let ctx = t.as_kind("worker", 120, 14, 0)?;
    let mut new = t.heard(
        &ctx,
        "会社をやめてから酒が増えた。家のローンが払えない。仕事を探したい。",
    )?;
    new.channel = "visit_in".into();
    new.subjects = vec![t.subject(&parents[0])];
    new.issues = ["job_search", "rent_loan", "dependence"]
        .map(Into::into)
        .into();
    new.main_issue = Some("job_search".into());
    let consultation = t.take_in(&ctx, new).await?;
    let ctx = t.as_kind("worker", 118, 10, 30)?;
    let told = t
        .accept(
            &ctx,
            consultation,
            "演習 剛さんの世帯",
            &parents,
            (false, ""),
        )
        .await?;
    t.issues(&ctx, told.case, &["job_search", "rent_loan"])
        .await?;
    t.contact(
        &ctx,
        told.case,
        ("interview", 50),
        &told.people[..1],
        "収入と支出を聞き取る。求職の登録を一緒に済ませた。家族の話になると口が重い。",
        Some(t.day(2)),
    )
    .await?;
    her_own(t).await
}

async fn her_own(t: &Teller<'_>) -> Result<()> {
    let home = [
        woman("演習 さつき", "えんしゅう さつき", 27, "self"),
        Who {
            age: Some(4),
            ..woman("演習 こまち", "えんしゅう こまち", 4, "daughter")
        },
    ];
    let ctx = t.as_kind("supervisor", 25, 18, 30)?;
    let mut new = t.heard(&ctx, "父に殴られて、子どもを連れて家を出ました。今は安全な所にいます。居場所を父にも母にも知られたくありません。役所の書類から分かってしまうのではないかと、眠れません。")?;
    new.urgency = "emergency".into();
    new.subjects = vec![t.subject(&home[0])];
    new.subjects[0].residence = Some("unknown".into());
    new.subjects[0].phone = "00-9999-0001".into();
    new.issues = ["dv", "child_rearing", "housing"].map(Into::into).into();
    new.main_issue = Some("dv".into());
    new.wishes = "電話は昼の二時から三時の間だけ。留守番電話には何も残さないでほしい".into();
    new.emergency = Some("dv".into());
    new.call = Some(EmergencyCall {
        kind: "dv".into(),
        notified_at: ctx.now() - Duration::minutes(10),
        body: "配偶者暴力相談支援センター(架空)".into(),
        person: "当番の相談員".into(),
        basis: "本人の希望".into(),
        note: "今夜の安全を確かめた。".into(),
    });
    let consultation = t.take_in(&ctx, new).await?;
    let ctx = t.as_kind("supervisor", 24, 9, 0)?;
    let told = t
        .accept(
            &ctx,
            consultation,
            "演習 さつきさんの世帯",
            &home,
            (true, ""),
        )
        .await?;
    t.issues(&ctx, told.case, &["dv", "housing", "child_rearing"])
        .await?;
    let (mut tx, key) = t.open(&ctx, told.case).await?;
    for (person, number) in told.people.iter().zip(["架空第0001号", "架空第0002号"]) {
        let new = NewProtection {
            kind: ProtectionKind::Dv,
            starts_on: ctx.today(),
            ends_on: t.day(340),
            hidden_from: Vec::new(),
            document: number.into(),
            notes: "支援措置の申出に付き添った。両親には、相談があったことも伝えない。".into(),
        };
        people::apply_protection(&mut tx, &ctx, &key, *person, &new).await?;
    }
    tx.commit().await?;
    t.contact(&ctx, told.case, ("accompany", 120), &told.people, "支援措置の申出に付き添う。さつきさんは手が震えていたが、最後まで自分で書かれた。こまちさんは折り紙で鶴を二羽。", None).await?;
    let ctx = t.as_kind("supervisor", 5, 14, 20)?;
    t.contact(
        &ctx,
        told.case,
        ("phone", 15),
        &told.people[..1],
        "約束の時間に電話。保育の申込みは、住所を出さない方法で受け付けてもらえることになった。",
        Some(t.day(1)),
    )
    .await
}
