//! 成果の4段階: counted by area through the indicators' counting, judged by people, with the place
//! where the chain breaks; small numbers stay inside.

use engawa_kernel::{id::AreaId, testing::on_both};
use serde_json::{Value, json};

use crate::{
    browser::{api, browser},
    rungs::{of, set_up, with_sources},
};

#[test]
fn each_area_stands_on_the_ladder_and_shows_where_its_chain_breaks() {
    on_both(|town| async move {
        let town = with_sources(town);
        let (coordinator, outside, entry, [east, _, south]) = set_up(&town).await?;
        let (c, o, e) = (browser(&coordinator), browser(&outside), browser(&entry));
        e.get("/roadmaps/ladder").await.is(403);
        let (status, ladder) = api(&c, "GET", "/ladder", Value::Null).await;
        assert_eq!(status, 200, "{ladder}");
        assert_eq!(
            ladder["areas"].as_array().map(Vec::len),
            Some(3),
            "the whole town is no rung"
        );
        let counts = |name: &str| -> Vec<Value> {
            of(&ladder, name)["steps"]
                .as_array()
                .unwrap()
                .iter()
                .map(|s| s["count"].clone())
                .collect()
        };
        assert_eq!(
            counts("東地区"),
            [json!(6), json!(7), json!(0), Value::Null]
        );
        assert_eq!(
            counts("西地区"),
            [json!(3), json!(3), json!(3), Value::Null]
        );
        assert_eq!(of(&ladder, "東地区")["breaks_at"], "solved");
        assert_eq!(
            of(&ladder, "西地区")["breaks_at"],
            Value::Null,
            "no records is not 0"
        );
        assert_eq!(
            of(&ladder, "西地区")["steps"][3]["why_no_count"],
            "no_records"
        );
        assert_eq!(of(&ladder, "南地区")["breaks_at"], "noticed");
        let page = c.get("/roadmaps/ladder").await;
        page.is(200)
            .has("<svg")
            .has("東地区は「解決した」で切れています")
            .has("西地区は切れているところが見つかりません")
            .has("まだ記録がありません")
            .lacks("style=")
            .lacks("非公表");
        // People judge, and that goes before the numbers.
        let year = coordinator.today();
        let year = engawa_kernel::text::fiscal::FiscalYear::of(year).year();
        let at = format!("/roadmaps/ladder/areas/{east}/years/{year}");
        o.get(&at).await.is(403);
        c.get(&at).await.is(200).has("記録では: 7件");
        c.get(&format!("/roadmaps/ladder/areas/{east}/years/{}", year + 1))
            .await
            .is(422);
        let judged = [
            ("version", "0"),
            ("solved", "partly"),
            ("solved_words", "地区の会で片づいた"),
            ("resources", "not_yet"),
            ("resources_words", "集いの場がない"),
        ];
        c.post(&at, &judged).await.saved();
        c.post(&at, &[("version", "0"), ("solved", "stands")])
            .await
            .is(409)
            .has("地区の会で片づいた");
        c.post(&at, &[("version", "1"), ("solved", "x")])
            .await
            .is(422);
        c.get("/roadmaps/ladder")
            .await
            .has("東地区は「資源ができた」で切れています")
            .has("集いの場がない");
        c.get("/roadmaps/ladder/print.pdf")
            .await
            .is(200)
            .has("「資源ができた」で切れています")
            .has("● ある")
            .has("評価: 一部")
            .has("集いの場がない")
            .lacks("非公表");
        e.get("/roadmaps/ladder/print.pdf").await.is(403);
        // From outside small numbers stay hidden, and are not judged.
        let page = o.get("/roadmaps/ladder").await;
        page.is(200)
            .has("非公表")
            .lacks(">評価する")
            .lacks("数え方と圏域");
        o.get("/roadmaps/ladder/print.pdf").await.has("非公表");
        let (_, seen) = api(&o, "GET", "/ladder", Value::Null).await;
        assert_eq!(of(&seen, "西地区")["steps"][1]["why_no_count"], "hidden");
        assert_eq!(of(&seen, "西地区")["steps"][1]["verdict"], "unknown");
        let (status, _) = api(
            &c,
            "PUT",
            &format!("/ladder/areas/{south}/years/{year}"),
            json!({ "version": 0, "noticed": "stands", "noticed_words": "見守り隊" }),
        )
        .await;
        assert_eq!(status, 204);
        let bad = AreaId::new();
        c.get(&format!("/roadmaps/ladder/areas/{bad}/years/{year}"))
            .await
            .is(404);
        Ok(())
    });
}

#[test]
fn the_municipality_says_what_is_counted_and_which_areas_are_shown() {
    on_both(|town| async move {
        let town = with_sources(town);
        let (coordinator, outside, ..) = set_up(&town).await?;
        let (c, o) = (browser(&coordinator), browser(&outside));
        o.get("/roadmaps/ladder/settings").await.is(403);
        let mut tx = coordinator.write().await?;
        let rule = engawa_indicators::model::Rule::plain(engawa_indicators::model::Count {
            source: "consultation".into(),
            unit: engawa_indicators::model::Unit::Events,
            filter: engawa_indicators::model::Filter {
                route: vec!["outreach".into()],
                ..Default::default()
            },
        });
        let new = engawa_indicators::store::indicator::NewIndicator {
            name: "アウトリーチで気づいた".into(),
            block: String::new(),
            outcome: false,
            rule,
            note: String::new(),
            ended_on: None,
        };
        let id = engawa_indicators::store::indicator::add(&mut tx, &coordinator, &new).await?;
        tx.commit().await?;
        let id = id.to_string();
        c.get("/roadmaps/ladder/settings")
            .await
            .is(200)
            .has("アウトリーチで気づいた");
        let rules = [
            ("noticed", &*id),
            ("received", "standard"),
            ("solved", "none"),
            ("resources", "none"),
            ("kinds", "daily_life"),
        ];
        c.post("/roadmaps/ladder/settings", &rules[..2])
            .await
            .is(422);
        c.post(
            "/roadmaps/ladder/settings",
            &[&rules[..], &[("version", "0")]].concat(),
        )
        .await
        .saved();
        c.post(
            "/roadmaps/ladder/settings",
            &[
                ("noticed", "none"),
                ("received", "standard"),
                ("solved", "none"),
                ("resources", "none"),
                ("version", "0"),
            ],
        )
        .await
        .is(409)
        .has("アウトリーチで気づいた");
        let (_, ladder) = api(&c, "GET", "/ladder", Value::Null).await;
        assert_eq!(ladder["areas"].as_array().map(Vec::len), Some(2));
        assert_eq!(of(&ladder, "東地区")["breaks_at"], "noticed");
        assert_eq!(of(&ladder, "西地区")["steps"][2]["why_no_count"], "nothing");
        // A measure may name the indicator: its definition and its number stand beside it.
        let plan = [
            ("kind", "steps"),
            ("name", "工程"),
            ("first_year", "2026"),
            ("last_year", "2026"),
            ("state", "draft"),
        ];
        let plan = c.post("/roadmaps/new", &plan).await.saved();
        let measure = [
            ("place", "10"),
            ("text", "出向いて気づく"),
            ("indicators", &*id),
        ];
        let measure = c.post(&format!("{plan}/measures"), &measure).await.saved();
        c.get(&measure)
            .await
            .has("アウトリーチで気づいた")
            .has("数え方: 相談受付の件数（延べ）")
            .has("3件");
        o.get(&measure).await.has("非公表");
        Ok(())
    });
}

#[test]
fn outcome_statements_hang_by_actor_and_horizon() {
    on_both(|town| async move {
        let town = with_sources(town);
        let (coordinator, outside, _, [east, ..]) = set_up(&town).await?;
        let (c, o) = (browser(&coordinator), browser(&outside));
        let at = "/roadmaps/ladder/statements";
        o.get(at).await.is(403);
        c.post(at, &[("text", "だれのか言わない")])
            .await
            .is(422)
            .has("「だれの変化か」");
        let east = east.to_string();
        let said = [
            ("text", "民生委員に話せる"),
            ("actor", "resident"),
            ("horizon", "short"),
            ("step", "noticed"),
            ("area", &*east),
        ];
        c.post(at, &said).await.saved();
        let page = o.get("/roadmaps/ladder").await;
        page.has("民生委員に話せる")
            .has("短期（1年ほど）")
            .has("東地区");
        o.get("/roadmaps/ladder/print.pdf")
            .await
            .has("民生委員に話せる（東地区）");
        let one = c
            .get("/roadmaps/ladder")
            .await
            .link("/roadmaps/ladder/statements/");
        c.post(
            &one,
            &[
                &said[1..],
                &[
                    ("text", "だれかに話せる"),
                    ("withdrawn", "1"),
                    ("version", "1"),
                ],
            ]
            .concat(),
        )
        .await
        .saved();
        c.post(&one, &[&said[..], &[("version", "1")]].concat())
            .await
            .is(409)
            .has("だれかに話せる");
        c.get("/roadmaps/ladder")
            .await
            .has("もう掲げていないことば");
        c.get(&one).await.has("民生委員に話せる");
        let sent = json!({ "actor": "town", "horizon": "long", "step": "resources", "text": "歩いて行ける居場所がある" });
        assert_eq!(
            api(&o, "POST", "/ladder/statements", sent.clone()).await.0,
            403
        );
        assert_eq!(api(&c, "POST", "/ladder/statements", sent).await.0, 201);
        let (_, all) = api(&o, "GET", "/ladder/statements", Value::Null).await;
        assert_eq!(all["items"].as_array().map(Vec::len), Some(2));
        Ok(())
    });
}
