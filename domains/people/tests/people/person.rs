//! /people/{id}: somebody is created with as little as a label, and seen only through a room.

use engawa_kernel::{access::Role, testing::on_both, text::birth::BirthDate};
use engawa_people::{NewPerson, Sex};

use crate::scene::{case, create, get, hanako, page, post};

#[test]
fn a_caller_without_a_name_is_called_by_what_is_known() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let birth = BirthDate::parse("50代", worker.today()).unwrap();
        let new = NewPerson {
            sex: Sex::Female,
            birth,
            ..NewPerson::default()
        };
        let person = create(&worker, &key, new).await?;
        let shown = get(&worker, &page(person, "", key.room())).await;
        shown.is(200).shows("匿名(女性・50代推定)");

        // Later she gives her name: the same record, the same page.
        let names = page(person, "/names", key.room());
        let version = get(&worker, &names).await.field("version");
        let fields = [
            ("version", version.as_str()),
            ("name[0].kind", "registered"),
            ("name[0].text", "髙橋 花子"),
            ("name[0].kana", "タカハシ ハナコ"),
        ];
        post(&worker, &names, &fields).await.is(303);
        let shown = get(&worker, &page(person, "", key.room())).await;
        shown.is(200).shows("髙橋 花子").hides("匿名(");
        Ok(())
    });
}

#[test]
fn without_a_key_there_is_no_such_person() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let other = town
            .staff("包括 次郎", Role::Worker, town.other_desk)
            .await?;
        let admin = town.staff("管理 三郎", Role::Admin, town.desk).await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        for rest in [
            "",
            "/edit",
            "/names",
            "/addresses",
            "/consents",
            "/protection",
            "/merge",
            "/reveal",
        ] {
            for stranger in [&other, &admin] {
                let answer = get(stranger, &format!("/people/{person}{rest}")).await;
                answer.is(404).hides("花子").hides("東町");
            }
        }
        for bad in [
            "/people/not-an-id",
            "/people/not-an-id/edit",
            "/people/households/1",
        ] {
            get(&worker, bad).await.is(404);
        }
        // The room of somebody else's record opens nothing about this person.
        let theirs = case(&other).await?;
        get(&worker, &page(person, "", theirs.room())).await.is(404);
        Ok(())
    });
}

#[test]
fn the_page_finds_a_room_that_the_actor_may_open() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        let shown = get(&worker, &format!("/people/{person}")).await;
        shown
            .is(200)
            .shows("例示 花子")
            .shows("東町1-2-3")
            .shows("00-1234-5678");
        Ok(())
    });
}
