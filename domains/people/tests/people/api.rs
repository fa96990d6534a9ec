//! /api/v1/people and /api/v1/households

use engawa_kernel::{access::Role, db::sql, testing::on_both};

use crate::scene::{case, get, post_json, protect};

#[test]
fn a_person_is_made_once_and_read_under_the_same_keys() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let other = town
            .staff("包括 次郎", Role::Worker, town.other_desk)
            .await?;
        let key = case(&worker).await?;
        let body = format!(
            r#"{{"room":"{}","names":[{{"kind":"registered","text":"𠮷野 花子","kana":"ヨシノ ハナコ"}}],"birth":"S25.3.4","sex":"female","address":"東町1","phones":["00-1"]}}"#,
            key.room()
        );
        let made = post_json(&worker, "/api/v1/people", "token-0123456789", &body).await;
        made.is(201).shows("\"id\"");
        let again = post_json(&worker, "/api/v1/people", "token-0123456789", &body).await;
        again.is(303);
        assert_eq!(again.location, made.location);
        let read = get(&worker, &made.location).await;
        read.is(200)
            .shows("𠮷野 花子")
            .shows("1950-03-04")
            .shows("東町1")
            .shows("76歳");
        // Whoever may know of the room is told whom to ask; nobody is told more.
        get(&other, &made.location)
            .await
            .is(403)
            .shows("くらし相談窓口")
            .hides("花子");
        let bare = made.location.split('?').next().unwrap();
        get(&other, bare).await.is(404).hides("花子");
        let person = made
            .location
            .split(['/', '?'])
            .nth(4)
            .unwrap()
            .parse()
            .unwrap();
        protect(&worker, &key, person).await;
        get(&worker, &made.location)
            .await
            .is(200)
            .shows("\"address\":\"秘匿\"")
            .shows("\"phones\":\"秘匿\"")
            .hides("東町1");
        let n = worker
            .read()
            .await?
            .count(sql("select count(*) as n from people_person"))
            .await?;
        assert_eq!(n, 1);
        Ok(())
    });
}

#[test]
fn wrong_bodies_are_told_in_japanese() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let other = town
            .staff("包括 次郎", Role::Worker, town.other_desk)
            .await?;
        let (mine, theirs) = (case(&worker).await?, case(&other).await?);
        let body = |room: String, rest: &str| format!(r#"{{"room":"{room}"{rest}}}"#);
        for (rest, what) in [
            (r#","birth":"S99.9.9""#, "生年月日"),
            (r#","sex":"x""#, "JSON"),
            (r#","my_number":"1""#, "JSON"),
        ] {
            let sent = body(mine.room().to_string(), rest);
            post_json(&worker, "/api/v1/people", "", &sent)
                .await
                .is(422)
                .shows(what);
        }
        let long = format!(r#","label":"{}""#, "長".repeat(61));
        let sent = body(mine.room().to_string(), &long);
        post_json(&worker, "/api/v1/people", "", &sent)
            .await
            .is(422)
            .shows("60文字");
        let sent = body(theirs.room().to_string(), "");
        let refused = post_json(&worker, "/api/v1/people", "", &sent).await;
        assert!(matches!(refused.status.as_u16(), 403 | 404));
        get(&worker, "/api/v1/people/x")
            .await
            .is(404)
            .shows("error");
        Ok(())
    });
}
