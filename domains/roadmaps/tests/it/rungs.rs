//! A town with three areas whose desks stand for what happened there.

use engawa_kernel::{
    access::Role,
    audit::Signer,
    context::{Ctx, Engine, EngineParts},
    db::{Tx, sql},
    error::Result,
    id::{AreaId, DeskId},
    source::{CountedAs, EventSource, KindWords, Mark, When},
    testing::Town,
};
use serde_json::Value;

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

pub fn with_sources(town: Town) -> Town {
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
pub async fn event(
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

pub async fn area(tx: &mut Tx, ctx: &Ctx, code: &str, name: &str, kind: &str) -> Result<AreaId> {
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
pub async fn set_up(town: &Town) -> Result<(Ctx, Ctx, Ctx, [AreaId; 3])> {
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

pub fn of<'a>(ladder: &'a Value, name: &str) -> &'a Value {
    ladder["areas"]
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["name"] == name)
        .unwrap_or_else(|| panic!("no {name} in {ladder}"))
}
