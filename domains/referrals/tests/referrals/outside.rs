//! Receivers without Engawa: paper, spoken answers written down, the reply slip.

use engawa_kernel::{
    access::{self, RoomKind},
    context::Ctx,
    db::sql,
    error::{Error, Result},
    id::RoomId,
    testing::on_both,
};
use engawa_people::ConsentState;
use engawa_referrals::{
    model::{Act, Answer, Channel, Doing, Outcome, Side, State, To, WithdrawReason},
    store::slip::{self, reply, reply_target},
};

use crate::scene::{Scene, act, consent, get, get_unsigned, look, post, post_unsigned};

async fn outside(s: &Scene) -> Result<RoomId> {
    for person in [s.mother, s.son] {
        consent(
            &s.me,
            &s.case,
            person,
            ConsentState::Given,
            vec![],
            "つばさ作業所、青空クリニック",
        )
        .await?;
    }
    let mut content = s.content();
    content.to = To::Outside {
        name: "青空クリニック".into(),
        contact: "FAX 00-0000-0100".into(),
        peer: None,
    };
    s.sent_as(&content).await
}

#[test]
fn answers_by_telephone_and_fax_are_written_down_by_the_sender() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        let sheet = outside(&s).await?;
        let now = look(&s.me, sheet).await?;
        assert!(now.paper);
        assert_eq!(now.turn_desk, town.desk, "somebody inside answers for it");
        get(&s.me, &format!("/referrals/{sheet}"))
            .await
            .shows("外の機関の返事を待っています")
            .shows("引受の返事を記録する")
            .shows("FAX 00-0000-0100");
        let unsaid = act(&s.me, sheet, Doing::new(Act::Accept)).await;
        assert!(matches!(unsaid, Err(Error::Invalid(why)) if why.contains("どう届いたか")));
        let by_fax = |doing: Doing| Doing {
            channel: Some(Channel::Fax),
            answered_by: "相談員 仮名さん".into(),
            ..doing
        };
        act(&s.me, sheet, by_fax(Doing::new(Act::Accept))).await?;
        let report = Doing {
            outcome: Some(Outcome::Solved),
            ..Doing::new(Act::Report).note("受診につながった")
        };
        act(&s.me, sheet, by_fax(report)).await?;
        act(&s.me, sheet, Doing::new(Act::Close)).await?;
        get(&s.me, &format!("/referrals/{sheet}"))
            .await
            .shows("FAX")
            .shows("相談員 仮名さん");
        Ok(())
    });
}

#[test]
fn a_desk_without_accounts_is_reached_on_paper() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        let mut conn = s.me.read().await?;
        let cards = engawa_organisations::desk_cards(&mut conn, &s.me).await?;
        let third = cards
            .iter()
            .find(|c| c.name.contains("つばさ作業所"))
            .unwrap();
        assert!(!third.staffed);
        for person in [s.mother, s.son] {
            consent(
                &s.me,
                &s.case,
                person,
                ConsentState::Given,
                vec![third.id],
                "",
            )
            .await?;
        }
        let mut content = s.content();
        content.to = To::Desk(third.id, None);
        let sheet = s.sent_as(&content).await?;
        let now = look(&s.me, sheet).await?;
        assert!(now.paper && now.turn_desk == town.desk);
        assert_eq!(
            engawa_referrals::store::act::sides(&s.me, &now),
            [Side::Sender, Side::Receiver]
        );
        Ok(())
    });
}

/// A fresh reply slip of the sheet.
async fn issued(ctx: &Ctx, sheet: RoomId) -> Result<slip::Slip> {
    let (mut tx, key) = access::open_for_write(ctx, sheet, RoomKind::Referral, "test").await?;
    let slip = slip::issue(&mut tx, ctx, &key).await?;
    tx.commit().await?;
    Ok(slip)
}

#[test]
fn a_reply_slip_shows_only_the_question_and_moves_nothing_by_itself() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        let sheet = outside(&s).await?;
        let page = post(&s.me, &format!("/referrals/{sheet}/slip"), &[]).await;
        page.is(200).shows("暗証番号");
        let slip = issued(&s.me, sheet).await?;
        let nobody = Ctx::system(&town.engine).await?;
        let target = reply_target(&nobody, &slip.code.to_lowercase(), &slip.secret).await?;
        let shown = format!("{target:?}");
        assert!(
            !shown.contains("見本") && !shown.contains("訪問"),
            "{shown}"
        );
        assert_eq!(
            target.answers,
            [Answer::Accept, Answer::Return, Answer::AdviseOnly]
        );
        assert!(
            reply(
                &nobody,
                &slip.code,
                "11111111",
                Answer::Accept,
                "仮名",
                "承知"
            )
            .await
            .is_err()
        );
        reply(
            &nobody,
            &slip.code,
            &slip.secret.to_lowercase(),
            Answer::Accept,
            "相談員 仮名",
            "来週会います。",
        )
        .await?;
        assert_eq!(
            look(&s.me, sheet).await?.state,
            State::Sent,
            "a message, not an act"
        );
        get(&s.me, &format!("/referrals/{sheet}"))
            .await
            .shows("来週会います。")
            .shows("相談員 仮名");
        let version = look(&s.me, sheet).await?.version.to_string();
        post(
            &s.me,
            &format!("/referrals/{sheet}/act"),
            &[
                ("act", "accept"),
                ("version", &version),
                ("channel", "form"),
                ("answered_by", "相談員 仮名"),
            ],
        )
        .await
        .is(303);
        get(&s.me, &format!("/referrals/{sheet}"))
            .await
            .shows("記録済み");
        // Ten wrong secrets close it; a later day too.
        for _ in 0..12 {
            assert!(
                reply(&nobody, &slip.code, "22222222", Answer::Report, "仮名", "x")
                    .await
                    .is_err()
            );
        }
        assert!(
            reply(
                &nobody,
                &slip.code,
                &slip.secret,
                Answer::Report,
                "仮名",
                "x"
            )
            .await
            .is_err()
        );
        let fresh = issued(&s.me, sheet).await?;
        assert!(
            reply_target(&nobody, &fresh.code, &fresh.secret)
                .await
                .is_ok()
        );
        crate::scene::days_later(&town, 60);
        assert!(
            reply_target(&nobody, &fresh.code, &fresh.secret)
                .await
                .is_err()
        );
        Ok(())
    });
}

#[test]
fn the_reply_page_opens_to_code_and_secret_and_shows_nothing_but_the_question() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        let sheet = outside(&s).await?;
        let slip = issued(&s.me, sheet).await?;
        let engine = &town.engine;
        // Where the QR code leads: the code is filled in, and nothing is told about it.
        get_unsigned(engine, &format!("/reply?code={}", slip.code))
            .await
            .is(200)
            .shows(&slip.code)
            .hides("つR");
        let knock = [("code", slip.code.as_str()), ("secret", "11111111")];
        post_unsigned(engine, "/reply", &knock)
            .await
            .is(422)
            .shows("この返信票は使えません")
            .shows(&slip.code)
            .hides("つR");
        let mut fields = vec![
            ("code", slip.code.as_str()),
            ("secret", slip.secret.as_str()),
        ];
        post_unsigned(engine, "/reply", &fields)
            .await
            .is(200)
            .shows("つR")
            .shows("引き受けます")
            .hides("見本")
            .hides("訪問")
            .hides("電話は午前だけ");
        // What was written stays when something is missing.
        fields.extend([("step", "answer"), ("note", "来週会えます。")]);
        post_unsigned(engine, "/reply", &fields)
            .await
            .is(422)
            .shows("「返事」を選んでください。")
            .shows("来週会えます。");
        fields.extend([("answer", "accept"), ("by_name", "例示相談室 仮名")]);
        post_unsigned(engine, "/reply", &fields)
            .await
            .is(200)
            .shows("送り手の窓口に届きました");
        get(&s.me, &format!("/referrals/{sheet}"))
            .await
            .shows("来週会えます。")
            .shows("例示相談室 仮名");
        // A withdrawn sheet asks nothing any more.
        act(
            &s.me,
            sheet,
            Doing {
                withdraw_reason: Some(WithdrawReason::Solved),
                ..Doing::new(Act::Withdraw)
            },
        )
        .await?;
        post_unsigned(engine, "/reply", &fields).await.is(422);
        Ok(())
    });
}

#[test]
fn a_sheet_for_paper_is_printed_with_the_page_on_top_and_a_reply_slip() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        let sheet = outside(&s).await?;
        let fax = format!("/referrals/{sheet}/fax.pdf");
        // Without a code the slip offers FAX and telephone.
        get(&s.me, &fax)
            .await
            .is(200)
            .shows("fax-cover")
            .shows("referral-sheet")
            .shows("reply-slip")
            .shows("\"code\": \"\"");
        post(&s.me, &format!("/referrals/{sheet}/slip"), &[])
            .await
            .is(200);
        let key = access::open(&s.me, sheet, RoomKind::Referral, access::Act::Read, "test").await?;
        let (code, _) = slip::current(&mut s.me.read().await?, &s.me, &key)
            .await?
            .expect("a slip");
        let (first, last) = code.split_at(4);
        get(&s.me, &fax).await.shows(&format!("{first} {last}"));
        // The page on top and the slip lie open on a machine: no name, no matter.
        let printed = get(&s.me, &fax).await.text;
        let open: String = printed
            .split("referral-sheet")
            .next()
            .into_iter()
            .chain(printed.split("reply-slip").nth(1))
            .collect();
        assert!(!open.contains("見本") && !open.contains("訪問"), "{open}");
        // Alone it is for anybody who holds the sheet; the log says who printed.
        get(&s.me, &format!("/referrals/{sheet}/sheet.pdf"))
            .await
            .is(200)
            .hides("fax-cover");
        let printed = sql(
            "select count(*) as n from audit_entry where room_id = :r and action = 'room.print'",
        )
        .bind("r", sheet);
        assert_eq!(s.me.read().await?.count(printed).await?, 4);
        get(&s.they, &fax).await.is(403).hides("見本");
        Ok(())
    });
}
