//! Files that show how a goal's year went.

use engawa_kernel::testing::on_both;

use crate::browser::{FIGURE, browser, people};

#[test]
fn evidence_stands_with_its_year_and_outside_the_planners_only_what_may_be_published() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        let goal = [
            ("year", "2025"),
            ("field", "community_strengthening.a.goal"),
            ("text", "住民が自分たちで話し合えるようになる"),
        ];
        c.post("/programmes/goals/new", &goal).await.saved();
        let list = "/programmes/goals?year=2026";
        let look = c
            .get(list)
            .await
            .links("/programmes/goals/")
            .into_iter()
            .find(|l| l.ends_with("/years/2026"))
            .unwrap();
        let at = format!("{look}/files");
        w.get(&at).await.is(403);
        let words = |caption, publish| {
            [
                ("caption", caption),
                ("class", "evidence"),
                ("publish", publish),
            ]
        };
        c.upload(&at, &words("座談会の写真", "yes"), ("写真.png", FIGURE))
            .await
            .saved();
        c.upload(&at, &words("参加者の声", "no"), ("声.txt", b"voices"))
            .await
            .saved();
        c.upload(&at, &words("絵", "yes"), ("絵.gif", b"GIF89a"))
            .await
            .is(422);
        c.get(&look).await.has("座談会の写真").has("参加者の声");
        w.get(list).await.has("座談会の写真").lacks("参加者の声");
        c.get("/programmes/goals?year=2025")
            .await
            .lacks("座談会の写真");
        let files = c.get(&look).await.links("/files/");
        w.get(&files[0]).await.is(200);
        w.get(&files[1]).await.is(404);
        // Not by way of another year.
        let id = files[0].rsplit('/').next().unwrap();
        c.get(&format!("{at}/{id}")).await.is(200);
        let other = at.replace("2026", "2025");
        c.get(&format!("{other}/{id}")).await.is(404);
        let api = format!("/api/v1{}/files", at.split("/years").next().unwrap());
        c.get(&api)
            .await
            .is(200)
            .has("座談会の写真")
            .has("\"year\":\"2026\"");
        c.post(&format!("{at}/{id}/remove"), &[("version", "1")])
            .await
            .saved();
        w.get(list).await.lacks("座談会の写真");
        Ok(())
    });
}
