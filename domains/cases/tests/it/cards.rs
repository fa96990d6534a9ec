//! 連携カード: whom one person can call; only with consent, never an address, reissued when lost.

use crate::common::{Answer, case, get, join, person, post};
use engawa_cases::card::{Card, CardState, store};
use engawa_kernel::{
    access::{Level, Role, RoomKey},
    context::Ctx,
    db::sql,
    error::Result,
    id::PersonId,
    testing::{Town, on_both},
};
use engawa_people::{
    ConsentId, ConsentItem, ConsentMethod, ConsentState, NewConsent, NewProtection, ProtectionKind,
};

/// A case of two desks, one person, and somebody of the other desk in the team.
struct Scene {
    me: Ctx,
    they: Ctx,
    key: RoomKey,
    holder: PersonId,
}

impl Scene {
    async fn new(town: &Town) -> Result<Self> {
        register(town).await?;
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let they = town
            .staff("例示 花子", Role::Worker, town.other_desk)
            .await?;
        let key = case(&me).await?;
        let holder = person(&me, &key, "見本 梅").await?;
        join(&me, &key, &they, Level::Read).await?;
        Ok(Self {
            me,
            they,
            key,
            holder,
        })
    }
    fn at(&self, rest: &str) -> String {
        format!("/cases/{}{rest}", self.key.room())
    }
    fn their_line(&self) -> String {
        format!("posting:{}", self.they.actor.posting().unwrap().id)
    }
    async fn agree(&self, items: &[ConsentItem], named: &str) -> Result<ConsentId> {
        let desk = self.they.actor.posting()?.desk.unwrap();
        let mut tx = self.me.write().await?;
        let new = NewConsent {
            state: ConsentState::Given,
            items: items.to_vec(),
            desks: vec![desk],
            recipients: named.into(),
            purpose: "連携カードに載せるため".into(),
            method: ConsentMethod::Oral,
            proxy: String::new(),
            valid_from: self.me.today(),
            valid_until: None,
            witness: String::new(),
            capacity_note: String::new(),
            explained_by: String::new(),
        };
        let id =
            engawa_people::record_consent(&mut tx, &self.me, &self.key, self.holder, &new).await?;
        tx.commit().await?;
        Ok(id)
    }
    async fn issue(&self, more: &[(&str, &str)]) -> Answer {
        let (holder, line) = (self.holder.to_string(), self.their_line());
        let mut fields = vec![("person", holder.as_str()), ("line", line.as_str())];
        fields.extend(more.iter().copied());
        post(&self.me, &self.at("/cards/new"), &fields).await
    }
    async fn cards(&self) -> Result<Vec<Card>> {
        store::all(&mut self.me.read().await?, &self.key).await
    }
}

/// Desks with a telephone of their own.
async fn register(town: &Town) -> Result<()> {
    let mut tx = town.engine.db.write().await?;
    for (code, body, desk, name, phone) in [
        ("X1", town.body, town.desk, "くらし相談窓口", "00-0000-0001"),
        (
            "X2",
            town.other_body,
            town.other_desk,
            "東包括",
            "00-0000-0002",
        ),
    ] {
        tx.exec(
            sql("insert into organisations_body (id, municipality_id, code, name, kana, kind, phone, email, address, note, version)
                 values (:id, :m, :code, '見本会', '', 'npo', '', '', '', '', 1)")
                .bind("id", body)
                .bind("m", town.municipality)
                .bind("code", code),
        )
        .await?;
        tx.exec(
            sql("insert into organisations_desk (id, municipality_id, code, name, nickname, body_id, mode, phone, site, hours, valid_from, note, version)
                 values (:id, :m, :code, :name, '', :body, 'direct', :phone, '', '', '2026-04-01', '', 1)")
                .bind("id", desk)
                .bind("m", town.municipality)
                .bind("code", code)
                .bind("name", name)
                .bind("phone", phone)
                .bind("body", body),
        )
        .await?;
    }
    tx.commit_unaudited().await
}

#[test]
fn a_card_names_only_whom_the_holder_agreed_to() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        let refused = s.issue(&[]).await;
        assert_eq!(refused.status.as_u16(), 422);
        assert!(
            refused.body.contains("本人の同意（基本情報・提供先）"),
            "{}",
            refused.body
        );
        assert!(s.cards().await?.is_empty());
        // A consent to something else is none to be named.
        s.agree(&[ConsentItem::Health], "").await?;
        assert_eq!(s.issue(&[]).await.status.as_u16(), 422);
        s.agree(&[ConsentItem::Basic], "民生委員 見本 松、杉の子医院")
            .await?;
        let outside = [
            ("outside[0].name", "見本 松"),
            ("outside[0].phone", "00-0000-0077"),
        ];
        let answer = s.issue(&outside).await;
        assert!(
            answer.body.contains("見本 松"),
            "not written so in the consent: {}",
            answer.body
        );
        let outside = [
            ("outside[0].name", "看護師 竹"),
            ("outside[0].body", "杉の子医院"),
            ("outside[0].phone", "00-0000-0088"),
        ];
        assert_eq!(s.issue(&outside).await.status.as_u16(), 303);
        let cards = s.cards().await?;
        let [card] = cards.as_slice() else {
            panic!("{cards:?}")
        };
        assert_eq!(
            (card.number, card.state, card.lines.len()),
            (1, CardState::Issued, 2)
        );
        assert!(card.lines.iter().all(|l| l.consent.is_some()));
        assert_eq!(card.lines[0].phone, "00-0000-0002", "as the desk has it");
        let told = engawa_people::disclosures(&mut s.me.read().await?, &s.key, s.holder).await?;
        assert_eq!(told.len(), 2, "and it is on record who learnt of it");
        assert!(told.iter().all(|d| d.purpose == "連携カード（第1版）"));
        Ok(())
    });
}

#[test]
fn whom_it_lists_reads_it_on_the_case_page_and_nobody_else() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        let consent = s.agree(&[ConsentItem::Basic], "").await?;
        assert_eq!(s.issue(&[]).await.status.as_u16(), 303);
        let page = get(&s.they, &s.at("")).await.body;
        assert!(
            page.contains("連携カード") && page.contains("00-0000-0002"),
            "{page}"
        );
        // Somebody else with a key, but not on the card.
        let other = town
            .staff("架空 次郎", Role::Worker, town.other_desk)
            .await?;
        join(&s.me, &s.key, &other, Level::Read).await?;
        let page = get(&other, &s.at("")).await;
        assert_eq!(page.status.as_u16(), 200);
        assert!(!page.body.contains("連携カード"), "{}", page.body);
        assert_eq!(get(&other, &s.at("/cards")).await.status.as_u16(), 403);
        let json = get(&other, &format!("/api/v1{}", s.at("/cards"))).await;
        assert_eq!(json.body, r#"{"items":[]}"#);
        let json = get(&s.they, &format!("/api/v1{}", s.at("/cards"))).await;
        assert!(json.body.contains("00-0000-0002"), "{}", json.body);
        // Who may write, but is on no card, issues and prints.
        let print = s.at(&format!("/cards/{}/card.pdf", s.cards().await?[0].id));
        assert_eq!(get(&s.me, &print).await.status.as_u16(), 200);
        assert_eq!(
            get(&s.they, &print).await.status.as_u16(),
            403,
            "a reader prints none"
        );
        // The consent ends: the one it names reads it no more, and it is not printed again.
        let mut tx = s.me.write().await?;
        let today = s.me.today();
        engawa_people::withdraw_consent(&mut tx, &s.me, &s.key, s.holder, consent, today, "口頭")
            .await?;
        tx.commit().await?;
        let page = get(&s.they, &s.at("")).await.body;
        assert!(!page.contains("連携カード"), "{page}");
        assert_eq!(get(&s.me, &print).await.status.as_u16(), 422);
        let page = get(&s.me, &s.at("/cards")).await.body;
        assert!(page.contains("同意が終わった相手"), "{page}");
        Ok(())
    });
}

#[test]
fn a_lost_or_changed_card_is_reissued_with_the_next_number() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        s.agree(&[ConsentItem::Basic], "").await?;
        s.issue(&[]).await;
        let first = s.cards().await?.remove(0);
        // Changed: a reason is asked for, and the old one is done.
        let answer = s.issue(&[]).await;
        assert_eq!(answer.status.as_u16(), 422);
        assert!(answer.body.contains("作り直す理由"), "{}", answer.body);
        assert_eq!(
            s.issue(&[("reason", "担当が替わった")])
                .await
                .status
                .as_u16(),
            303
        );
        let cards = s.cards().await?;
        assert_eq!((cards[0].number, cards[0].state), (2, CardState::Issued));
        assert_eq!(
            (cards[1].id, cards[1].state),
            (first.id, CardState::Replaced)
        );
        assert_eq!(cards[1].reason, "担当が替わった");
        // Lost: said once, with the version that one saw.
        let at = s.at(&format!("/cards/{}", cards[0].id));
        let lost = [("act", "lose"), ("reason", "バスの中で"), ("version", "1")];
        assert_eq!(post(&s.me, &at, &lost).await.status.as_u16(), 303);
        assert_eq!(post(&s.me, &at, &lost).await.status.as_u16(), 422);
        assert_eq!(
            get(&s.me, &format!("{at}/card.pdf")).await.status.as_u16(),
            422
        );
        assert!(!get(&s.they, &s.at("")).await.body.contains("連携カード"));
        assert_eq!(
            s.issue(&[]).await.status.as_u16(),
            303,
            "and the next needs no reason"
        );
        let cards = s.cards().await?;
        assert_eq!((cards[0].number, cards[0].state), (3, CardState::Issued));
        assert!(
            get(&s.me, &s.at("/cards"))
                .await
                .body
                .contains("バスの中で")
        );
        Ok(())
    });
}

#[test]
fn the_paper_has_no_address_and_the_print_is_logged() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        s.agree(&[ConsentItem::Basic], "").await?;
        s.issue(&[]).await;
        let card = s.cards().await?.remove(0);
        let paper = get(
            &s.me,
            &s.at(&format!("/cards/{}/card.pdf?copies=9", card.id)),
        )
        .await
        .body;
        for part in [
            "見本 梅",
            "第1版",
            "例示 花子",
            "00-0000-0002",
            "\"copies\": 1",
        ] {
            assert!(paper.contains(part), "{part} in {paper}");
        }
        for never in ["住所", "address", "課題"] {
            assert!(!paper.contains(never), "{never} in {paper}");
        }
        let prints = s
            .me
            .read()
            .await?
            .count(
                sql("select count(*) as n from audit_entry where room_id = :room and action = 'room.print' and detail like '%\"card\"%'")
                    .bind("room", s.key.room()),
            )
            .await?;
        assert_eq!(prints, 1);
        Ok(())
    });
}

#[test]
fn a_protected_person_gets_one_only_deliberately() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        s.agree(&[ConsentItem::Basic], "").await?;
        let mut tx = s.me.write().await?;
        let new = NewProtection {
            kind: ProtectionKind::Dv,
            starts_on: s.me.today(),
            ends_on: s.me.today() + chrono::Duration::days(300),
            hidden_from: Vec::new(),
            document: "架空第0001号".into(),
            notes: String::new(),
        };
        engawa_people::apply_protection(&mut tx, &s.me, &s.key, s.holder, &new).await?;
        tx.commit().await?;
        let refused = s.issue(&[]).await;
        assert_eq!(refused.status.as_u16(), 422);
        assert!(
            refused.body.contains("秘匿の人がいます"),
            "{}",
            refused.body
        );
        // Ticked, but no reason: opening what is withheld asks for one.
        let refused = s.issue(&[("checked", "1")]).await;
        assert_eq!(refused.status.as_u16(), 422);
        assert!(s.cards().await?.is_empty());
        let answer = s
            .issue(&[("checked", "1"), ("why", "本人が強く希望した")])
            .await;
        assert_eq!(answer.status.as_u16(), 303, "{}", answer.body);
        let revealed = s
            .me
            .read()
            .await?
            .count(
                sql("select count(*) as n from audit_entry where person_id = :p and action = 'person.reveal'")
                    .bind("p", s.holder),
            )
            .await?;
        assert_eq!(revealed, 1, "logged as what it is");
        Ok(())
    });
}
