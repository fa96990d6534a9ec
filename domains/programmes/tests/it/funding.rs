//! 財源 and 実施主体 out of the ledger and the contracts: offered beside the field, copied on demand.

use engawa_funding::{
    contract::{Contract, Party},
    model::{Scheme, State},
    store::{activity, contract},
};
use engawa_kernel::{testing::on_both, text::fiscal::FiscalYear};

use crate::browser::{OWN, browser, people, taken};

#[test]
fn the_planner_copies_the_words_of_the_ledger_and_loses_nothing() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let c = browser(&coordinator);
        let made = c
            .post("/programmes/new", &[("year", "2026"), ("how", "empty")])
            .await;
        let sheet = made.saved();
        let edit = format!("{sheet}/edit/3");
        c.get(&edit).await.is(200).lacks("台帳では");
        let mut tx = coordinator.write().await?;
        engawa_funding::from_sheet(
            &mut tx,
            &coordinator,
            Scheme::Community,
            "赤い羽根共同募金",
            "",
        )
        .await?;
        let bodies = engawa_organisations::bodies(&mut tx, &coordinator).await?;
        let new = Contract {
            name: "直営".into(),
            mode: "direct".into(),
            schemes: vec![Scheme::Community],
            part: String::new(),
            commissioner: String::new(),
            from: FiscalYear::try_from(2026).unwrap().first_day(),
            to: None,
            follows: None,
            parties: vec![Party {
                body: bodies[0].0,
                share: String::new(),
            }],
            costs: Vec::new(),
            note: String::new(),
        };
        contract::save(&mut tx, &coordinator, None, &new).await?;
        tx.commit().await?;
        let page = c.get(&edit).await;
        page.is(200)
            .has("財源の台帳では")
            .has("赤い羽根共同募金（検討中）")
            .has("縁側市（直営）");
        // Copying saves nothing and keeps what was typed beside it.
        let typed = [
            ("version", page.hidden("version")),
            ("state", "marked".into()),
            (
                "community_strengthening.name.text",
                "書きかけの事業名".into(),
            ),
            ("community_strengthening.a.funding.text", "古い文".into()),
        ];
        let mut typed: Vec<(&str, &str)> = typed.iter().map(|(a, b)| (*a, b.as_str())).collect();
        typed.push(("copy", "community_strengthening.a.funding"));
        let copied = c.post(&edit, &typed).await;
        copied
            .is(200)
            .has("書きかけの事業名")
            .has("赤い羽根共同募金（検討中）")
            .lacks("古い文");
        c.get(&sheet).await.lacks("赤い羽根共同募金");
        // The draft has it too.
        c.get(&edit).await.has("書きかけの事業名").lacks("古い文");
        typed.retain(|(name, _)| *name != "copy" && !name.ends_with("funding.text"));
        typed.push((
            "community_strengthening.a.funding.text",
            "赤い羽根共同募金（検討中）",
        ));
        c.post(&edit, &typed).await.saved();
        c.get(&sheet)
            .await
            .has("赤い羽根共同募金（検討中）")
            .has("書きかけの事業名");
        // What stands in the field already is not offered again.
        c.get(&edit)
            .await
            .lacks("財源の台帳では")
            .has("契約の台帳では");
        browser(&worker).get(&edit).await.is(403);
        Ok(())
    });
}

#[test]
fn a_fund_that_a_planner_takes_is_a_source_under_consideration() {
    on_both(|town| async move {
        let (_, coordinator, _) = people(&town).await?;
        let c = browser(&coordinator);
        taken(&c, OWN, "own", "2026", &[("setup", "1")]).await;
        let page = c.get("/programmes/setup?kind=fund").await;
        page.is(200).has("「検討中」の財源として入ります");
        let text = page.text();
        let at = text
            .split("action=\"")
            .filter_map(|rest| rest.split('"').next())
            .find(|path| path.starts_with("/programmes/setup/"))
            .unwrap()
            .to_owned();
        let take = [
            ("do", "take"),
            ("version", "1"),
            ("name", "赤い羽根共同募金\n社協会費"),
        ];
        c.post(&at, &take).await.saved();
        let of = FiscalYear::of(coordinator.today());
        let years = activity::of_year(&mut coordinator.read().await?, &coordinator, of).await?;
        let found: Vec<_> = years
            .iter()
            .flat_map(|y| &y.sources)
            .map(|s| (s.it.name.as_str(), s.it.state, s.it.amount))
            .collect();
        assert_eq!(
            found,
            [
                ("赤い羽根共同募金", State::Considering, None),
                ("社協会費", State::Considering, None)
            ]
        );
        Ok(())
    });
}
