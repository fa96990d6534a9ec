//! Who is told, when, and of what.

use chrono::Duration;
use engawa_kernel::{
    db::sql,
    id::StaffId,
    notices::mail::{Standing, Telling, standing},
    testing::on_both,
};
use engawa_post::{Mailer, Turned};

use crate::{
    server::Server,
    world::{
        FROM, address, change, decoded, later, mailer, minute, notice, person, read_all, stand_at,
    },
};

const QUIET: Turned = Turned {
    sent: 0,
    later: 0,
    given_up: 0,
    unreachable: false,
};

#[test]
fn a_mail_says_that_something_waits_and_nothing_about_anybody() {
    on_both(|town| async move {
        let server = Server::start();
        let who = person(&town, "見本 太郎", "mihon", Some(Telling::AtOnce)).await?;
        let room = {
            use engawa_kernel::id::RoomId;
            RoomId::new()
        };
        change(
            &town,
            sql("insert into room (id, municipality_id, kind, number, owner_desk_id, opened_at) values (:r, :m, 'case', '支R8-00077', :d, :now)")
                .bind("r", room)
                .bind("m", town.municipality)
                .bind("d", town.desk)
                .bind("now", who.now()),
        )
        .await?;
        notice(&who).await?;
        later(&town, Duration::minutes(5));
        let mut tx = who.write().await?;
        engawa_kernel::notices::to_staff(
            &mut tx,
            &who,
            who.actor.staff,
            Some(room),
            "referral_returned",
            serde_json::json!({ "reason": "同意が得られない" }),
        )
        .await?;
        tx.commit_unaudited().await?;
        assert_eq!(minute(&town, &mailer(&server)).await?.sent, 1);

        let mails = server.mails();
        let [mail] = mails.as_slice() else {
            unreachable!("{mails:?}")
        };
        assert_eq!(mail.from, FROM);
        assert_eq!(mail.to, ["mihon@example.lg.jp"]);
        let (subject, text, everything) = decoded(mail);
        assert_eq!(subject, "【縁側】お知らせがあります");
        assert!(text.contains("お知らせが2件あります"), "{text}");
        assert!(text.contains("令和8年11月21日 10:00"), "{text}");
        for forbidden in [
            // who it is about, who it is for, where
            "秘密",
            "花子",
            "見本",
            "太郎",
            "縁側市",
            "くらし",
            "窓口",
            // which record
            "00123",
            "00077",
            "相R",
            "支R",
            // what kind of thing
            "break_glass",
            "referral",
            "緊急",
            "閲覧",
            "つなぐ",
            "シート",
            "同意",
            "返戻",
            "差し戻",
            "返され",
            "支援",
            "措置",
            "虐待",
            "秘匿",
            "相談",
            "ケース",
            "主担当",
        ] {
            assert!(!everything.contains(forbidden), "{forbidden}: {everything}");
        }
        for id in [who.actor.staff.to_string(), room.to_string()] {
            assert!(!everything.contains(&id));
        }
        assert!(
            everything.contains("Auto-Submitted: auto-generated"),
            "{everything}"
        );
        Ok(())
    });
}

#[test]
fn a_notice_is_told_of_once_and_what_is_read_not_at_all() {
    on_both(|town| async move {
        let server = Server::start();
        let mailer = mailer(&server);
        let who = person(&town, "見本 太郎", "mihon", Some(Telling::AtOnce)).await?;
        assert_eq!(minute(&town, &mailer).await?, QUIET);
        notice(&who).await?;
        assert_eq!(minute(&town, &mailer).await?.sent, 1);
        later(&town, Duration::hours(30));
        assert_eq!(minute(&town, &mailer).await?, QUIET);
        // A second one: the mail counts both that wait.
        notice(&who).await?;
        assert_eq!(minute(&town, &mailer).await?.sent, 1);
        assert!(decoded(&server.mails()[1]).1.contains("2件"));
        // Within ten minutes it waits; read before, it is not told of.
        notice(&who).await?;
        assert_eq!(minute(&town, &mailer).await?, QUIET);
        read_all(&who).await?;
        later(&town, Duration::minutes(10));
        assert_eq!(minute(&town, &mailer).await?, QUIET);
        assert_eq!(server.mails().len(), 2);
        Ok(())
    });
}

#[test]
fn the_digest_comes_at_eight_to_who_chose_it_and_to_who_chose_nothing() {
    on_both(|town| async move {
        let server = Server::start();
        let mailer = mailer(&server);
        let chose = person(&town, "見本 太郎", "chose", Some(Telling::Daily)).await?;
        let nothing = person(&town, "例示 花子", "nothing", None).await?;
        let none = person(&town, "架空 次郎", "none", Some(Telling::None)).await?;
        stand_at(&town, 24, 15, 0);
        for who in [&chose, &nothing, &none] {
            notice(who).await?;
            notice(who).await?;
        }
        assert_eq!(minute(&town, &mailer).await?, QUIET);
        stand_at(&town, 25, 7, 59);
        assert_eq!(minute(&town, &mailer).await?, QUIET);
        stand_at(&town, 25, 8, 0);
        assert_eq!(minute(&town, &mailer).await?.sent, 2);
        let mut to: Vec<_> = server.mails().into_iter().flat_map(|m| m.to).collect();
        to.sort();
        assert_eq!(to, ["chose@example.lg.jp", "nothing@example.lg.jp"]);
        // The next morning there is nothing new to say.
        notice(&chose).await?;
        stand_at(&town, 26, 8, 0);
        assert_eq!(minute(&town, &mailer).await?.sent, 1);
        assert!(decoded(&server.mails()[2]).1.contains("3件"));
        Ok(())
    });
}

#[test]
fn who_cannot_get_in_today_gets_no_mail() {
    on_both(|town| async move {
        let server = Server::start();
        let mailer = mailer(&server);
        let mut out: Vec<StaffId> = Vec::new();
        for login in [
            "left",
            "closed",
            "unposted",
            "future",
            "addressless",
            "stays",
        ] {
            let who = person(&town, "見本 太郎", login, Some(Telling::AtOnce)).await?;
            notice(&who).await?;
            out.push(who.actor.staff);
        }
        let [left, closed, unposted, future, addressless, stays] = out[..] else {
            unreachable!()
        };
        let yesterday = town.engine.clock.today().pred_opt().unwrap();
        let tomorrow = town.engine.clock.today().succ_opt().unwrap();
        change(
            &town,
            sql("update staff set left_on = :d where id = :s")
                .bind("d", yesterday)
                .bind("s", left),
        )
        .await?;
        change(
            &town,
            sql("update identity_account set disabled_at = :d where staff_id = :s")
                .bind("d", town.engine.clock.now())
                .bind("s", closed),
        )
        .await?;
        change(
            &town,
            sql("update posting set valid_to = :d where staff_id = :s")
                .bind("d", yesterday)
                .bind("s", unposted),
        )
        .await?;
        change(
            &town,
            sql("update posting set valid_from = :d where staff_id = :s")
                .bind("d", tomorrow)
                .bind("s", future),
        )
        .await?;
        address(&town, addressless, "").await?;
        // The last day in service is a day in service.
        change(
            &town,
            sql("update staff set left_on = :d where id = :s")
                .bind("d", town.engine.clock.today())
                .bind("s", stays),
        )
        .await?;
        // Somebody without an account.
        let bare = town
            .staff("例示 花子", engawa_kernel::access::Role::Worker, town.desk)
            .await?;
        address(&town, bare.actor.staff, "bare@example.lg.jp").await?;
        notice(&bare).await?;

        later(&town, Duration::hours(1));
        assert_eq!(minute(&town, &mailer).await?.sent, 1);
        assert_eq!(server.mails()[0].to, ["stays@example.lg.jp"]);
        assert_eq!(server.asked(), 1);
        // The day after, nobody.
        later(&town, Duration::days(1));
        change(&town, sql("update notice set mailed_at = null")).await?;
        change(
            &town,
            sql("delete from posting where staff_id = :s").bind("s", future),
        )
        .await?;
        assert_eq!(minute(&town, &mailer).await?, QUIET);
        Ok(())
    });
}

#[test]
fn many_people_are_all_told_and_two_programs_tell_nobody_twice() {
    on_both(|town| async move {
        let server = Server::start();
        for n in 0..12 {
            let who = person(&town, "見本 太郎", &format!("u{n}"), Some(Telling::AtOnce)).await?;
            notice(&who).await?;
        }
        let (one, other): (Mailer, Mailer) = (mailer(&server), mailer(&server));
        let (a, b) = tokio::join!(minute(&town, &one), minute(&town, &other));
        assert_eq!(a?.sent + b?.sent, 12);
        let mut to: Vec<_> = server.mails().into_iter().flat_map(|m| m.to).collect();
        to.sort();
        to.dedup();
        assert_eq!((to.len(), server.mails().len()), (12, 12));
        Ok(())
    });
}

#[test]
fn a_link_and_the_training_town_are_named() {
    on_both(|town| async move {
        let server = Server::start();
        let who = person(&town, "見本 太郎", "mihon", Some(Telling::AtOnce)).await?;
        notice(&who).await?;
        change(
            &town,
            sql("update municipality set training = :t").bind("t", true),
        )
        .await?;
        let engine = engawa_kernel::context::Engine::new(engawa_kernel::context::EngineParts {
            public_url: Some("https://engawa.example.lg.jp".into()),
            mail_from: Some(FROM.into()),
            ..engawa_kernel::context::EngineParts::bare(
                town.engine.db.clone(),
                town.engine.clock.clone(),
                engawa_kernel::audit::Signer::from_seed([7; 32]),
                town.engine.data.clone(),
            )
        });
        assert_eq!(engawa_post::turn(&engine, &mailer(&server)).await?.sent, 1);
        let (_, text, _) = decoded(&server.mails()[0]);
        assert!(
            text.contains("https://engawa.example.lg.jp/today"),
            "{text}"
        );
        assert!(text.starts_with("これは研修用"), "{text}");
        Ok(())
    });
}

#[test]
fn everybody_stands_at_the_default_until_they_choose() {
    on_both(|town| async move {
        let who = person(&town, "見本 太郎", "mihon", None).await?;
        let mut conn = who.read().await?;
        let standing = standing(&mut conn, who.actor.staff).await?;
        assert_eq!(
            standing,
            Standing {
                telling: Telling::Daily,
                chosen: false,
                address: "mihon@example.lg.jp".into(),
                refused: false,
            }
        );
        Ok(())
    });
}
