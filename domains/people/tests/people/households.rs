//! /people/households

use engawa_kernel::{
    access::{self, Act, Role, RoomKind},
    testing::on_both,
};
use engawa_people::{NewHousehold, NewMember, household_panel};

use crate::scene::{case, create, follow, get, hanako, named, page, post, protect};

#[test]
fn father_mother_son_and_a_daughter_who_moved_out() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let father = create(&worker, &key, named("見本 太郎", "ミホン タロウ"))
            .await?
            .to_string();
        let new = format!("/people/households/new?room={}", key.room());
        get(&worker, &new).await.is(200).shows("見本 太郎");
        let fields = [
            ("types", "p8050"),
            ("member[0].person", father.as_str()),
            ("member[0].relation", "self"),
            ("member[1].name", "見本 花子"),
            ("member[1].relation", "spouse"),
            ("member[2].relation", "son"),
            ("member[2].birth", "50代"),
            ("member[2].sex", "male"),
            ("member[5].name", "見本 桜"),
            ("member[5].relation", "daughter"),
            ("member[5].apart", "1"),
        ];
        let made = post(&worker, &new, &fields).await;
        made.is(303);
        let page = get(&worker, &made.location).await;
        page.is(200)
            .shows("見本 太郎さんの世帯")
            .shows("見本 花子")
            .shows("匿名(男性・50代推定)")
            .shows("見本 桜")
            .shows("8050");
        Ok(())
    });
}

#[test]
fn adding_the_first_row_needs_no_second_press_and_saving_leads_back_to_the_case() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let father = create(&worker, &key, named("見本 太郎", "")).await?;
        let new = NewHousehold {
            members: vec![NewMember {
                person: father,
                relation: "self".into(),
                co_resident: true,
                from: None,
            }],
            ..NewHousehold::default()
        };
        let mut tx = worker.write().await?;
        let household = engawa_people::create_household(&mut tx, &worker, &key, new).await?;
        tx.commit().await?;
        let path = format!("/people/households/{household}?room={}", key.room());
        let form = get(&worker, &path).await;
        form.is(200)
            .shows("<template data-row-model>")
            .shows("(本人)から見て")
            .shows("← ケース ");
        // Without scripts the server adds the row, and the page opens there.
        let version = form.field("version");
        let one_more = [("version", version.as_str()), ("add_row", "member")];
        let answer = post(&worker, &path, &one_more).await;
        answer.is(422).shows("autofocus").shows("member[0].name");
        let fields = [
            ("version", version.as_str()),
            ("member[0].name", "見本 花子"),
            ("member[0].relation", "spouse"),
        ];
        let saved = post(&worker, &path, &fields).await;
        saved.is(303);
        assert_eq!(saved.location, format!("/cases/{}", key.room()));
        assert!(saved.cookies.contains("engawa_saved=household"));
        let person = get(&worker, &path).await;
        person.shows("見本 花子").shows("期間・取り消し");
        Ok(())
    });
}

#[test]
fn somebody_who_gets_a_name_later_gives_it_to_the_household() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let caller = create(&worker, &key, engawa_people::NewPerson::default()).await?;
        let id = caller.to_string();
        let new = format!("/people/households/new?room={}", key.room());
        let made = post(&worker, &new, &[("member[0].person", &id)]).await;
        follow(&worker, &made)
            .await
            .is(200)
            .shows("世帯を保存しました。")
            .shows("匿名の方の世帯");
        get(&worker, &made.location)
            .await
            .hides("世帯を保存しました。");
        let names = page(caller, "/names", key.room());
        let version = get(&worker, &names).await.field("version");
        let fields = [("version", version.as_str()), ("name[0].text", "髙橋 和子")];
        let saved = post(&worker, &names, &fields).await;
        let shown = follow(&worker, &saved).await;
        shown
            .is(200)
            .shows("氏名を保存しました。ケースの名前は自動では変わりません。")
            .shows("聞き取り")
            .hides("通称");
        assert!(shown.cookies.contains("engawa_saved=; "), "told once");
        get(&worker, &made.location)
            .await
            .shows("髙橋 和子さんの世帯");
        Ok(())
    });
}

#[test]
fn ten_thousand_members_are_refused_in_words() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let new = format!("/people/households/new?room={}", key.room());
        let rows: Vec<(String, String)> = (0..60)
            .map(|i| (format!("member[{i}].name"), format!("架空 {i}")))
            .collect();
        let fields: Vec<(&str, &str)> =
            rows.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let answer = post(&worker, &new, &fields).await;
        answer.is(422).shows("一度に50人まで").shows("架空 59");
        let rows: Vec<(String, String)> = (0..10_000)
            .map(|i| (format!("member[{i}].name"), format!("架空 {i}")))
            .collect();
        let fields: Vec<(&str, &str)> =
            rows.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        post(&worker, &new, &fields)
            .await
            .is(422)
            .shows("10,000項目まで");
        Ok(())
    });
}

#[test]
fn a_household_is_not_seen_through_somebody_elses_room() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let other = town
            .staff("包括 次郎", Role::Worker, town.other_desk)
            .await?;
        let (mine, theirs) = (case(&worker).await?, case(&other).await?);
        let person = create(&worker, &mine, hanako()).await?;
        let stranger = create(&other, &theirs, named("架空 次郎", "カクウ ジロウ")).await?;
        let new = NewHousehold {
            members: vec![NewMember {
                person,
                relation: "self".into(),
                co_resident: true,
                from: None,
            }],
            ..NewHousehold::default()
        };
        let mut tx = worker.write().await?;
        let household =
            engawa_people::create_household(&mut tx, &worker, &mine, new.clone()).await?;
        tx.commit().await?;
        let path = format!("/people/households/{household}");
        get(&worker, &path).await.is(200);
        get(&other, &path).await.is(404);
        get(&other, &format!("{path}?room={}", theirs.room()))
            .await
            .is(404);
        // Nor does a household bring in somebody whom the actor may not know.
        let mut tx = worker.write().await?;
        let mut pulled = new;
        pulled.members[0].person = stranger;
        assert!(
            engawa_people::create_household(&mut tx, &worker, &mine, pulled)
                .await
                .is_err()
        );
        Ok(())
    });
}

#[test]
fn a_protected_daughter_who_left_is_not_in_the_others_panel() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let father = create(&worker, &key, named("見本 太郎", "ミホン タロウ")).await?;
        let daughter = create(&worker, &key, named("見本 桜", "ミホン サクラ")).await?;
        let member = |person, relation: &str| NewMember {
            person,
            relation: relation.into(),
            co_resident: true,
            from: None,
        };
        let mut tx = worker.write().await?;
        let new = NewHousehold {
            members: vec![member(father, "self"), member(daughter, "daughter")],
            ..NewHousehold::default()
        };
        let household = engawa_people::create_household(&mut tx, &worker, &key, new).await?;
        tx.commit().await?;
        protect(&worker, &key, daughter).await;
        let choice = format!("household[{household}]");
        let fields = [
            ("on", "R8.11.1"),
            ("kind", "temporary"),
            ("text", "遠町のシェルター"),
            (choice.as_str(), "leave"),
        ];
        post(&worker, &page(daughter, "/move", key.room()), &fields)
            .await
            .is(303);
        let mut conn = worker.read().await?;
        let panel = household_panel(&mut conn, &worker, &key, household)
            .await?
            .into_string();
        assert!(panel.contains("見本 太郎") && !panel.contains("見本 桜"));
        // Her own room shows her own household.
        let own = case(&worker).await?;
        let mut tx = worker.write().await?;
        engawa_people::add_to_room(&mut tx, &worker, &own, daughter).await?;
        engawa_people::link_household(&mut tx, &own, household).await?;
        tx.commit().await?;
        let panel = household_panel(&mut conn, &worker, &own, household)
            .await?
            .into_string();
        assert!(panel.contains("見本 桜") && !panel.contains("遠町"));
        let key = access::open(&worker, own.room(), RoomKind::Case, Act::Read, "test").await?;
        assert_eq!(key.room(), own.room());
        Ok(())
    });
}
