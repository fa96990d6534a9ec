//! `/api/v1/consultations`

use axum::{body::Body, http::Request};
use engawa_kernel::{access::Role, db::sql, testing::on_both};
use serde_json::{Value, json};

use crate::browser::{Answer, Browser, count};

async fn post(me: &Browser, key: &str, body: &str) -> Answer {
    let request = Request::post("/api/v1/consultations")
        .header("content-type", "application/json")
        .header("x-csrf-token", "test-csrf")
        .header("idempotency-key", key)
        .body(Body::from(body.to_owned()))
        .unwrap();
    me.send(request).await
}

fn parsed(a: &Answer) -> Value {
    serde_json::from_str(&a.text).unwrap_or_else(|e| panic!("{e}: {}", a.text))
}

#[test]
fn one_key_makes_one_record() {
    on_both(|town| async move {
        let me = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        let body = json!({
            "words": "家賃", "channel": "phone", "issues": ["income", "housing"], "main_issue": "income",
            "subjects": [{ "label": "見本" }, { "name": "例示 二", "birth": "70代" }],
        })
        .to_string();
        let first = post(&me, "abc-1", &body).await;
        assert_eq!(first.status, 201, "{}", first.text);
        let again = post(&me, "abc-1", &body).await;
        assert_eq!(again.status, 200, "{}", again.text);
        assert_eq!(parsed(&first), parsed(&again));
        assert_eq!(
            count(
                &town,
                sql("select count(*) as n from consultations_consultation")
            )
            .await,
            1
        );
        let id = parsed(&first)["id"].as_str().unwrap().to_owned();
        let one = parsed(&me.get(&format!("/api/v1/consultations/{id}")).await);
        assert_eq!(one["words"], "家賃");
        assert_eq!(one["subjects"].as_array().unwrap().len(), 2);
        assert_eq!(
            one["issues"],
            json!([{ "code": "income", "main": true }, { "code": "housing", "main": false }])
        );
        for n in 2..=4 {
            post(
                &me,
                &format!("abc-{n}"),
                &json!({ "words": format!("{n}") }).to_string(),
            )
            .await;
        }
        let page = parsed(&me.get("/api/v1/consultations?scope=mine&limit=3").await);
        assert_eq!(page["items"].as_array().unwrap().len(), 3);
        let next = page["next"].as_str().unwrap();
        let rest = parsed(
            &me.get(&format!(
                "/api/v1/consultations?scope=mine&limit=3&after={next}"
            ))
            .await,
        );
        assert_eq!(rest["items"].as_array().unwrap().len(), 1);
        assert!(rest["next"].is_null());
        assert_eq!(rest["items"][0]["id"], id.as_str());
        Ok(())
    });
}

#[test]
fn wrong_bodies_are_told_in_a_sentence() {
    on_both(|town| async move {
        let me = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        for body in [
            "",
            "{}",
            "[1]",
            "{\"words\":1}",
            "{\"words\":\"a\",\"zzz\":1}",
            "{\"words\":\"\"}",
            "{\"words\":\"a\",\"who\":\"x\"}",
            "{\"words\":\"a\",\"desk\":\"x\"}",
            "{\"words\":\"a\",\"received_at\":\"2027-01-01T00:00:00Z\"}",
            "{\"words\":\"a\",\"received_at\":\"+262142-12-31T23:59:59Z\"}",
            "{\"words\":\"a\",\"received_at\":\"-9999-01-01T00:00:00Z\"}",
        ] {
            let answer = post(&me, "k", body).await;
            assert_eq!(answer.status, 422, "{body}: {}", answer.text);
            assert!(
                parsed(&answer)["error"]
                    .as_str()
                    .is_some_and(|e| !e.is_empty()),
                "{body}"
            );
        }
        let long = "k".repeat(101);
        assert_eq!(post(&me, &long, "{\"words\":\"a\"}").await.status, 422);
        assert_eq!(me.get("/api/v1/consultations/x").await.status, 404);
        let room = me.take_in(&[("words", "秘密")]).await;
        let other = Browser::of(
            &town,
            &town
                .staff("包括 職員", Role::Worker, town.other_desk)
                .await?,
        );
        let refused = other.get(&format!("/api/v1/consultations/{room}")).await;
        assert!([403, 404].contains(&refused.status) && !refused.has("秘密"));
        assert_eq!(
            parsed(&other.get("/api/v1/consultations?scope=all").await)["items"],
            json!([])
        );
        Ok(())
    });
}
