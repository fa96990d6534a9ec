//! 成果の4段階: counted by area through the indicators' counting, judged by people, with the place
//! where the chain breaks; small numbers stay inside.

use engawa_kernel::{
    access::Role,
    audit::Signer,
    context::{Ctx, Engine, EngineParts},
    db::{Tx, sql},
    error::Result,
    id::{AreaId, DeskId},
    source::{CountedAs, EventSource, KindWords, Mark, When},
    testing::{Town, on_both},
};
use serde_json::{Value, json};

use crate::browser::Browser;

/// Consultations and closings of the tests: each desk is one event, its way in and its kind stand in
/// the desk's note.
const fn source(code: &'static str, label: &'static str, view: &'static str) -> EventSource {
    EventSource {
        code,
        label,
        counted_as: CountedAs::Consultation,
        rule: "1件",
        when: When::Day,
        view,
        persons: "(select d.id as event_id, d.id as person_id from organisations_desk d where d.id is null)",
        issues: None,
        has_channel: false,
        has_route: true,
        has_minutes: false,
        lasts: false,
        kinds: KindWords::List("closure_reason"),
        kind_label: "終結の理由",
        marks: &[Mark {
            code: "stands",
            label: "再開していない",
            holds: "e.kind = 'achieved'",
        }],
    }
}

static HEARD: EventSource = source(
    "consultation",
    "相談受付",
    "(select d.id as event_id, d.municipality_id, d.valid_from as at, cast(null as text) as entered_at, cast(null as uuid) as room_id,
             d.id as desk_id, cast(null as text) as channel, d.nickname as route, d.note as kind, cast(null as bigint) as minutes,
             cast(null as bigint) as heads, cast(null as date) as until_on from organisations_desk d)",
);
static CLOSED: EventSource = source(
    "closure",
    "終結",
    "(select d.id as event_id, d.municipality_id, d.valid_from as at, cast(null as text) as entered_at, cast(null as uuid) as room_id,
             d.id as desk_id, cast(null as text) as channel, d.nickname as route, d.note as kind, cast(null as bigint) as minutes,
             cast(null as bigint) as heads, cast(null as date) as until_on from organisations_desk d where d.note <> '')",
);

fn with_sources(town: Town) -> Town {
    let e = &town.engine;
    let parts = EngineParts {
        sources: vec![&HEARD, &CLOSED],
        ..EngineParts::bare(
            e.db.clone(),
            e.clock.clone(),
            Signer::from_seed([7; 32]),
            e.data.clone(),
        )
    };
    Town {
        engine: Engine::new(parts),
        ..town
    }
}

/// An event in an area.
async fn event(
    tx: &mut Tx,
    ctx: &Ctx,
    town: &Town,
    area: AreaId,
    n: i64,
    way: &str,
    kind: &str,
) -> Result<()> {
    let id = DeskId::new();
    tx.exec(
        sql("insert into organisations_desk (id, municipality_id, code, name, nickname, body_id, mode, phone, site, hours, valid_from, note, version)
             values (:id, :m, :code, 'x', :way, :body, 'direct', '', '', '', :on, :kind, 1)")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("code", format!("T{n}"))
            .bind("way", way)
            .bind("body", town.body)
            .bind("on", ctx.today())
            .bind("kind", kind),
    )
    .await?;
    tx.exec(
        sql("insert into organisations_desk_area (desk_id, place, area_id) values (:desk, 0, :area)")
            .bind("desk", id)
            .bind("area", area),
    )
    .await?;
    Ok(())
}

async fn area(tx: &mut Tx, ctx: &Ctx, code: &str, name: &str, kind: &str) -> Result<AreaId> {
    let id = AreaId::new();
    tx.exec(
        sql("insert into organisations_area (id, municipality_id, code, name, tier, marks, population_kind, valid_from, note, version)
             values (:id, :m, :code, :name, '', '', 'unknown', :on, '', 1)")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("code", code)
            .bind("name", name)
            .bind("on", ctx.today()),
    )
    .await?;
    tx.exec(
        sql("insert into organisations_area_kind (area_id, kind) values (:id, :kind)")
            .bind("id", id)
            .bind("kind", kind),
    )
    .await?;
    Ok(id)
}

/// 東地区: noticed 6, received 7, nothing solved. 西地区: three, all solved. 南地区: nothing.
/// Returns (coordinator inside, worker of another body, entry helper, areas).
async fn set_up(town: &Town) -> Result<(Ctx, Ctx, Ctx, [AreaId; 3])> {
    let admin = town.staff("見本 管理", Role::Admin, town.desk).await?;
    let inside = town
        .staff("見本 推進", Role::Coordinator, town.desk)
        .await?;
    let outside = town
        .staff("例示 外部", Role::Worker, town.other_desk)
        .await?;
    let entry = town.staff("例示 協力", Role::Entry, town.desk).await?;
    let mut tx = admin.write().await?;
    engawa_organisations::seed(&mut tx, &admin).await?;
    for (body, kind) in [(town.body, "municipal"), (town.other_body, "npo")] {
        tx.exec(
            sql("insert into organisations_body (id, municipality_id, code, name, kana, kind, phone, email, address, note, version)
                 values (:id, :m, :code, '機関', '', :kind, '', '', '', '', 1)")
                .bind("id", body)
                .bind("m", admin.municipality)
                .bind("code", kind)
                .bind("kind", kind),
        )
        .await?;
    }
    area(&mut tx, &admin, "A0", "全域", "municipality").await?;
    let east = area(&mut tx, &admin, "A1", "東地区", "daily_life").await?;
    let west = area(&mut tx, &admin, "A2", "西地区", "daily_life").await?;
    let south = area(&mut tx, &admin, "A3", "南地区", "estate").await?;
    for n in 0..6 {
        event(&mut tx, &admin, town, east, n, "commissioner", "").await?;
    }
    event(&mut tx, &admin, town, east, 6, "self", "").await?;
    for n in 7..10 {
        event(&mut tx, &admin, town, west, n, "outreach", "achieved").await?;
    }
    tx.commit().await?;
    Ok((inside, outside, entry, [east, west, south]))
}

fn of<'a>(ladder: &'a Value, name: &str) -> &'a Value {
    ladder["areas"]
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["name"] == name)
        .unwrap_or_else(|| panic!("no {name} in {ladder}"))
}

#[test]
fn each_area_stands_on_the_ladder_and_shows_where_its_chain_breaks() {
    on_both(|town| async move {
        let town = with_sources(town);
        let (coordinator, outside, entry, [east, _, south]) = set_up(&town).await?;
        let (c, o, e) = (
            Browser::of(&coordinator),
            Browser::of(&outside),
            Browser::of(&entry),
        );
        e.get("/roadmaps/ladder").await.is(403);
        let (status, ladder) = c.json("GET", "/ladder", Value::Null).await;
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
        c.saved(&c.post(&at, &judged).await);
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
        // From outside small numbers stay hidden, and are not judged.
        let page = o.get("/roadmaps/ladder").await;
        page.is(200)
            .has("非公表")
            .lacks(">評価する")
            .lacks("数え方と圏域");
        let (_, seen) = o.json("GET", "/ladder", Value::Null).await;
        assert_eq!(of(&seen, "西地区")["steps"][1]["why_no_count"], "hidden");
        assert_eq!(of(&seen, "西地区")["steps"][1]["verdict"], "unknown");
        let (status, _) = c
            .json(
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
        let (c, o) = (Browser::of(&coordinator), Browser::of(&outside));
        o.get("/roadmaps/ladder/settings").await.is(403);
        let mut tx = coordinator.write().await?;
        let rule = engawa_indicators::model::Rule {
            count: engawa_indicators::model::Count {
                source: "consultation".into(),
                unit: engawa_indicators::model::Unit::Events,
                filter: engawa_indicators::model::Filter {
                    route: vec!["outreach".into()],
                    ..Default::default()
                },
            },
            per: None,
        };
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
        c.saved(
            &c.post(
                "/roadmaps/ladder/settings",
                &[&rules[..], &[("version", "0")]].concat(),
            )
            .await,
        );
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
        let (_, ladder) = c.json("GET", "/ladder", Value::Null).await;
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
        let plan = c.saved(&c.post("/roadmaps/new", &plan).await);
        let measure = [
            ("place", "10"),
            ("text", "出向いて気づく"),
            ("indicators", &*id),
        ];
        let measure = c.saved(&c.post(&format!("{plan}/measures"), &measure).await);
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
        let (c, o) = (Browser::of(&coordinator), Browser::of(&outside));
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
        c.saved(&c.post(at, &said).await);
        let page = o.get("/roadmaps/ladder").await;
        page.has("民生委員に話せる")
            .has("短期（1年ほど）")
            .has("東地区");
        let one = c
            .get("/roadmaps/ladder")
            .await
            .link("/roadmaps/ladder/statements/");
        c.saved(
            &c.post(
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
            .await,
        );
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
            o.json("POST", "/ladder/statements", sent.clone()).await.0,
            403
        );
        assert_eq!(c.json("POST", "/ladder/statements", sent).await.0, 201);
        let (_, all) = o.json("GET", "/ladder/statements", Value::Null).await;
        assert_eq!(all["items"].as_array().map(Vec::len), Some(2));
        Ok(())
    });
}
