//! What the one search box finds of a person.

use engawa_kernel::{
    access::Role,
    context::Ctx,
    error::Result,
    search::{self, DocKind},
    testing::on_both,
};

use crate::scene::{case, create, get, hanako, named, page, post, protect};

async fn kinds(ctx: &Ctx, query: &str) -> Result<Vec<DocKind>> {
    Ok(search::find(ctx, query, 20)
        .await?
        .into_iter()
        .map(|h| h.kind)
        .collect())
}

#[test]
fn names_old_names_and_phones_find_a_person_and_only_with_a_key() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let other = town
            .staff("包括 次郎", Role::Worker, town.other_desk)
            .await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        let names = page(person, "/names", key.room());
        let version = get(&worker, &names).await.field("version");
        let fields = [
            ("version", version.as_str()),
            ("name[0].kind", "registered"),
            ("name[0].text", "髙橋 花子"),
            ("name[0].kana", "タカハシ ハナコ"),
        ];
        post(&worker, &names, &fields).await.is(303);
        for query in ["ﾀｶﾊｼ", "高橋花子", "例示", "1234-5678"] {
            assert!(!kinds(&worker, query).await?.is_empty(), "{query}");
            assert!(kinds(&other, query).await?.is_empty(), "{query}");
        }
        Ok(())
    });
}

#[test]
fn a_number_leaves_the_index_with_the_flag_that_hides_it() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        assert_eq!(kinds(&worker, "12345678").await?, [DocKind::Phone]);
        protect(&worker, &key, person).await;
        assert!(kinds(&worker, "12345678").await?.is_empty());
        assert!(!kinds(&worker, "例示 花子").await?.is_empty());
        // A number written down later is not found either, nor one of a merged record.
        let edit = page(person, "/edit", key.room());
        let version = get(&worker, &edit).await.field("version");
        let fields = [("version", version.as_str()), ("phones", "00-9999-8888")];
        post(&worker, &edit, &fields).await.is(303);
        assert!(kinds(&worker, "99998888").await?.is_empty());
        let second = case(&worker).await?;
        let twin = engawa_people::NewPerson {
            phones: vec!["00-7777-6666".into()],
            ..named("例示 花子", "")
        };
        let twin = create(&worker, &second, twin).await?;
        assert_eq!(kinds(&worker, "77776666").await?, [DocKind::Phone]);
        let other = twin.to_string();
        let fields = [("with", other.as_str()), ("reason", "本人に確認した")];
        post(&worker, &page(person, "/merge", key.room()), &fields)
            .await
            .is(303);
        assert!(kinds(&worker, "77776666").await?.is_empty());
        Ok(())
    });
}
