//! Duplicates before saving, and "someone is already supporting".

use engawa_kernel::{access::Role, testing::on_both, text::birth::BirthDate};
use engawa_people::{NewPerson, Probe, candidates, existence_hint};

use crate::scene::{case, create, hanako, named, protect};

fn probe(name: &str, kana: &str) -> Probe {
    Probe {
        name: name.into(),
        kana: kana.into(),
        ..Probe::default()
    }
}

#[test]
fn the_same_person_is_found_by_kana_variants_birth_and_phone() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let birth = BirthDate::parse("S25.3.4", worker.today()).unwrap();
        let new = NewPerson {
            birth,
            phones: vec!["00-1111-2222".into()],
            ..named("髙橋 渡邉子", "タカハシ ナベコ")
        };
        let person = create(&worker, &key, new).await?;
        let mut conn = worker.read().await?;
        let by_phone = Probe {
            phones: vec!["００（１１１１）２２２２".into()],
            ..Probe::default()
        };
        for typed in [
            probe("高橋渡辺子", ""),
            probe("髙橋　渡邊子", ""),
            probe("", "ﾀｶﾊｼﾅﾍﾞｺ"),
            probe("たかはし なべこ", ""),
            by_phone,
        ] {
            let found = candidates(&mut conn, &worker, std::slice::from_ref(&typed)).await?;
            assert_eq!(found.first().map(|c| c.card.id), Some(person), "{typed:?}");
            assert_eq!(found[0].room, key.room());
            assert!(!found[0].reasons.is_empty());
        }
        let nobody = candidates(&mut conn, &worker, &[probe("架空 太郎", "")]).await?;
        assert!(nobody.is_empty());
        Ok(())
    });
}

#[test]
fn nobody_without_a_key_is_a_candidate_but_one_may_be_told_whom_to_ask() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let other = town
            .staff("包括 次郎", Role::Worker, town.other_desk)
            .await?;
        let clerk = town
            .staff("受付 三郎", Role::Clerk, town.other_desk)
            .await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        let typed = Probe {
            phones: vec!["00-1234-5678".into()],
            ..probe("例示花子", "")
        };
        let probes = [typed];
        let mut conn = other.read().await?;
        assert!(candidates(&mut conn, &other, &probes).await?.is_empty());
        let hints = existence_hint(&mut conn, &other, &probes).await?;
        assert_eq!(hints, ["くらし相談窓口 00-0000-0001"]);
        assert!(existence_hint(&mut conn, &clerk, &probes).await?.is_empty());
        assert!(
            existence_hint(&mut conn, &worker, &probes)
                .await?
                .is_empty()
        );
        // A name alone is no strong match: nobody can be looked up with it.
        assert!(
            existence_hint(&mut conn, &other, &[probe("例示花子", "")])
                .await?
                .is_empty()
        );
        drop(conn);
        // A protected person's phone answers nothing, and not even the desk is told.
        protect(&worker, &key, person).await;
        let mut conn = other.read().await?;
        assert!(existence_hint(&mut conn, &other, &probes).await?.is_empty());
        let by_phone = Probe {
            phones: vec!["00-1234-5678".into()],
            ..Probe::default()
        };
        assert!(
            candidates(&mut conn, &worker, &[by_phone])
                .await?
                .is_empty()
        );
        Ok(())
    });
}
