//! /people/{id}/relationships

use engawa_kernel::{access::Role, testing::on_both};

use crate::scene::{case, create, get, hanako, named, page, post};

#[test]
fn a_relationship_is_typed_dated_and_ends() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let other = town
            .staff("包括 次郎", Role::Worker, town.other_desk)
            .await?;
        let key = case(&worker).await?;
        let mother = create(&worker, &key, hanako()).await?;
        let son = create(&worker, &key, named("例示 太郎", "")).await?;
        let theirs = case(&other).await?;
        let stranger = create(&other, &theirs, named("架空 次郎", "")).await?;
        let at = page(mother, "/relationships", key.room());
        let (son_id, stranger) = (son.to_string(), stranger.to_string());
        // Somebody else's person is no choice, whatever is posted.
        let fields = [("other", stranger.as_str()), ("kind", "son")];
        post(&worker, &at, &fields).await.is(422).hides("架空 次郎");
        let fields = [
            ("other", son_id.as_str()),
            ("kind", "son"),
            ("since", "S50.1.1"),
        ];
        post(&worker, &at, &fields).await.is(303);
        let shown = get(&worker, &at).await;
        shown
            .shows("例示 太郎")
            .shows("息子")
            .shows("昭和50年1月1日");
        get(&worker, &page(son, "/relationships", key.room()))
            .await
            .shows("（相手から見て息子）");
        let mark = "/relationships/";
        let from = shown.text.find(&format!("{mark}0")).unwrap() + mark.len();
        let edge = &shown.text[from..from + 36];
        let end = page(mother, &format!("/relationships/{edge}/end"), key.room());
        post(&worker, &end, &[("last", "R8.13.1")]).await.is(422);
        post(&worker, &end, &[("last", "R8.10.1")]).await.is(303);
        post(&worker, &end, &[("last", "R8.10.1")]).await.is(404);
        get(&worker, &at).await.shows("令和8年10月1日まで");
        Ok(())
    });
}
