//! `/organisations/settings` and `/organisations/rules`.

use engawa_kernel::{db::sql, settings::Settings, testing::on_both};

use crate::browser::admin;

#[test]
fn settings_are_checked_kept_and_guarded_against_a_second_saver() {
    on_both(|town| async move {
        let (ctx, b) = admin(&town).await?;
        let mut tx = ctx.write().await?;
        tx.exec(sql("update municipality set settings = :s").bind("s", r#"{"later":"kept"}"#))
            .await?;
        tx.commit_unaudited().await?;
        let page = b.get("/organisations/settings").await;
        page.is(200).has("緊急閲覧");
        let version = page.hidden("version");
        let fields = |lock: &'static str| {
            vec![
                ("version".to_owned(), version.clone()),
                ("session_minutes".into(), "30".into()),
                ("lock_minutes".into(), lock.to_owned()),
                ("break_glass_minutes".into(), "45".into()),
                ("silent_days".into(), "90".into()),
                ("audit_years".into(), "10".into()),
                ("all_need_totp".into(), "1".into()),
            ]
        };
        let post = async |f: Vec<(String, String)>| {
            let f: Vec<(&str, &str)> = f.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            b.post("/organisations/settings", &f).await
        };
        post(fields("0")).await.is(422).has("1から120まで");
        post(fields("5")).await.is(303);
        let text: String = ctx
            .read()
            .await?
            .one(sql("select settings from municipality"))
            .await?
            .get("settings")?;
        let settings: Settings = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (
                settings.session_minutes,
                settings.lock_seconds,
                settings.audit_years
            ),
            (30, 300, 10)
        );
        assert!(settings.all_need_totp && !settings.outside_needs_totp);
        assert!(text.contains("\"later\":\"kept\""));
        // The second of two sees both and chooses, by name and field.
        let both = post(fields("10")).await;
        both.is(409)
            .has("ほかの人が先に")
            .has(&ctx.actor.name)
            .has("resolve.lock_minutes")
            .has("value=\"5\"")
            .has("value=\"10\"")
            .lacks("resolve.silent_days");
        let mut chosen = fields("10");
        chosen[0].1 = both.hidden("version");
        for (name, value) in [
            ("resolve.lock_minutes", "theirs"),
            ("mine.lock_minutes", "10"),
            ("theirs.lock_minutes", "5"),
        ] {
            chosen.push((name.into(), value.into()));
        }
        post(chosen).await.is(303);
        b.get("/organisations/settings").await.has("value=\"5\"");
        Ok(())
    });
}

#[test]
fn regulations_are_kept_by_edition() {
    on_both(|town| async move {
        let (_, b) = admin(&town).await?;
        for (edition, day) in [("制定", "R7.4.1"), ("令和8年改正", "R8.4.1")] {
            b.post(
                "/organisations/rules/new",
                &[
                    ("title", "重層的支援体制整備事業実施要綱"),
                    ("edition", edition),
                    ("effective_on", day),
                    ("body", "第1条 この要綱は、"),
                ],
            )
            .await
            .saved();
        }
        b.get("/organisations/rules")
            .await
            .has("制定")
            .has("令和8年改正");
        Ok(())
    });
}
