//! What people see: figures for all who may, records by key, small numbers hidden outside, months
//! that stay as they were closed.

use crate::{
    support::{day, in_demo, source},
    visitor::{as_role, everything, follow, get, post},
};
use axum::http::StatusCode;
use engawa_indicators::{
    model::{Filter, Unit},
    period::Period,
    store::{
        closing,
        count::{self, Question},
        indicator::{self, Dated},
    },
};
use engawa_kernel::{clock, db::sql, text::fiscal::FiscalYear};

#[test]
fn figures_open_to_records_within_ones_keys() {
    in_demo(250, |ctx| async move {
        let worker = as_role(&ctx, "worker", true).await?;
        let (status, page) = get(
            &worker,
            "/statistics?source=contact&unit=events&rows=desk&columns=kind&from=2021-04-01&to=2026-11-30&compare=1",
        )
        .await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("<svg") && page.contains("前年同期") && page.contains("数え方"));
        assert!(!page.contains("非公表") && !page.contains("style="));
        let link = page
            .split("/statistics/records?")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let (status, records) = get(
            &worker,
            &format!("/statistics/records?{}", link.replace("&amp;", "&")),
        )
        .await;
        assert_eq!(status, StatusCode::OK, "{records}");
        // Who has no key counts all the same and opens nothing.
        let auditor = as_role(&ctx, "auditor", true).await?;
        let (status, page) = get(&auditor, "/statistics").await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("/statistics/records?"));
        let (_, records) = get(
            &auditor,
            "/statistics/records?source=contact&from=2021-04-01&to=2026-11-30",
        )
        .await;
        assert!(records.contains("あなたが開ける記録はありません") && !records.contains("/cases/"));
        let (status, _) = get(&auditor, "/statistics/excel?source=case&rows=body").await;
        assert_eq!(status, StatusCode::OK);
        for path in [
            "/statistics/sets",
            "/statistics/sets/juso",
            "/statistics/sets/konkyu?month=2026-09",
            "/statistics/sets/local/excel",
            "/statistics/sets/local/definition",
            "/api/v1/statistics?rows=route",
            "/api/v1/statistics/sources",
            "/api/v1/indicators",
        ] {
            assert_eq!(get(&auditor, path).await.0, StatusCode::OK, "{path}");
        }
        let (_, set) = get(&auditor, "/statistics/sets/juso").await;
        assert!(set.contains("まだ記録がありません"));
        let entry = as_role(&ctx, "entry", false).await?;
        assert_eq!(get(&entry, "/statistics").await.0, StatusCode::FORBIDDEN);
        Ok(())
    });
}

#[test]
fn a_closed_month_stays_and_late_entries_are_a_difference() {
    in_demo(250, |ctx| async move {
        let keeper = as_role(&ctx, "coordinator", true).await?;
        let october = day(2026, 10, 1);
        let (status, _) = post(
            &keeper,
            "/statistics/months/2026-10",
            &[("note", "10月分"), ("once", "0123456789abcdef")],
        )
        .await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let (status, refused) = post(
            &keeper,
            "/statistics/months/2026-11",
            &[("once", "0123456789abcdee")],
        )
        .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
        let worker = as_role(&ctx, "worker", true).await?;
        assert_eq!(
            post(&worker, "/statistics/months/2026-10", &[]).await.0,
            StatusCode::FORBIDDEN
        );
        // Somebody types in November what happened in October.
        let q = Question {
            source: source("contact"),
            unit: Unit::Events,
            filter: Filter::default(),
            period: Period::month(october),
            rows: None,
            columns: None,
        };
        let before = count::total(&mut ctx.read().await?, &ctx, &q).await?;
        let later = ctx.now() + chrono::Duration::hours(1);
        let mut tx = ctx.write().await?;
        tx.exec(
            sql("insert into cases_contact (id, room_id, at, kind, minutes, place, work, body, person_visible, third_party, staff_id, desk_id, recorded_at, version)
                 select :id, room_id, :at, kind, 10, '', work, '', person_visible, third_party, staff_id, desk_id, :now, 1 from cases_contact order by id limit 1")
                .bind("id", engawa_kernel::id::new_uuid())
                .bind("at", clock::start_of_day(day(2026, 10, 15)))
                .bind("now", later),
        )
        .await?;
        tx.commit_unaudited().await?;
        assert_eq!(
            count::total(&mut ctx.read().await?, &ctx, &q).await?,
            before + 1
        );
        let mut conn = ctx.read().await?;
        let closed = closing::of_month(&mut conn, &ctx, october).await?.unwrap();
        let frozen = closing::frozen(&mut conn, &closed).await?;
        let contact = frozen
            .iter()
            .find(|f| f.rule.count.source == "contact" && f.rule.count.unit == Unit::Events)
            .unwrap();
        assert_eq!(contact.n.unwrap().0, before * 1_000);
        drop(conn);
        let (_, page) = get(&keeper, "/statistics/months/2026-10").await;
        assert!(
            page.contains("後から入力された記録") && page.contains("締めた後に変わった数"),
            "{page}"
        );
        let (status, list) = get(&keeper, "/statistics/months").await;
        assert!(status == StatusCode::OK && list.contains("締め済み"));
        Ok(())
    });
}

#[test]
fn an_indicator_is_made_by_form_and_followed() {
    in_demo(250, |ctx| async move {
        let keeper = as_role(&ctx, "coordinator", true).await?;
        for path in [
            "/indicators",
            "/indicators/new",
            "/indicators/new?source=consultation",
            "/indicators/new?source=meeting",
        ] {
            assert_eq!(get(&keeper, path).await.0, StatusCode::OK, "{path}");
        }
        let form = [
            ("source", "closure"),
            ("name", "終結率"),
            ("block", "多機関協働"),
            ("outcome", "outcome"),
            ("unit", "events"),
            ("per", "counted"),
            ("per_source", "case"),
            ("per_unit", "active"),
            ("once", "0123456789abcdef"),
        ];
        let (status, page) = post(&keeper, "/indicators/new", &form).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
        let all = indicator::list(&mut ctx.read().await?, &ctx, ctx.today()).await?;
        let i = all.iter().find(|i| i.name == "終結率").unwrap();
        let path = format!("/indicators/{}", i.id);
        let (status, _) = post(
            &keeper,
            &format!("{path}/targets?year=2026"),
            &[
                ("targets", "50%以上\n減らす"),
                ("counter", "%"),
                ("level", "mandatory"),
                ("formula", "7 × 3"),
                ("once", "0123456789abcdee"),
            ],
        )
        .await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        for path in [
            path.clone(),
            format!("{path}/edit"),
            format!("{path}/targets"),
        ] {
            let (status, page) = get(&keeper, &path).await;
            assert_eq!(status, StatusCode::OK, "{page}");
        }
        let (_, page) = get(&keeper, &format!("{path}?year=2026")).await;
        assert!(
            page.contains("50%以上（必須）") && page.contains("計算が合いません"),
            "{page}"
        );
        let (status, refused) = post(
            &keeper,
            "/indicators/new",
            &[("source", "closure"), ("unit", "minutes")],
        )
        .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.contains("指標の名前"));
        // Something that no domain brings yet is never 0.
        let id = follow(&keeper, "支援会議", &everything("meeting")).await?;
        let mut tx = keeper.write().await?;
        let targets = Dated::read("48回", "");
        indicator::set_targets(&mut tx, &keeper, id, FiscalYear::of(ctx.today()), &targets).await?;
        tx.commit().await?;
        let (_, list) = get(&keeper, "/indicators").await;
        assert!(list.contains("まだ記録がありません") && list.contains("48回"));
        let (_, page) = get(&keeper, &format!("/indicators/{id}")).await;
        assert!(page.contains("記録の仕組みが、まだありません"));
        Ok(())
    });
}

#[test]
fn figures_from_columns_say_up_to_when_they_were_counted() {
    in_demo(250, |ctx| async move {
        let keeper = as_role(&ctx, "coordinator", true).await?;
        let id = follow(&keeper, "支援の回数", &everything("contact")).await?;
        let words = "記録が多いため、10時0分までの記録から数えています。";
        let indicator = format!("/indicators/{id}");
        for (many, said) in [(1_000_000, false), (0, true)] {
            let snapshots = ctx
                .engine
                .kept
                .of::<engawa_indicators::columns::Snapshots>();
            snapshots.from(many);
            for path in [
                "/statistics?source=contact&rows=desk",
                "/statistics/sets/juso?month=2026-10",
                "/indicators",
                &indicator,
            ] {
                let (status, page) = get(&keeper, path).await;
                assert_eq!(status, StatusCode::OK, "{path}");
                assert_eq!(page.contains(words), said, "{path}: {page}");
            }
        }
        Ok(())
    });
}
