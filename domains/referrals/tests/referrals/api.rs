//! /api/v1/referrals: the same rules as the screens, exactly this user's keys.

use engawa_kernel::testing::on_both;
use engawa_referrals::model::State;

use crate::scene::{Scene, get, look, post_json, token};

#[test]
fn the_api_sends_reads_and_acts_by_the_same_rules() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let once = token();
        let body = format!(
            r#"{{"source":"{}","kind":"hand_over","to_desk":"{}","people":["{}"],"asked":"一度訪問してください。","urgency":"emergency"}}"#,
            s.case.room(),
            s.to,
            s.mother
        );
        // The son is not in it, so the words are read once more first.
        post_json(&s.me, "/api/v1/referrals", &token(), &body)
            .await
            .is(422)
            .shows("見本 健太")
            .shows("まだ送っていません");
        let body = body.replace("\"urgency\"", "\"text_checked\":true,\"urgency\"");
        let sent = post_json(&s.me, "/api/v1/referrals", &once, &body).await;
        sent.is(201);
        let again = post_json(&s.me, "/api/v1/referrals", &once, &body).await;
        assert_eq!(sent.text, again.text, "the same key makes one sheet");
        let room = sent.text.rsplit('/').next().unwrap()[..36].to_owned();
        get(&s.they, "/api/v1/referrals")
            .await
            .is(200)
            .shows(&room)
            .shows("\"state\":\"sent\"");
        let path = format!("/api/v1/referrals/{room}");
        get(&s.me, &path)
            .await
            .is(200)
            .shows("\"task_status\":\"requested\"")
            .shows("同意（");
        get(&s.they, &path)
            .await
            .is(200)
            .shows("見本 梅")
            .shows("\"receive\"")
            .hides("同意（");
        let acts = format!("{path}/acts");
        post_json(&s.they, &acts, "", r#"{"act":"return","version":2}"#)
            .await
            .is(422)
            .shows("差し戻す理由");
        post_json(&s.me, &acts, "", r#"{"act":"accept","version":2}"#)
            .await
            .is(403);
        post_json(&s.they, &acts, "", r#"{"act":"accept","version":2}"#)
            .await
            .is(200)
            .shows("\"state\":\"accepted\"");
        post_json(&s.they, &acts, "", r#"{"act":"start","version":2}"#)
            .await
            .is(409);
        assert_eq!(
            look(&s.me, room.parse().unwrap()).await?.state,
            State::Accepted
        );
        let nobody = town
            .staff("例示 九郎", engawa_kernel::access::Role::NoCase, town.desk)
            .await?;
        get(&nobody, &path).await.is(404);
        post_json(&nobody, "/api/v1/referrals", "", &body)
            .await
            .is(403);
        Ok(())
    });
}
