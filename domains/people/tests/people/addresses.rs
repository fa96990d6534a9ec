//! /people/{id}/addresses and /people/{id}/move

use engawa_kernel::{access::Role, testing::on_both};

use crate::scene::{case, create, get, hanako, named, page, post};

#[test]
fn where_somebody_lives_is_not_where_the_register_has_them() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        let path = page(person, "/addresses", key.room());
        let fields = [
            ("kind", "registered"),
            ("text", "西町9-9"),
            ("municipality", "となり町"),
            ("resident", "yes"),
            ("from", "H30.4.1"),
        ];
        post(&worker, &path, &fields).await.is(303);
        let shown = get(&worker, &page(person, "", key.room())).await;
        shown.shows("西町9-9（となり町）").shows("東町1-2-3 架空荘");
        let bad = [
            ("kind", "living"),
            ("text", "南町"),
            ("from", "R8.4.1"),
            ("to", "R7.4.1"),
        ];
        post(&worker, &path, &bad)
            .await
            .is(422)
            .shows("より前です")
            .shows("南町");
        Ok(())
    });
}

#[test]
fn moving_one_member_moves_only_that_member() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let mother = create(&worker, &key, hanako()).await?;
        let son = create(&worker, &key, named("例示 太郎", "レイジ タロウ")).await?;
        let (m, s) = (mother.to_string(), son.to_string());
        let new = format!("/people/households/new?room={}", key.room());
        let fields = [
            ("member[0].person", m.as_str()),
            ("member[0].relation", "self"),
            ("member[1].person", s.as_str()),
            ("member[1].relation", "son"),
        ];
        let made = post(&worker, &new, &fields).await;
        made.is(303);
        let household = made.location.split(['/', '?']).nth(3).unwrap().to_owned();
        let choice = format!("household[{household}]");
        let fields = [
            ("on", "R8.11.1"),
            ("kind", "living"),
            ("text", "北町のアパート"),
            ("ends", "living"),
            (choice.as_str(), "leave"),
            ("own_household", "1"),
        ];
        post(&worker, &page(son, "/move", key.room()), &fields)
            .await
            .is(303);
        let of_son = get(&worker, &page(son, "", key.room())).await;
        of_son
            .shows("北町のアパート")
            .shows("例示 太郎さんの世帯</a>（1人）");
        let of_mother = get(&worker, &page(mother, "", key.room())).await;
        of_mother.shows("東町1-2-3").hides("北町");
        get(&worker, &made.location).await.shows("以前の世帯員");
        Ok(())
    });
}
