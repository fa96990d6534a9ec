//! /people/{id}/edit

use engawa_kernel::{access::Role, db::sql, testing::on_both};

use crate::scene::{case, create, get, hanako, page, post, protect};

#[test]
fn two_people_save_one_record_and_the_second_chooses() {
    on_both(|town| async move {
        let one = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let two = town.staff("相談 二郎", Role::Worker, town.desk).await?;
        let key = case(&one).await?;
        let person = create(&one, &key, hanako()).await?;
        let path = page(person, "/edit", key.room());
        let version = get(&one, &path).await.field("version");
        let save = |notes: &'static str, version: String| {
            [
                ("version", version),
                ("sex", "female".into()),
                ("notes", notes.to_owned()),
            ]
        };
        let first = save("午前は留守", version.clone());
        let first: Vec<(&str, &str)> = first.iter().map(|(a, b)| (*a, b.as_str())).collect();
        post(&one, &path, &first).await.is(303);
        let second = save("電話は夜に", version);
        let second: Vec<(&str, &str)> = second.iter().map(|(a, b)| (*a, b.as_str())).collect();
        let both = post(&two, &path, &second).await;
        both.is(409)
            .shows("午前は留守")
            .shows("電話は夜に")
            .shows("相談 一郎");
        let newer = both.field("version");
        let choice = [
            ("version", newer.as_str()),
            ("sex", "female"),
            ("resolve.notes", "edit"),
            ("mine.notes", "電話は夜に"),
            ("theirs.notes", "午前は留守"),
            ("notes", "午前は留守。電話は夜に"),
        ];
        post(&two, &path, &choice).await.is(303);
        let shown = get(&one, &page(person, "", key.room())).await;
        shown.shows("午前は留守。電話は夜に");
        // What each save replaced is kept.
        let n = one
            .read()
            .await?
            .count(
                sql("select count(*) as n from people_revision where person_id = :p")
                    .bind("p", person),
            )
            .await?;
        assert_eq!(n, 2);
        Ok(())
    });
}

#[test]
fn a_my_number_is_refused_and_nothing_typed_is_lost() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        let path = page(person, "/edit", key.room());
        let version = get(&worker, &path).await.field("version");
        let fields = [
            ("version", version.as_str()),
            ("resident_number", "1234 5678 9018"),
            ("notes", "手すりが必要"),
        ];
        let answer = post(&worker, &path, &fields).await;
        answer.is(422).shows("個人番号").shows("手すりが必要");
        let fields = [
            ("version", version.as_str()),
            ("resident_number", "0000123456"),
        ];
        post(&worker, &path, &fields).await.is(303);
        Ok(())
    });
}

#[test]
fn of_a_protected_person_the_form_shows_nothing_and_an_empty_field_changes_nothing() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        let path = page(person, "/edit", key.room());
        let version = get(&worker, &path).await.field("version");
        let fields = [
            ("version", version.as_str()),
            ("phones", "00-1234-5678"),
            ("school", "架空中学校"),
        ];
        post(&worker, &path, &fields).await.is(303);
        protect(&worker, &key, person).await;
        let form = get(&worker, &path).await;
        form.is(200).hides("架空中学校").hides("1234");
        let version = form.field("version");
        let stale = [("version", "1"), ("notes", "別の人の入力")];
        post(&worker, &path, &stale)
            .await
            .is(409)
            .hides("架空中学校")
            .hides("1234");
        let fields = [("version", version.as_str()), ("notes", "めも")];
        post(&worker, &path, &fields).await.is(303);
        let row = worker
            .read()
            .await?
            .one(sql("select school, (select text from people_phone f where f.person_id = p.id) as phone from people_person p where id = :p").bind("p", person))
            .await?;
        assert_eq!(row.get::<String>("school")?, "架空中学校");
        assert_eq!(row.get::<String>("phone")?, "00-1234-5678");
        Ok(())
    });
}

#[test]
fn a_long_paste_and_impossible_dates_are_told_beside_their_fields() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        let path = page(person, "/edit", key.room());
        let long = "長".repeat(5_000);
        let fields = [
            ("version", "1"),
            ("notes", long.as_str()),
            ("birth", "S25.2.31"),
            ("sex", "no-such"),
        ];
        let answer = post(&worker, &path, &fields).await;
        answer
            .is(422)
            .shows("4,000文字まで")
            .shows("S25.2.31")
            .shows("3か所");
        Ok(())
    });
}
