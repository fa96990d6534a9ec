//! /referrals/peers: registering a municipality, our own card, and keys that were lost.

use engawa_kernel::{
    access::Role,
    context::Ctx,
    error::{Error, Result},
    testing::on_both,
};
use engawa_referrals::{border::keys::Keys, store::peers};

use super::{Border, HERE, THERE, card, file_of, import};
use crate::scene::{get, post};

#[test]
fn a_card_is_registered_only_with_the_fingerprint_heard_on_the_telephone() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let own = card(&b.admin).await?;
        get(&b.admin, "/referrals/peers")
            .await
            .is(200)
            .shows(&own.fingerprint())
            .shows("となり町")
            .shows("令和8年10月1日の協定")
            .shows("engawa-card 1");
        let file = get(&b.admin, "/referrals/peers/card.txt").await;
        file.is(200).shows(HERE).hides(&own.fingerprint());

        let other = Keys::random()?.card("141003", "みさき村");
        let swapped = Keys::random()?.card("141003", "みさき村");
        let text = other.text();
        let heard = other.fingerprint();
        let wrong = swapped.fingerprint();
        for (card, code, heard, why) in [
            (
                text.as_str(),
                "141003",
                wrong.as_str(),
                "カードの指紋と合いません",
            ),
            (
                text.as_str(),
                THERE,
                heard.as_str(),
                "カードの番号（141003）と合いません",
            ),
            (text.as_str(), "141004", heard.as_str(), "検査数字"),
            (
                "よろしくお願いします",
                "141003",
                heard.as_str(),
                "公開カードではないようです",
            ),
            (text.as_str(), "141003", "", "指紋"),
        ] {
            let fields = [
                ("card", card),
                ("code", code),
                ("heard", heard),
                ("from_on", "R8.10.1"),
            ];
            post(&b.admin, "/referrals/peers", &fields)
                .await
                .is(422)
                .shows(why);
        }
        let fields = [
            ("card", text.as_str()),
            ("code", "141003"),
            ("heard", heard.as_str()),
            ("from_on", "R8.10.1"),
            ("to_on", "R8.9.1"),
        ];
        post(&b.admin, "/referrals/peers", &fields)
            .await
            .is(422)
            .shows("始まりより前");
        post(&b.admin, "/referrals/peers", &fields[..4])
            .await
            .is(303);
        // The same code, and our own card.
        post(&b.admin, "/referrals/peers", &fields[..4])
            .await
            .is(422)
            .shows("すでに登録されています");
        let (own_text, own_heard) = (own.text(), own.fingerprint());
        let mine = [
            ("card", own_text.as_str()),
            ("code", HERE),
            ("heard", own_heard.as_str()),
            ("from_on", "R8.10.1"),
        ];
        post(&b.admin, "/referrals/peers", &mine)
            .await
            .is(422)
            .shows("自分の自治体の公開カード");
        Ok(())
    });
}

#[test]
fn of_two_administrators_at_the_same_moment_one_registers_and_one_is_told() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let second = b
            .town
            .staff("例示 管理二", Role::Admin, b.town.desk)
            .await?;
        let new = peers::NewPeer {
            name: "みさき村".into(),
            card: Keys::random()?.card("141003", "みさき村"),
            agreement: String::new(),
            from_on: b.admin.today(),
            to_on: None,
        };
        // PostgreSQL lets both look before either writes; SQLite has one after the other.
        let both = tokio::join!(registered(&b.admin, &new), registered(&second, &new));
        let (done, refused): (Vec<_>, Vec<_>) =
            [both.0, both.1].into_iter().partition(Result::is_ok);
        assert_eq!(done.len(), 1);
        for refusal in refused {
            let refusal = refusal.unwrap_err();
            assert!(
                matches!(refusal, Error::Taken | Error::Invalid(_)),
                "{refusal:?}"
            );
        }
        Ok(())
    });
}

async fn registered(admin: &Ctx, new: &peers::NewPeer) -> Result<()> {
    let mut tx = admin.write().await?;
    peers::register(&mut tx, admin, new).await?;
    tx.commit().await
}

#[test]
fn only_an_administrator_registers_and_a_period_is_kept() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let lead = b
            .town
            .staff("例示 係長", Role::Supervisor, b.town.desk)
            .await?;
        for ctx in [&b.s.me, &lead] {
            get(ctx, "/referrals/peers").await.is(403);
            get(ctx, "/referrals/peers/card.txt").await.is(403);
            post(ctx, "/referrals/peers", &[]).await.is(403);
            post(ctx, "/referrals/peers/keys", &[]).await.is(403);
            post(
                ctx,
                &format!("/referrals/peers/{}/end", b.peer),
                &[("version", "1")],
            )
            .await
            .is(403);
        }
        // Another municipality's administrator ends nothing of ours.
        post(
            &b.far_admin,
            &format!("/referrals/peers/{}/end", b.peer),
            &[("version", "1")],
        )
        .await
        .is(409);
        let next = Keys::random()?.card("141003", "みさき村");
        let (text, heard) = (next.text(), next.fingerprint());
        let fields = [
            ("card", text.as_str()),
            ("code", "141003"),
            ("heard", heard.as_str()),
            ("from_on", "R9.4.1"),
        ];
        post(&b.admin, "/referrals/peers", &fields).await.is(303);
        get(&b.admin, "/referrals/peers").await.shows("期間の前");
        let offered = peers::in_force(&mut b.s.me.read().await?, &b.s.me).await?;
        assert_eq!(offered.len(), 1, "not before its first day");
        get(&b.s.me, "/api/v1/referrals/peers")
            .await
            .is(200)
            .shows("となり町")
            .hides("みさき村");
        Ok(())
    });
}

#[test]
fn lost_keys_are_told_and_replaced_only_when_the_administrator_says_so() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let old = file_of(&b.s.me, b.sent().await?).await;
        let key = b
            .far
            .engine
            .data
            .join(format!("border.{}.key", b.far.municipality));
        let away = b.far.engine.data.join("away");
        std::fs::rename(&key, &away).unwrap();
        import(&b.they, b.far.desk, &old)
            .await
            .is(422)
            .shows("鍵のファイルがサーバーに見つからない");
        get(&b.far_admin, "/referrals/peers")
            .await
            .is(200)
            .shows("鍵のファイルが見つかりません");
        // Other keys in its place are not used, and not overwritten.
        std::fs::copy(
            b.town
                .engine
                .data
                .join(format!("border.{}.key", b.town.municipality)),
            &key,
        )
        .unwrap();
        import(&b.they, b.far.desk, &old)
            .await
            .is(422)
            .shows("鍵のファイルがサーバーに見つからない");
        post(&b.far_admin, "/referrals/peers/keys", &[])
            .await
            .is(422)
            .shows("上書きはしません");
        // Brought back from the backup, all is as before.
        std::fs::rename(&away, &key).unwrap();
        get(&b.far_admin, "/referrals/peers")
            .await
            .hides("鍵のファイルが見つかりません");
        // Lost for good: new keys, and what was sealed for the old ones stays shut.
        std::fs::remove_file(&key).unwrap();
        post(&b.far_admin, "/referrals/peers/keys", &[])
            .await
            .is(303);
        import(&b.they, b.far.desk, &old)
            .await
            .is(422)
            .shows("こちらの鍵が新しくなる前のもの");
        Ok(())
    });
}
