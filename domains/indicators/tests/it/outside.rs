//! What readers outside the municipality do not see: small numbers, and those from which one follows.

use crate::{
    support::in_demo,
    visitor::{as_role, get},
};
use axum::http::StatusCode;
use engawa_indicators::{
    model::{Count, Filter, Rule, Unit},
    period::Period,
    store::{
        actual::Counter,
        indicator::{self, NewIndicator},
    },
};
use engawa_kernel::{access::Role, text::fiscal::FiscalYear};

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

#[test]
fn what_follows_by_subtraction_is_hidden_in_the_list_on_its_own_page_and_in_the_api() {
    in_demo(250, |ctx| async move {
        let year = FiscalYear::of(ctx.today());
        let rule = |mark: Option<&str>| Rule {
            count: Count {
                source: "consultation".into(),
                unit: Unit::Events,
                filter: Filter {
                    marks: mark.map(str::to_owned).into_iter().collect(),
                    ..Filter::default()
                },
            },
            per: None,
        };
        let mut tx = ctx.write().await?;
        let (mut ids, mut counts) = (Vec::new(), Vec::new());
        for (name, rule) in [("すべて", rule(None)), ("その一部", rule(Some("new")))] {
            let mut counter = Counter::exact();
            let n = counter
                .count(&mut tx, &ctx, &rule.count, Period::year(year))
                .await?;
            counts.push(n.unwrap());
            let new = NewIndicator {
                name: name.into(),
                block: String::new(),
                outcome: false,
                rule,
                note: String::new(),
                ended_on: None,
            };
            ids.push(indicator::add(&mut tx, &ctx, &new).await?);
        }
        tx.commit().await?;
        let [all, part] = counts[..] else { panic!() };
        assert!(
            part >= 5 && (1..5).contains(&(all - part)),
            "{all} − {part}"
        );
        let outside = as_role(&ctx, "worker", false).await?;
        let inside = as_role(&ctx, "coordinator", true).await?;
        let own = format!("/indicators/{}", ids[1]);
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
        Ok(())
    });
}
