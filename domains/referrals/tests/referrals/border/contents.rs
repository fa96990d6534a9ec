//! What is in a file, who may make one, and that making one is in the log.

use engawa_kernel::{
    access::{self, Act as Turn, RoomKind},
    audit,
    testing::on_both,
};
use engawa_people::ConsentState;
use engawa_referrals::model::To;

use super::{Border, HERE, THERE, file_of, import, page, room_in};
use crate::scene::{consent, get, opens, post, sent};

#[test]
fn each_download_is_an_export_in_the_log_and_neither_side_opens_the_others_records() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let (here, there) = b.arrived().await?;
        file_of(&b.s.me, here).await;
        let key = access::open(&b.s.me, here, RoomKind::Referral, Turn::Read, "test").await?;
        let log = audit::of_room(&mut b.s.me.read().await?, &key, None, 100).await?;
        let of = |action: &str| log.iter().filter(|l| l.action == action).count();
        assert_eq!((of("room.export"), of("referral.file_made")), (2, 2));
        page(&b.s.me, here)
            .await
            .shows("やりとりしたファイル")
            .shows("シートを作成");
        page(&b.they, there).await.shows("シートを取り込み");
        // Nobody of the one municipality has a key to anything of the other.
        assert!(!opens(&b.they, here, RoomKind::Referral).await);
        assert!(!opens(&b.they, b.s.case.room(), RoomKind::Case).await);
        assert!(!opens(&b.s.me, there, RoomKind::Referral).await);
        get(&b.they, &format!("/referrals/{here}/file"))
            .await
            .is(404);
        // A desk beside the sender's is told whom to ask, and gets no file.
        get(&b.s.they, &format!("/referrals/{here}/file"))
            .await
            .is(403);
        Ok(())
    });
}

#[test]
fn only_what_may_be_read_is_in_the_file() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let s = &b.s;
        // The son takes his consent back; the mother's stands.
        consent(
            &s.me,
            &s.case,
            s.son,
            ConsentState::Withdrawn,
            vec![],
            "となり町",
        )
        .await?;
        let mut content = b.content();
        content.words = "お母さんの足が悪い。".into();
        content.wishes = String::new();
        content.reason = String::new();
        let room = sent(&s.me, s.case.room(), &content, None).await?;
        let file = file_of(&s.me, room).await;
        let raw = String::from_utf8_lossy(&file).into_owned();
        for shut in ["見本", "縁側市", HERE, THERE, "足が悪い"] {
            assert!(!raw.contains(shut), "{shut} is readable without the key");
        }
        let said = serde_json::to_string(&b.read(&file))?;
        assert!(said.contains("見本 梅") && said.contains("お母さんの足が悪い。"));
        for absent in [
            "健太",
            "ひきこもり",
            "同意（",
            &s.case.room().to_string(),
            &room.to_string(),
            &s.me.actor.staff.to_string(),
        ] {
            assert!(!said.contains(absent), "{absent} is in the file");
        }
        // Consent to somebody else does not let anything go.
        let mut other = b.content();
        other.people = vec![s.son];
        assert!(sent(&s.me, s.case.room(), &other, None).await.is_err());
        Ok(())
    });
}

#[test]
fn a_protected_address_is_never_in_the_file() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let s = &b.s;
        let lead = b
            .town
            .staff(
                "例示 係長",
                engawa_kernel::access::Role::Supervisor,
                b.town.desk,
            )
            .await?;
        let mut tx = s.me.write().await?;
        let new = engawa_people::NewPerson {
            names: vec![engawa_people::NewName {
                kind: engawa_people::NameKind::Common,
                text: "見本 咲".into(),
                kana: String::new(),
            }],
            address: Some("縁側市みどり町9丁目".into()),
            phones: vec!["00-0000-4649".into()],
            ..engawa_people::NewPerson::default()
        };
        let hidden = engawa_people::create(&mut tx, &s.me, &s.case, new).await?;
        tx.commit().await?;
        consent(
            &s.me,
            &s.case,
            hidden,
            ConsentState::Given,
            vec![],
            "となり町",
        )
        .await?;
        let mut tx = lead.write().await?;
        let protection = engawa_people::NewProtection {
            kind: engawa_people::ProtectionKind::ALL[0],
            starts_on: lead.today(),
            ends_on: lead.today() + chrono::Duration::days(300),
            hidden_from: vec![],
            document: String::new(),
            notes: String::new(),
        };
        engawa_people::apply_protection(&mut tx, &lead, &s.case, hidden, &protection).await?;
        tx.commit().await?;
        let mut content = b.content();
        content.people = vec![s.mother, s.son, hidden];
        let room = sent(&s.me, s.case.room(), &content, None).await?;
        let file = file_of(&s.me, room).await;
        let said = serde_json::to_string(&b.read(&file))?;
        assert!(said.contains("見本 咲"));
        for secret in ["みどり町", "4649"] {
            assert!(!said.contains(secret), "{secret} is in the file");
        }
        let came = import(&b.they, b.far.desk, &file).await;
        page(&b.they, room_in(&came))
            .await
            .is(200)
            .shows("秘匿")
            .hides("みどり町");
        Ok(())
    });
}

#[test]
fn a_sheet_is_written_to_a_peer_on_the_screen() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let source = b.s.case.room().to_string();
        let to = format!("peer:{}", b.peer);
        get(&b.s.me, &format!("/referrals/new?room={source}"))
            .await
            .is(200)
            .shows("となり町に渡す")
            .shows(&to);
        get(&b.s.me, &format!("/referrals/new?room={source}&to={to}"))
            .await
            .is(200)
            .shows("ファイルで渡します");
        let (mother, son) = (b.s.mother.to_string(), b.s.son.to_string());
        let fields = [
            ("room", source.as_str()),
            ("to", to.as_str()),
            ("kind", "hand_over"),
            ("person", mother.as_str()),
            ("person", son.as_str()),
            ("asked", "一度訪問してください。"),
            ("urgency", "normal"),
            ("basis", "consent"),
            ("key_level", "sheet"),
            ("do", "send"),
        ];
        let answer = post(&b.s.me, "/referrals/new", &fields).await;
        answer.is(303);
        page(
            &b.s.me,
            answer.location.rsplit('/').next().unwrap().parse().unwrap(),
        )
        .await
        .shows("シートのファイルを作る");
        // The lead does not move to another municipality.
        let mut lead = b.content();
        lead.kind = engawa_referrals::model::ReferralKind::Transfer;
        let why = sent(&b.s.me, b.s.case.room(), &lead, None)
            .await
            .unwrap_err();
        assert!(why.to_string().contains("この自治体の中だけ"), "{why}");
        // A body of the same name without a file stays a body on paper.
        let mut paper = b.content();
        paper.to = To::Outside {
            name: "となり町".into(),
            contact: String::new(),
            peer: None,
        };
        let room = sent(&b.s.me, b.s.case.room(), &paper, None).await?;
        get(&b.s.me, &format!("/referrals/{room}/file"))
            .await
            .is(422)
            .shows("ファイルで渡す自治体ではありません");
        Ok(())
    });
}
