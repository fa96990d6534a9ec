//! Servers that refuse, hang up, are down, or are not whom we were told to talk to.

use chrono::Duration;
use engawa_kernel::{
    db::sql,
    notices::mail::{Telling, standing},
    testing::on_both,
};
use engawa_post::{Mailer, rules};

use crate::{
    server::Server,
    world::{FROM, address, change, later, mailer, minute, notice, person},
};

#[test]
fn a_mail_refused_for_now_is_tried_again_and_arrives_once() {
    on_both(|town| async move {
        let server = Server::start();
        let mailer = mailer(&server);
        let who = person(&town, "見本 太郎", "mihon", Some(Telling::AtOnce)).await?;
        notice(&who).await?;
        server.answer(&[450, 450]);
        assert_eq!(minute(&town, &mailer).await?.later, 1);
        // Not a minute later …
        later(&town, Duration::minutes(1));
        minute(&town, &mailer).await?;
        assert_eq!(server.asked(), 1);
        // … but after five, and then after fifteen.
        later(&town, Duration::minutes(4));
        assert_eq!(minute(&town, &mailer).await?.later, 1);
        later(&town, Duration::minutes(14));
        minute(&town, &mailer).await?;
        assert_eq!(server.asked(), 2);
        later(&town, Duration::minutes(1));
        assert_eq!(minute(&town, &mailer).await?.sent, 1);
        later(&town, Duration::days(2));
        minute(&town, &mailer).await?;
        assert_eq!((server.asked(), server.mails().len()), (3, 1));
        Ok(())
    });
}

#[test]
fn an_address_that_never_works_is_given_up_and_its_owner_sees_it() {
    on_both(|town| async move {
        let server = Server::start();
        let mailer = mailer(&server);
        let who = person(&town, "見本 太郎", "mihon", Some(Telling::AtOnce)).await?;
        notice(&who).await?;
        let attempts = usize::try_from(rules::ATTEMPTS).unwrap_or_default();
        server.answer(&vec![550; attempts]);
        let mut given_up = 0;
        for _ in 0..40 {
            given_up += minute(&town, &mailer).await?.given_up;
            later(&town, Duration::hours(1));
        }
        assert_eq!((given_up, server.asked()), (1, attempts));
        let mut conn = who.read().await?;
        assert!(standing(&mut conn, who.actor.staff).await?.refused);
        // In Engawa it still waits to be read.
        let unread = sql("select count(*) as n from notice where read_at is null");
        assert_eq!(conn.count(unread).await?, 1);
        // With another address the warning goes, and the next notice is told of.
        address(&town, who.actor.staff, "taro@example.lg.jp").await?;
        assert!(!standing(&mut conn, who.actor.staff).await?.refused);
        drop(conn);
        assert_eq!(minute(&town, &mailer).await?.sent, 0);
        notice(&who).await?;
        assert_eq!(minute(&town, &mailer).await?.sent, 1);
        Ok(())
    });
}

#[test]
fn what_is_no_address_is_given_up_at_once() {
    on_both(|town| async move {
        let server = Server::start();
        let mailer = mailer(&server);
        let who = person(&town, "見本 太郎", "mihon", Some(Telling::AtOnce)).await?;
        for (n, typed) in [
            "内線 123",
            "a@b@c",
            "x@example.lg.jp>\r\nRCPT TO:<y@example.com",
        ]
        .into_iter()
        .enumerate()
        {
            address(&town, who.actor.staff, typed).await?;
            notice(&who).await?;
            assert_eq!(minute(&town, &mailer).await?.given_up, 1, "{n}");
            let mut conn = who.read().await?;
            assert!(standing(&mut conn, who.actor.staff).await?.refused, "{n}");
        }
        assert_eq!(server.asked(), 0);
        Ok(())
    });
}

#[test]
fn a_server_that_is_down_blocks_nothing_and_loses_nothing() {
    on_both(|town| async move {
        // A port where nobody listens.
        let place = {
            let probe = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            probe.local_addr().unwrap()
        };
        let mailer = Mailer::new(&format!("smtp://{place}"), FROM)?;
        for login in ["ichiro", "jiro", "saburo"] {
            let who = person(&town, "見本 太郎", login, Some(Telling::AtOnce)).await?;
            notice(&who).await?;
        }
        assert!(minute(&town, &mailer).await?.unreachable);
        // It is left alone for a while, and asked less often than every minute.
        let mut asked = 1;
        for _ in 0..(3 * 24 * 60) {
            later(&town, Duration::minutes(1));
            asked += u32::from(minute(&town, &mailer).await?.unreachable);
        }
        assert!((140..160).contains(&asked), "{asked}");
        // Nobody was given up for it; it comes back, and all are told.
        let server = Server::start_at(place);
        later(&town, Duration::minutes(30));
        assert_eq!(minute(&town, &mailer).await?.sent, 3);
        assert_eq!(server.mails().len(), 3);
        Ok(())
    });
}

#[test]
fn one_mail_that_the_server_hangs_up_on_does_not_hold_back_the_others() {
    on_both(|town| async move {
        let server = Server::start();
        let mailer = mailer(&server);
        for login in ["ichiro", "jiro", "saburo"] {
            let who = person(&town, "見本 太郎", login, Some(Telling::AtOnce)).await?;
            notice(&who).await?;
        }
        server.hang_up_on("ichiro@example.lg.jp");
        let turned = minute(&town, &mailer).await?;
        assert_eq!(
            (turned.sent, turned.later, turned.unreachable),
            (2, 1, false)
        );
        Ok(())
    });
}

#[test]
fn a_changed_password_is_nobodys_fault() {
    on_both(|town| async move {
        let server = Server::start();
        server.ask_for("新しい password");
        let url = |password: &str| format!("smtp://engawa:{password}@{}", server.address());
        let who = person(&town, "見本 太郎", "mihon", Some(Telling::AtOnce)).await?;
        notice(&who).await?;
        let wrong = Mailer::new(&url("old"), FROM)?;
        assert!(minute(&town, &wrong).await?.unreachable);
        let right = Mailer::new(&url("%E6%96%B0%E3%81%97%E3%81%84%20password"), FROM)?;
        assert_eq!(minute(&town, &right).await?.sent, 1);
        Ok(())
    });
}

#[test]
fn where_tls_is_required_a_server_without_it_hears_no_password_and_no_mail() {
    on_both(|town| async move {
        let server = Server::start();
        let who = person(&town, "見本 太郎", "mihon", Some(Telling::AtOnce)).await?;
        notice(&who).await?;
        let url = format!("smtp://engawa:himitsu@{}?tls=required", server.address());
        let mailer = Mailer::new(&url, FROM)?;
        assert!(minute(&town, &mailer).await?.unreachable);
        let said = server.lines().concat().to_lowercase();
        assert!(said.contains("ehlo city.example.lg.jp"), "{said}");
        for word in ["auth", "mail from", "rcpt", "data"] {
            assert!(!said.contains(word), "{said}");
        }
        Ok(())
    });
}

#[test]
fn a_program_that_died_while_sending_sends_again_rather_than_never() {
    on_both(|town| async move {
        let server = Server::start();
        let mailer = mailer(&server);
        let who = person(&town, "見本 太郎", "mihon", Some(Telling::AtOnce)).await?;
        notice(&who).await?;
        // As the claim leaves it when nothing comes after.
        change(
            &town,
            sql("update notice_mail set failures = 1, try_after = :later where staff_id = :s")
                .bind("later", town.engine.clock.now() + Duration::minutes(5))
                .bind("s", who.actor.staff),
        )
        .await?;
        minute(&town, &mailer).await?;
        assert_eq!(server.asked(), 0);
        later(&town, Duration::minutes(5));
        assert_eq!(minute(&town, &mailer).await?.sent, 1);
        Ok(())
    });
}

#[test]
fn a_turn_that_is_told_to_stop_begins_no_other_mail() {
    on_both(|town| async move {
        let server = Server::start();
        let mailer = mailer(&server);
        let who = person(&town, "見本 太郎", "mihon", Some(Telling::AtOnce)).await?;
        notice(&who).await?;
        mailer.stop();
        assert_eq!(minute(&town, &mailer).await?.sent, 0);
        assert_eq!(server.asked(), 0);
        Ok(())
    });
}
