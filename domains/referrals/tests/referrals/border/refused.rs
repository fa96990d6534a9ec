//! Files that are not taken in: each says why and what to do, and nothing is written.

use engawa_kernel::{access::Role, id::new_uuid, testing::on_both};
use engawa_referrals::{
    border::{
        file,
        keys::Keys,
        payload::{Body, Payload},
    },
    model::{Act, Doing, State},
};

use super::browser::{post_bytes, send_file};
use super::{Border, HERE, THERE, card, file_of, import, introduce, municipality, staff};
use crate::scene::{Answer, act, days_later, get, look, post};

impl Border {
    /// Refused in a sentence, and nothing written.
    async fn refuses(&self, file: &[u8], why: &str) {
        let (sheets, files) = (self.count().await.unwrap(), self.files_in().await.unwrap());
        let answer: Answer = import(&self.they, self.far.desk, file).await;
        answer.is(422).shows(why);
        assert!(
            answer.text.contains("何も取り込んでいません")
                || answer.text.contains("何も変えていません")
        );
        let api = post_bytes(
            &self.they,
            &format!("/api/v1/referrals/import?desk={}", self.far.desk),
            file,
        )
        .await;
        api.is(422).shows(why);
        assert_eq!(self.count().await.unwrap(), sheets);
        assert_eq!(self.files_in().await.unwrap(), files);
    }

    /// A file to となり町 with another payload, sealed and signed by these keys.
    fn forged(&self, keys: &Keys, change: impl FnOnce(&mut Payload), like: &Payload) -> Vec<u8> {
        let mut payload = like.clone();
        payload.id = new_uuid();
        change(&mut payload);
        file::seal(keys, &self.keys(&self.far).card(THERE, ""), &payload).unwrap()
    }
}

#[test]
fn damaged_foreign_and_senseless_files_are_refused() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let room = b.sent().await?;
        let good = file_of(&b.s.me, room).await;
        for at in [0, 40, 100, good.len() / 2, good.len() - 1] {
            let mut bent = good.clone();
            bent[at] ^= 1;
            b.refuses(&bent, "何も取り込んでいません").await;
        }
        b.refuses(&good[..good.len() - 20], "途中で壊れています")
            .await;
        b.refuses(b"no file at all", "つなぐシートのファイルではないか")
            .await;
        b.refuses(&[0xff; 3000], "つなぐシートのファイルではないか")
            .await;
        b.refuses(&vec![0; 1_000_001], "大きすぎます").await;
        send_file(&b.they, "/referrals/import", &[], &vec![7; 10_000_000])
            .await
            .is(422)
            .shows("大きすぎます");
        send_file(&b.they, "/referrals/import", &[], &vec![7; 23_000_000])
            .await
            .is(413);
        send_file(&b.they, "/referrals/import", &[], b"")
            .await
            .is(422)
            .shows("「ファイル」を選んでください");
        post(&b.they, "/referrals/import", &[]).await.is(422);

        // Sealed for us, but no payload in it, or one that means something else.
        let (ours, like) = (b.keys(&b.town), b.read(&good));
        let far = b.keys(&b.far).card(THERE, "");
        let empty = age::encrypt(&far.recipient, b"hello").unwrap();
        b.refuses(&empty, "つなぐシートのファイルではないか").await;
        b.refuses(
            &b.forged(&ours, |p| p.version = 9, &like),
            "新しい版のEngawa",
        )
        .await;
        b.refuses(
            &b.forged(&ours, |p| p.format = "other".into(), &like),
            "つなぐシートのファイルではないか",
        )
        .await;
        let transfer = |p: &mut Payload| {
            if let Body::Sheet(s) = &mut p.body {
                s.request = engawa_referrals::model::ReferralKind::Transfer;
            }
        };
        b.refuses(
            &b.forged(&ours, transfer, &like),
            "中身がつなぐシートとして読めません",
        )
        .await;
        let leak = |p: &mut Payload| {
            if let Body::Sheet(s) = &mut p.body {
                s.lines[0].hidden = true;
            }
        };
        b.refuses(
            &b.forged(&ours, leak, &like),
            "中身がつなぐシートとして読めません",
        )
        .await;
        // The good one still goes in.
        import(&b.they, b.far.desk, &good).await.is(200);
        Ok(())
    });
}

#[test]
fn only_from_a_registered_peer_only_for_us_only_in_time() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let good = file_of(&b.s.me, b.sent().await?).await;
        let (ours, like) = (b.keys(&b.town), b.read(&good));
        // Written for us, but to another code: what was sent to one cannot be passed on to the next.
        b.refuses(
            &b.forged(&ours, |p| p.to.code = HERE.into(), &like),
            "この自治体あてではない",
        )
        .await;
        // Somebody who signs with a key of his own in our name.
        let thief = Keys::random()?;
        b.refuses(
            &b.forged(&thief, |_| (), &like),
            "署名が、登録してある相手の鍵と合いません",
        )
        .await;
        b.refuses(
            &b.forged(&ours, |p| p.from.code = "141003".into(), &like),
            "登録されていません",
        )
        .await;
        let late = b.town.engine.clock.now().date_naive() - chrono::Duration::days(1);
        b.refuses(
            &b.forged(&ours, |p| p.good_until = late, &like),
            "期限が切れています",
        )
        .await;
        b.refuses(
            &b.forged(&ours, |p| p.made_at += chrono::Duration::days(5), &like),
            "まだ来ていない日",
        )
        .await;

        // A third town cannot open it at all.
        let third = municipality(&b.town, "みさき村", "141003").await?;
        let admin = staff(&third, "みさき村", "岬 管理", Role::Admin, third.desk).await?;
        let worker = staff(&third, "みさき村", "岬 太郎", Role::Worker, third.desk).await?;
        import(&worker, third.desk, &good)
            .await
            .is(422)
            .shows("鍵がまだ作られていない");
        card(&admin).await?;
        import(&worker, third.desk, &good)
            .await
            .is(422)
            .shows("この自治体あてではない");

        // A month later the file found in a drawer is worth nothing; a new one is.
        days_later(&b.town, 31);
        b.refuses(&good, "期限が切れています").await;
        Ok(())
    });
}

#[test]
fn an_ended_peer_neither_sends_nor_receives() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let (here, there) = b.arrived().await?;
        act(&b.they, there, Doing::new(Act::Accept)).await?;
        let answer = file_of(&b.they, there).await;
        let second = file_of(&b.s.me, b.sent().await?).await;
        let mut far_admin = b.far_admin.clone();
        far_admin.municipality_name = "となり町".into();
        let theirs =
            engawa_referrals::store::peers::in_force(&mut far_admin.read().await?, &far_admin)
                .await?;
        post(
            &far_admin,
            &format!("/referrals/peers/{}/end", theirs[0].id),
            &[("version", "1")],
        )
        .await
        .is(303);
        b.refuses(&second, "協定の期間ではない").await;
        get(&b.they, &format!("/referrals/{there}/file"))
            .await
            .is(422)
            .shows("協定の期間ではない");
        get(&far_admin, "/referrals/peers")
            .await
            .is(200)
            .shows("縁側市")
            .shows("終了");

        // The sender ends as well: the answer that was on its way is refused, the sheet waits here.
        post(
            &b.admin,
            &format!("/referrals/peers/{}/end", b.peer),
            &[("version", "1")],
        )
        .await
        .is(303);
        import(&b.s.me, b.town.desk, &answer)
            .await
            .is(422)
            .shows("協定の期間ではない");
        assert_eq!(look(&b.s.me, here).await?.state, State::Sent);
        assert!(b.sent().await.is_err());
        // Registered anew, the same file is taken.
        introduce(&b.admin, &b.far_admin).await?;
        import(&b.s.me, b.town.desk, &answer).await.is(200);
        assert_eq!(look(&b.s.me, here).await?.state, State::Accepted);
        Ok(())
    });
}

#[test]
fn a_sheet_comes_in_once_however_often_its_file_is_made_and_sent() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let room = b.sent().await?;
        let (first, second) = (file_of(&b.s.me, room).await, file_of(&b.s.me, room).await);
        assert_ne!(first, second);
        import(&b.they, b.far.desk, &first)
            .await
            .is(200)
            .shows("受け取りました");
        for again in [&first, &second] {
            import(&b.they, b.far.other_desk, again)
                .await
                .is(200)
                .shows("すでに取り込んであります");
        }
        assert_eq!(b.count().await?, 1);
        Ok(())
    });
}

#[test]
fn only_the_receiver_answers_and_only_what_was_sent_to_it() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let (here, there) = b.arrived().await?;
        let third = municipality(&b.town, "みさき村", "141003").await?;
        let third_admin = staff(&third, "みさき村", "岬 管理", Role::Admin, third.desk).await?;
        introduce(&b.admin, &third_admin).await?;
        introduce(&third_admin, &b.admin).await?;
        act(&b.they, there, Doing::new(Act::Accept)).await?;
        let answer = file_of(&b.they, there).await;
        let far = b.keys(&b.far).card(THERE, "");
        let like = file::open(&b.keys(&b.town), &answer)
            .unwrap()
            .check(&far.verifier)
            .unwrap();
        let to_us = |keys: &Keys, change: &dyn Fn(&mut Payload)| {
            let mut payload = like.clone();
            payload.id = new_uuid();
            change(&mut payload);
            file::seal(keys, &b.keys(&b.town).card(HERE, ""), &payload).unwrap()
        };
        // Another registered town answers a sheet that was not sent to it.
        let foreign = to_us(&b.keys(&third), &|p| p.from.code = "141003".into());
        import(&b.s.me, b.town.desk, &foreign)
            .await
            .is(422)
            .shows("についての知らせではありません");
        // A sheet that does not exist, in the same words.
        let unknown = to_us(&b.keys(&b.far), &|p| p.thread = new_uuid());
        import(&b.s.me, b.town.desk, &unknown)
            .await
            .is(422)
            .shows("についての知らせではありません");
        // A colleague at another desk, who has no key to the sheet: the same words again.
        import(&b.s.they, b.town.desk, &answer)
            .await
            .is(422)
            .shows("についての知らせではありません");
        // The receiver acts for the sender, or reports what it never accepted.
        let withdrawn = to_us(&b.keys(&b.far), &|p| {
            if let Body::Answer(t) = &mut p.body {
                t.steps.last_mut().unwrap().act = Act::Withdraw;
                t.steps.last_mut().unwrap().state = State::Withdrawn;
            }
        });
        import(&b.s.me, b.town.desk, &withdrawn)
            .await
            .is(422)
            .shows("相手の側ではできない操作");
        let early = to_us(&b.keys(&b.far), &|p| {
            if let Body::Answer(t) = &mut p.body {
                let last = t.steps.last_mut().unwrap();
                (last.act, last.state) = (Act::Start, State::InProgress);
            }
        });
        import(&b.s.me, b.town.desk, &early)
            .await
            .is(422)
            .shows("何も変えていません");
        assert_eq!(
            look(&b.s.me, here).await?.state,
            State::Sent,
            "half of a file is not taken in"
        );
        import(&b.s.me, b.town.desk, &answer).await.is(200);
        assert_eq!(look(&b.s.me, here).await?.state, State::Accepted);
        Ok(())
    });
}

#[test]
fn who_works_no_cases_takes_no_file_in() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let file = file_of(&b.s.me, b.sent().await?).await;
        for role in [
            Role::Admin,
            Role::Clerk,
            Role::Entry,
            Role::Auditor,
            Role::NoCase,
        ] {
            let ctx = staff(&b.far, "となり町", "見本 別", role, b.far.desk).await?;
            get(&ctx, "/referrals/import").await.is(403);
            import(&ctx, b.far.desk, &file).await.is(403);
            post_bytes(&ctx, "/api/v1/referrals/import", &file)
                .await
                .is(403);
        }
        assert_eq!(b.count().await?, 0);
        // A desk must be chosen, of this municipality, with somebody there.
        for desk in [b.town.desk, b.far.other_desk] {
            import(&b.they, desk, &file)
                .await
                .is(422)
                .shows("受け取る窓口を選んで");
        }
        get(&b.they, "/referrals/import").await.is(200);
        Ok(())
    });
}
