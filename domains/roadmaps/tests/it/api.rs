//! The same as JSON: the same readers and rules.

use engawa_kernel::testing::on_both;
use serde_json::{Value, json};

use crate::browser::{api, browser, people};

#[test]
fn a_program_writes_a_roadmap_under_the_same_rules() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        let plan = json!({ "kind": "disability", "name": "第7期障害福祉計画", "first_year": 2024, "last_year": 2026, "state": "in_force" });
        assert_eq!(api(&w, "POST", "/plans", plan.clone()).await.0, 403);
        let mut wrong = plan.clone();
        wrong["last_year"] = json!(2020);
        let (status, said) = api(&c, "POST", "/plans", wrong).await;
        assert_eq!(status, 422);
        assert!(said.to_string().contains("始まりの年度より前"), "{said}");
        let id = |made: &Value| {
            made["location"]
                .as_str()
                .unwrap()
                .rsplit('/')
                .next()
                .unwrap()
                .to_owned()
        };
        let (status, made) = api(&c, "POST", "/plans", plan.clone()).await;
        assert_eq!(status, 201, "{made}");
        let plan_id = id(&made);
        let (status, made) = api(
            &c,
            "POST",
            "/evidence",
            json!({ "source": "座談会", "part": "第2回" }),
        )
        .await;
        assert_eq!(status, 201, "{made}");
        let measure = json!({ "place": 10, "number": "3", "text": "送迎を確保する", "evidence": [id(&made)] });
        let (status, made) = api(&c, "POST", &format!("/plans/{plan_id}/measures"), measure).await;
        assert_eq!(status, 201, "{made}");
        let measure_id = id(&made);
        let stone = json!({ "year": 2025, "due_on": "2025-10-01", "text": "試行を始める", "state": "planned" });
        let (status, made) = api(
            &c,
            "POST",
            &format!("/measures/{measure_id}/milestones"),
            stone,
        )
        .await;
        assert_eq!(status, 201, "{made}");
        let done = json!({ "version": 1, "year": 2025, "due_on": "2025-10-01", "text": "試行を始める", "state": "done" });
        let at = format!("/milestones/{}", id(&made));
        assert_eq!(api(&w, "PUT", &at, done.clone()).await.0, 403);
        let (status, saved) = api(&c, "PUT", &at, done.clone()).await;
        assert_eq!(status, 200, "{saved}");
        assert_eq!(saved["milestones"][0]["state"], "done");
        assert_eq!(api(&c, "PUT", &at, done).await.0, 409);
        let rating = json!({ "version": 0, "year": 2025, "degree": "a", "evidence": "運行表" });
        let at = format!("/measures/{measure_id}/ratings");
        assert_eq!(api(&c, "PUT", &at, rating.clone()).await.0, 200);
        assert_eq!(api(&c, "PUT", &at, rating).await.0, 409);
        let mut next = plan.clone();
        next["first_year"] = json!(2027);
        next["last_year"] = json!(2029);
        let (status, made) = api(&c, "POST", &format!("/plans/{plan_id}/next"), next).await;
        assert_eq!(status, 201, "{made}");
        let (_, seeded) = api(&w, "GET", &format!("/plans/{}", id(&made)), Value::Null).await;
        assert_eq!(seeded["measures"][0]["unchanged"], true);
        assert!(
            seeded["measures"][0]["carried"]
                .as_str()
                .unwrap()
                .contains("運行表")
        );
        let (_, whole) = api(&w, "GET", &format!("/plans/{plan_id}"), Value::Null).await;
        assert_eq!(whole["measures"][0]["ratings"][0]["degree"], "a");
        assert_eq!(whole["first_year"], 2024);
        let (_, found) = api(&w, "GET", "/evidence", Value::Null).await;
        assert_eq!(
            found["items"][0]["cited_by"].as_array().map(Vec::len),
            Some(2)
        );
        let long = json!({ "place": 10, "text": "あ".repeat(2_001) });
        assert_eq!(
            api(&c, "POST", &format!("/plans/{plan_id}/measures"), long)
                .await
                .0,
            422
        );
        assert_eq!(api(&w, "GET", "/plans/x", Value::Null).await.0, 404);
        Ok(())
    });
}
