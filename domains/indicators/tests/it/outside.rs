//! What readers outside the municipality do not see: small numbers, and those from which one follows.

use crate::{
    support::in_demo,
    visitor::{as_role, everything, follow, get},
};
use axum::http::StatusCode;
use chrono::Duration;
use engawa_indicators::{
    model::Rule,
    period::{Period, month_start, months_later},
    store::{actual::Counter, closing, indicator::IndicatorId, settings},
};
use engawa_kernel::{access::Role, context::Ctx, error::Result, text::fiscal::FiscalYear};

#[test]
fn small_numbers_do_not_leave_the_municipality() {
    in_demo(250, |ctx| async move {
        let outside = as_role(&ctx, "worker", false).await?;
        let (status, page) = get(
            &outside,
            "/statistics?source=consultation&rows=body&columns=issue&from=2026-04-03&to=2026-11-12",
        )
        .await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("非公表"), "{page}");
        assert!(
            page.contains("4月1日から") && page.contains("11月30日まで"),
            "whole months only"
        );
        let (_, json) = get(
            &outside,
            "/api/v1/statistics?source=consultation&rows=body&columns=issue",
        )
        .await;
        assert!(json.contains("null"));
        // Who writes the returns for the municipality sees what goes into them, also as a contractor.
        let mut commissioned = outside.clone();
        commissioned.actor.postings[0].role = Role::Coordinator;
        let (_, json) = get(
            &commissioned,
            "/api/v1/statistics?source=consultation&rows=body&columns=issue",
        )
        .await;
        let all: serde_json::Value = serde_json::from_str(&json).unwrap();
        let cells = all["cells"].to_string();
        assert!(cells.contains('[') && !cells.contains("null"), "{json}");
        // What leaves as a file for others hides from everybody.
        let inside = as_role(&ctx, "coordinator", true).await?;
        let (status, _) = get(
            &inside,
            "/statistics/excel?source=consultation&rows=body&outside=1",
        )
        .await;
        assert_eq!(status, StatusCode::OK);
        Ok(())
    });
}

/// Follows all consultations and the new ones among them; the ids of both.
async fn all_and_new(ctx: &Ctx) -> Result<[(IndicatorId, Rule); 2]> {
    let all = everything("consultation");
    let mut new = all.clone();
    new.count.filter.marks = vec!["new".into()];
    Ok([
        (follow(ctx, "すべて", &all).await?, all),
        (follow(ctx, "その一部", &new).await?, new),
    ])
}

/// What both stand at in a period.
async fn numbers(ctx: &Ctx, both: &[(IndicatorId, Rule); 2], period: Period) -> Result<[i64; 2]> {
    let mut conn = ctx.read().await?;
    let mut found = [0; 2];
    for (n, (_, rule)) in found.iter_mut().zip(both) {
        let mut counter = Counter::exact();
        let count = counter.count(&mut conn, ctx, &rule.count, period).await?;
        *n = count.unwrap();
    }
    Ok(found)
}

#[test]
fn what_follows_by_subtraction_is_hidden_among_closed_months() {
    in_demo(250, |ctx| async move {
        let both = all_and_new(&ctx).await?;
        let outside = as_role(&ctx, "worker", false).await?;
        let inside = as_role(&ctx, "coordinator", true).await?;
        let admin = as_role(&ctx, "admin", true).await?;
        // The month that the demo ends in is over.
        let later = ctx.now() + Duration::days(31);
        ctx.engine.clock.set(later);
        let this = month_start(ctx.today());
        let mut seen = 0;
        for month in (1..24).map(|n| months_later(this, -n)) {
            let [all, part] = numbers(&ctx, &both, Period::month(month)).await?;
            let few = all - part;
            if few == 0 || part <= few {
                continue;
            }
            seen += 1;
            let mut tx = admin.write().await?;
            let limit = settings::Settings {
                small_limit: few + 1,
                ..settings::load(&mut tx, &admin).await?
            };
            settings::save(&mut tx, &admin, limit).await?;
            closing::close(&mut tx, &inside, month, "").await?;
            tx.commit().await?;
            let path = format!("/statistics/months/{}", month.format("%Y-%m"));
            let row = |page: &str| {
                let (_, rest) = page.split_once("指標：その一部").unwrap();
                rest.split_once("</tr>").unwrap().0.to_owned()
            };
            let shown = format!("{part}件");
            assert!(row(&get(&inside, &path).await.1).contains(&shown));
            let hidden = row(&get(&outside, &path).await.1);
            assert!(hidden.contains("非公表") && !hidden.contains(&shown));
        }
        assert!(seen > 0, "no month of the demo shows it");
        Ok(())
    });
}

#[test]
fn what_follows_by_subtraction_is_hidden_in_the_list_on_its_own_page_and_in_the_api() {
    in_demo(250, |ctx| async move {
        let year = FiscalYear::of(ctx.today());
        let both = all_and_new(&ctx).await?;
        let [all, part] = numbers(&ctx, &both, Period::year(year)).await?;
        assert!(
            part >= 5 && (1..5).contains(&(all - part)),
            "{all} − {part}"
        );
        let outside = as_role(&ctx, "worker", false).await?;
        let inside = as_role(&ctx, "coordinator", true).await?;
        let own = format!("/indicators/{}", both[1].0);
        let shown = "実績</dt><dd><a";
        assert!(get(&inside, &own).await.1.contains(shown));
        let (_, page) = get(&outside, &own).await;
        assert!(!page.contains(shown) && page.contains("非公表"), "{page}");
        let of = |text: &str| {
            let all: serde_json::Value = serde_json::from_str(text).unwrap();
            let all = all.as_array().unwrap().clone();
            let one = all.into_iter().find(|i| i["name"] == "その一部").unwrap();
            one["state"].as_str().unwrap().to_owned()
        };
        assert_eq!(
            of(&get(&outside, "/api/v1/indicators").await.1),
            "not_published"
        );
        assert_eq!(of(&get(&inside, "/api/v1/indicators").await.1), "counted");
        // What is asked for without a condition is what an indicator without one counts.
        let asked = |period: &str| format!("/api/v1/statistics?source=consultation{period}");
        let total = |text: &str| -> Option<i64> {
            let all: serde_json::Value = serde_json::from_str(text).unwrap();
            all["cells"][0][0].as_i64()
        };
        let days = format!("&from={}&to={}", year.first_day(), year.last_day());
        let (whole, few) = (asked(&days), asked(&format!("{days}&mark=new")));
        let mut stranger = outside;
        stranger.actor.postings[0].desk = None;
        assert_eq!(total(&get(&stranger, &whole).await.1), Some(all));
        assert_eq!(total(&get(&stranger, &few).await.1), None);
        assert_eq!(total(&get(&inside, &few).await.1), Some(part));
        Ok(())
    });
}
