//! What somebody wrote in words may speak of anybody: it goes out only when everybody agreed and
//! nobody is protected, or once the sender has read it again and says so.

use engawa_consultations::{
    WhoCame,
    model::{Consulter, Dropped, NewConsultation},
};
use engawa_kernel::{access::Role, context::Ctx, db::sql, error::Error, testing::on_both};
use engawa_people::{ConsentState, NewProtection, ProtectionKind};
use engawa_referrals::{
    model::{Content, ReferralKind},
    rules::sharing::{CHECK, CHECKED},
};

use crate::scene::{Scene, get, look, post, sent_checked, token};

async fn unchecked(s: &Scene, content: &Content) -> String {
    match sent_checked(&s.me, s.case.room(), content, None, false).await {
        Err(Error::Invalid(why)) => why,
        other => panic!("it was sent unread: {other:?}"),
    }
}

async fn protect(s: &Scene, lead: &Ctx) -> engawa_kernel::error::Result<()> {
    let mut tx = lead.write().await?;
    let new = NewProtection {
        kind: ProtectionKind::ALL[0],
        starts_on: lead.today(),
        ends_on: lead.today() + chrono::Duration::days(300),
        hidden_from: vec![],
        document: String::new(),
        notes: String::new(),
    };
    engawa_people::apply_protection(&mut tx, lead, &s.case, s.son, &new).await?;
    tx.commit().await
}

#[test]
fn with_nobodys_consent_words_go_nowhere_before_they_are_read_again() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        let mut content = s.content();
        content.kind = ReferralKind::Advice;
        let why = unchecked(&s, &content).await;
        for part in ["見本 梅", "見本 健太", CHECK, "まだ送っていません"] {
            assert!(why.contains(part), "{part} is missing in: {why}");
        }
        let sheet = sent_checked(&s.me, s.case.room(), &content, None, true).await?;
        let lines = look(&s.they, sheet).await?.lines;
        assert!(
            lines.iter().any(|l| l.text == CHECKED),
            "the receiver reads it too"
        );
        for label in ["相談したいこと", "お願いしたいこと"] {
            let line = lines.iter().find(|l| l.label == label).unwrap();
            assert!(line.why.contains("送り手が確認"), "{label}: {}", line.why);
        }
        let logged = s
            .me
            .read()
            .await?
            .count(sql("select count(*) as n from audit_entry where action = 'referral.text_checked' and room_id = :r").bind("r", sheet))
            .await?;
        assert_eq!(logged, 1);
        get(&s.me, &format!("/referrals/{sheet}"))
            .await
            .shows("個人の情報を渡していません")
            .hides("根拠: 本人の同意");
        Ok(())
    });
}

#[test]
fn one_members_consent_does_not_speak_for_the_others() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        s.consent(s.mother, ConsentState::Given).await?;
        let why = unchecked(&s, &s.content()).await;
        assert!(
            why.contains("見本 健太") && !why.contains("見本 梅"),
            "{why}"
        );
        let sheet = sent_checked(&s.me, s.case.room(), &s.content(), None, true).await?;
        let lines = look(&s.me, sheet).await?.lines;
        let words = lines.iter().find(|l| l.label == "相談したいこと").unwrap();
        assert!(
            words.why.contains("同意（") && words.why.contains("送り手が確認"),
            "{}",
            words.why
        );
        Ok(())
    });
}

#[test]
fn who_is_protected_is_looked_for_though_everybody_agreed() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        // Everybody agreed and nobody is protected: nothing to check, and nothing said of it.
        let free = sent_checked(&s.me, s.case.room(), &s.content(), None, false).await?;
        let lines = look(&s.me, free).await?.lines;
        assert!(lines.iter().all(|l| l.text != CHECKED));
        assert!(
            lines
                .iter()
                .any(|l| l.label == "相談したいこと" && l.why == "同意（R8.11.21から）")
        );
        let lead = town.staff("例示 三郎", Role::Supervisor, town.desk).await?;
        protect(&s, &lead).await?;
        let why = unchecked(&s, &s.content()).await;
        assert!(why.contains("秘匿の人（見本 健太）"), "{why}");
        Ok(())
    });
}

#[test]
fn the_form_fills_in_no_words_without_consent_and_asks_for_the_box() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        let call = NewConsultation {
            slip: false,
            who: WhoCame::Subject,
            received_at: s.me.now(),
            desk: town.desk,
            channel: "phone".into(),
            route: "self".into(),
            urgency: "normal".into(),
            words: "娘は隣の市にいるが、夫が探している。".into(),
            place: String::new(),
            consulter: Consulter::default(),
            subjects: Vec::new(),
            issues: Vec::new(),
            main_issue: None,
            heard_of: String::new(),
            why_not_earlier: String::new(),
            wishes: "夫には言わないで。".into(),
            notes: String::new(),
            dropped: Dropped::default(),
            gap_kind: String::new(),
            gap_schemes: String::new(),
            request: None,
            emergency: None,
            call: None,
        };
        let saved = engawa_consultations::take_in(&s.me, call, "", None).await?;
        let at = format!("/referrals/new?room={}&to=desk:{}", saved.room, s.to);
        for kind in ["hand_over", "advice"] {
            get(&s.me, &format!("{at}&kind={kind}"))
                .await
                .is(200)
                .hides("娘は隣の市にいる")
                .hides("夫には言わないで")
                .shows("だれの同意も記録されていません")
                .shows(CHECK);
        }
        // Of a case the members without consent are named, each with the way to record it.
        let (room, to) = (s.case.room().to_string(), format!("desk:{}", s.to));
        get(&s.me, &format!("/referrals/new?room={room}&to={to}"))
            .await
            .shows("見本 健太")
            .shows(&format!("/people/{}/consents/new?room={room}", s.son));
        // Unticked it is refused beside the box, and what was typed stays; ticked it goes.
        let once = token();
        let mut fields = vec![
            ("room", room.as_str()),
            ("to", to.as_str()),
            ("kind", "advice"),
            ("asked", "どう関わるとよいか教えてください。"),
            ("urgency", "normal"),
            ("basis", "consent"),
            ("key_level", "sheet"),
            ("once", once.as_str()),
            ("do", "send"),
        ];
        post(&s.me, "/referrals/new", &fields)
            .await
            .is(422)
            .shows("文章を読み返して")
            .shows("どう関わるとよいか教えてください。");
        fields.push(("text_checked", "1"));
        post(&s.me, "/referrals/new", &fields).await.is(303);
        Ok(())
    });
}

#[test]
fn a_draft_forgets_the_tick_and_whoever_sends_it_reads_again() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        let (room, to) = (s.case.room().to_string(), format!("desk:{}", s.to));
        let mut fields = vec![
            ("kind", "advice"),
            ("asked", "教えてください。"),
            ("urgency", "normal"),
            ("basis", "consent"),
            ("key_level", "sheet"),
            ("text_checked", "1"),
        ];
        let mut first = fields.clone();
        first.extend([
            ("room", room.as_str()),
            ("to", to.as_str()),
            ("do", "draft"),
        ]);
        let kept = post(&s.me, "/referrals/new", &first).await;
        kept.is(303);
        let edit = format!("{}/edit", kept.location);
        get(&s.me, &edit)
            .await
            .is(200)
            .shows("教えてください。")
            .shows(CHECK)
            .hides("value=\"1\" checked");
        fields.pop();
        fields.extend([("version", "1"), ("do", "send")]);
        post(&s.me, &edit, &fields).await.is(422);
        fields.push(("text_checked", "1"));
        post(&s.me, &edit, &fields).await.is(303);
        Ok(())
    });
}
