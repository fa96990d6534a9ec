//! The five incidents of domain.md §1.5, each as the test that would have stopped it, and what
//! follows from them.

use engawa_kernel::{
    access::{Act, Role, RoomKind, open},
    db::sql,
    testing::on_both,
};
use engawa_people::{NewHousehold, NewMember, NewProtection, ProtectionKind, apply_protection};

use crate::scene::{case, create, flagged, get, hanako, named, page, post, protect, room_at};

/// Everything that tells where 例示 花子 is.
const SECRETS: [&str; 7] = [
    "東町1-2-3",
    "1234-5678",
    "架空中学校",
    "架空商店",
    "架空病院",
    "遠町相談所",
    "0012345678",
];

async fn fill_in(worker: &engawa_kernel::context::Ctx, path: &str) {
    let version = get(worker, path).await.field("version");
    let fields = [
        ("version", version.as_str()),
        ("phones", "00-1234-5678"),
        ("school", "架空中学校"),
        ("workplace", "架空商店"),
        ("hospital", "架空病院"),
        ("desk_in_charge", "遠町相談所"),
    ];
    post(worker, path, &fields).await.is(303);
}

/// 枚方市 2019: only the register was flagged; another system showed the new address.
#[test]
fn hirakata_2019_one_flag_is_enforced_in_every_path_of_reading() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        fill_in(&worker, &page(person, "/edit", key.room())).await;
        let mut tx = worker.write().await?;
        let new = NewHousehold {
            members: vec![NewMember {
                person,
                relation: "self".into(),
                co_resident: true,
                from: None,
            }],
            ..NewHousehold::default()
        };
        let household = engawa_people::create_household(&mut tx, &worker, &key, new).await?;
        tx.commit().await?;
        let pages = [
            page(person, "", key.room()),
            page(person, "/edit", key.room()),
            page(person, "/names", key.room()),
            page(person, "/addresses", key.room()),
            page(person, "/move", key.room()),
            page(person, "/relationships", key.room()),
            page(person, "/consents", key.room()),
            page(person, "/consents/new", key.room()),
            page(person, "/protection", key.room()),
            page(person, "/merge", key.room()),
            page(person, "/unmerge", key.room()),
            format!("/people/households/{household}?room={}", key.room()),
            format!("/people/households/new?room={}", key.room()),
            format!("/api/v1/people/{person}?room={}", key.room()),
            format!("/api/v1/households/{household}?room={}", key.room()),
        ];
        get(&worker, &pages[0])
            .await
            .is(200)
            .shows("東町1-2-3")
            .shows("遠町相談所");
        protect(&worker, &key, person).await;
        for path in &pages {
            let answer = get(&worker, path).await;
            answer.is(200);
            for secret in SECRETS {
                answer.hides(secret);
            }
        }
        // Cards, as lists, prints and exports of other domains get them.
        let mut conn = worker.read().await?;
        let cards = engawa_people::of_room(&mut conn, &worker, &key).await?;
        let printed = format!("{cards:?}{}", serde_json::to_string(&cards).unwrap());
        let panel = engawa_people::household_panel(&mut conn, &worker, &key, household).await?;
        // What is written down beside the record: log, tasks, notices, events, drafts.
        let mut kept = String::new();
        for text in [
            "select detail as t from audit_entry",
            "select title as t from task",
            "select detail as t from notice",
            "select data as t from event",
        ] {
            for row in conn.rows(sql(text)).await? {
                kept.push_str(&row.get::<String>("t")?);
            }
        }
        for secret in SECRETS {
            assert!(
                !printed.contains(secret) && !panel.0.contains(secret) && !kept.contains(secret),
                "{secret}"
            );
        }
        Ok(())
    });
}

/// A form saved as a draft before the application still holds what was open then.
#[test]
fn a_draft_from_before_the_protection_shows_no_place() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        let path = page(person, "/edit", key.room());
        fill_in(&worker, &path).await;
        let version = get(&worker, &path).await.field("version");
        let draft = format!("people/{person}/edit");
        let typed = [
            ("draft_key", draft.as_str()),
            ("version", version.as_str()),
            ("label", "花子さん"),
            ("sex", "nonsense"),
            ("phones", "00-1234-5678"),
            ("school", "架空中学校"),
            ("workplace", "新しい勤め先"),
            ("hospital", "架空病院"),
            ("desk_in_charge", "遠町相談所"),
        ];
        post(&worker, &path, &typed).await.is(422);
        protect(&worker, &key, person).await;
        let form = get(&worker, &path).await;
        form.is(200).shows("花子さん").shows("新しい勤め先");
        for secret in SECRETS {
            form.hides(secret);
        }
        Ok(())
    });
}

/// 総務省 2019-06-27: other departments were not told, one leaked the address.
#[test]
fn soumusho_2019_every_department_is_held_by_the_same_flag() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let other = town
            .staff("包括 次郎", Role::Worker, town.other_desk)
            .await?;
        let chief = town
            .staff("係長 花子", Role::Supervisor, town.other_desk)
            .await?;
        let (mine, theirs) = (
            case(&worker).await?,
            room_at(&worker, town.other_desk).await?,
        );
        let person = create(&worker, &mine, hanako()).await?;
        let mut tx = worker.write().await?;
        engawa_people::add_to_room(&mut tx, &worker, &theirs, person).await?;
        tx.commit().await?;
        get(&other, &page(person, "", theirs.room()))
            .await
            .is(200)
            .shows("東町1-2-3");
        // Set in one department's room, it holds in the other's at once, for its chief too.
        protect(&worker, &mine, person).await;
        for actor in [&other, &chief] {
            get(actor, &page(person, "", theirs.room()))
                .await
                .is(200)
                .hides("東町1-2-3")
                .hides("1234");
        }
        Ok(())
    });
}

/// 南部町 2024: the application was accepted and the flag simply not set.
#[test]
fn nanbu_2024_the_flag_is_set_in_the_same_transaction_as_the_application() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        let new = NewProtection {
            kind: ProtectionKind::Dv,
            starts_on: worker.today(),
            ends_on: worker.today(),
            hidden_from: vec![],
            document: String::new(),
            notes: String::new(),
        };
        let applications = || async {
            worker
                .read()
                .await?
                .count(
                    sql("select count(*) as n from people_protection where person_id = :p")
                        .bind("p", person),
                )
                .await
        };
        // Neither without the other: an undone application leaves no flag, a kept one always does.
        let mut tx = worker.write().await?;
        apply_protection(&mut tx, &worker, &key, person, &new).await?;
        drop(tx);
        assert_eq!(
            (applications().await?, flagged(&worker, person).await?),
            (0, false)
        );
        let mut tx = worker.write().await?;
        apply_protection(&mut tx, &worker, &key, person, &new).await?;
        tx.commit().await?;
        assert_eq!(
            (applications().await?, flagged(&worker, person).await?),
            (1, true)
        );
        Ok(())
    });
}

/// 目黒区 2025: a list exported earlier lifted protection that had been applied for again.
#[test]
fn meguro_2025_a_stale_list_cannot_lift_and_the_new_application_wins() {
    on_both(|town| async move {
        let one = town.staff("係長 一郎", Role::Supervisor, town.desk).await?;
        let two = town
            .staff("推進 二郎", Role::Coordinator, town.desk)
            .await?;
        let key = case(&one).await?;
        let person = create(&one, &key, hanako()).await?;
        protect(&one, &key, person).await;
        let at = page(person, "/protection", key.room());
        let list = get(&one, "/people/protections.csv").await;
        list.is(200)
            .shows("限り有効")
            .shows("例示 花子")
            .hides("東町");
        let shown = get(&one, &at).await;
        let (old, seen) = (shown.field("protection"), shown.field("seen_at"));
        let ask = |protection: String, seen_at: String| {
            [
                ("protection", protection),
                ("seen_at", seen_at),
                ("reason", "措置の終了".to_owned()),
                ("checked", "市民課に電話で確認した".to_owned()),
            ]
        };
        let lift = page(person, "/protection/lift", key.room());
        // She applies again after the list was made.
        protect(&one, &key, person).await;
        let fields = ask(old.clone(), seen.clone());
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
        post(&one, &lift, &fields).await.is(422).shows("再申出");
        // The list of yesterday does not lift either, nor one that does not say when it was made.
        let now = get(&one, &at).await.field("protection");
        for made in ["2026-11-20T01:00:00Z", "", "2026-11-22T01:00:00Z"] {
            let fields = ask(now.clone(), made.to_owned());
            let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
            post(&one, &lift, &fields)
                .await
                .is(422)
                .shows("作成日かぎり");
        }
        // And an application between request and confirmation ends the request.
        let fields = ask(now, seen);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
        post(&one, &lift, &fields).await.is(303);
        let waiting = get(&two, &at).await;
        let from = waiting.text.find("/protection/lift/").unwrap() + "/protection/lift/".len();
        let id = waiting.text[from..].split('?').next().unwrap().to_owned();
        protect(&two, &key, person).await;
        let confirm = page(person, &format!("/protection/lift/{id}"), key.room());
        let sure = [("checked", "市民課に電話で確認した"), ("sure", "1")];
        post(&two, &confirm, &sure)
            .await
            .is(422)
            .shows("秘匿は続いています");
        assert!(flagged(&one, person).await?);
        get(&one, &page(person, "", key.room())).await.hides("東町");
        Ok(())
    });
}

/// 大東市 2025: a separate path (戸籍の附票) had a step of its own, and it was forgotten.
#[test]
fn daito_2025_every_separate_path_withholds_without_a_step_of_its_own() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let (first, second) = (case(&worker).await?, case(&worker).await?);
        let person = create(&worker, &first, hanako()).await?;
        let twin = create(&worker, &second, named("例示 はなこ", "レイジ ハナコ")).await?;
        protect(&worker, &first, person).await;
        // A path made afterwards: another room, a merged record, a new address, a new phone.
        let mut tx = worker.write().await?;
        engawa_people::add_to_room(&mut tx, &worker, &second, person).await?;
        tx.commit().await?;
        get(&worker, &page(person, "", second.room()))
            .await
            .is(200)
            .hides("東町");
        let fields = [("kind", "temporary"), ("text", "遠町のシェルター")];
        let answer = post(&worker, &page(person, "/addresses", second.room()), &fields).await;
        answer.is(303);
        get(&worker, &answer.location).await.hides("遠町");
        let other = person.to_string();
        let fields = [("with", other.as_str()), ("reason", "同じ生年月日")];
        post(&worker, &page(twin, "/merge", second.room()), &fields)
            .await
            .is(303);
        assert!(flagged(&worker, twin).await?);
        for (who, room) in [(twin, &second), (person, &first), (person, &second)] {
            get(&worker, &page(who, "", room.room()))
                .await
                .is(200)
                .hides("東町")
                .hides("遠町");
        }
        let key = open(&worker, first.room(), RoomKind::Case, Act::Export, "test").await?;
        let cards = engawa_people::of_room(&mut worker.read().await?, &worker, &key).await?;
        assert!(
            cards
                .iter()
                .all(|c| c.address.is_withheld() && c.phones.is_withheld())
        );
        Ok(())
    });
}
