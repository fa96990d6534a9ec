//! FND-07: what contracts and subsidies say.

use engawa_funding::model::Scheme;
use engawa_kernel::{access::Role, testing::on_both, text::fiscal::FiscalYear};

use crate::browser::{browser, contractor, people};

/// 仙台市: CSW配置事業; 千葉市: CSW 6区各1名; 石巻市: 補助1・補助外1
#[test]
fn a_subsidy_shows_each_post_with_its_ward_and_what_is_subsidised() {
    on_both(|town| async move {
        let (admin, coordinator, _) = people(&town).await?;
        let (body, _) = contractor(&town, &admin, "見本市社会福祉協議会", Role::Worker).await?;
        let c = browser(&coordinator);
        let body = body.to_string();
        let wards = ["中央区", "花見区", "稲区", "若区", "緑区", "浜区"];
        let mut fields: Vec<(String, String)> = [
            ("name", "CSW配置事業 補助金"),
            ("mode", "subsidised"),
            ("scheme", "community"),
            ("from", "R8.4.1"),
            ("to", "R9.3.31"),
            ("body[0].body", &body),
            ("body[0].share", ""),
            // A row in which nothing stands is none.
            ("body[3].body", ""),
        ]
        .iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
        .collect();
        for (n, ward) in wards.iter().enumerate() {
            let mut put = |name: &str, value: &str| {
                fields.push((format!("cost[{n}].{name}"), value.to_owned()))
            };
            put("kind", "wages");
            put("what", &format!("CSW（{ward}）"));
            put("subsidised", if n == 5 { "no" } else { "yes" });
            put("amount", if n == 4 { "" } else { "4,000,000" });
        }
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        let at = c.post("/funding/contracts/new", &fields).await.saved();
        let page = c.get(&at).await;
        page.is(200)
            .has("補助")
            .has("補助対象外")
            .has("20,000,000円、ほかに未定1件");
        for ward in wards {
            page.has(&format!("CSW（{ward}）"));
        }
        // The words for ① say 補助, not 委託.
        let words = engawa_funding::implementer_words(
            &mut coordinator.read().await?,
            &coordinator,
            Scheme::Community,
            FiscalYear::try_from(2026).unwrap(),
        )
        .await?;
        assert_eq!(words, "縁側市（補助: 見本市社会福祉協議会）");
        // What comes back in the form is what was saved; the second of two savers sees both.
        let edit = format!("{at}/edit");
        c.get(&edit)
            .await
            .is(200)
            .has("CSW（浜区）")
            .has("見本市社会福祉協議会");
        let mut changed = fields.clone();
        changed.retain(|(name, _)| *name != "cost[0].what");
        changed.extend([("cost[0].what", "CSW（中央区・西）"), ("version", "1")]);
        c.post(&edit, &changed).await.saved();
        c.post(&edit, &[&fields[..], &[("version", "1")]].concat())
            .await
            .is(409)
            .has("だれの・何の経費か（1）")
            .has("CSW（中央区・西）")
            .has("CSW（中央区）");
        Ok(())
    });
}

/// 那珂市: コミュニティソーシャルワーク事業
#[test]
fn an_own_project_goes_on_when_it_becomes_a_contract() {
    on_both(|town| async move {
        let (admin, coordinator, _) = people(&town).await?;
        let (body, worker) = contractor(&town, &admin, "見本社協", Role::Worker).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        let body = body.to_string();
        let own = c
            .post(
                "/funding/contracts/new",
                &[
                    ("name", "CSW事業（社協の自主事業）"),
                    ("mode", "none"),
                    ("scheme", "other"),
                    ("from", "R6.4.1"),
                    ("to", "R8.3.31"),
                    ("body[0].body", &body),
                ],
            )
            .await
            .saved();
        let before = own.rsplit('/').next().unwrap();
        let new = [
            ("name", "CSW事業 業務委託"),
            ("mode", "commissioned"),
            ("scheme", "community"),
            ("scheme", "multi_agency"),
            ("from", "R8.4.1"),
            ("follows", before),
            ("body[0].body", body.as_str()),
        ];
        let at = c.post("/funding/contracts/new", &new).await.saved();
        w.get(&at)
            .await
            .is(200)
            .has("CSW事業（社協の自主事業）")
            .has("地域力強化推進事業、多機関の協働による包括的支援体制構築事業");
        // Each in its year, both on the body's page.
        c.get("/funding/contracts?year=2025")
            .await
            .has("自主事業")
            .lacks("業務委託");
        c.get("/funding/contracts?year=2026")
            .await
            .has("業務委託")
            .lacks("自主事業）");
        w.get(&format!("/funding/bodies/{body}"))
            .await
            .has("自主事業")
            .has("業務委託");
        // Nothing follows itself, no contract ends before it begins, no body stands twice.
        let same = at.rsplit('/').next().unwrap();
        let edit = format!("{at}/edit");
        let mut wrong = new.to_vec();
        wrong[5] = ("follows", same);
        c.post(&edit, &[&wrong[..], &[("version", "1")]].concat())
            .await
            .is(422);
        c.post(
            &edit,
            &[&new[..], &[("version", "1"), ("to", "R7.4.1")]].concat(),
        )
        .await
        .is(422)
        .has("より前です");
        c.post(
            &edit,
            &[
                &new[..],
                &[("version", "1"), ("body[1].body", body.as_str())],
            ]
            .concat(),
        )
        .await
        .is(422)
        .has("同じ機関が2回");
        Ok(())
    });
}

#[test]
fn a_row_is_added_without_scripts_and_nothing_is_saved() {
    on_both(|town| async move {
        let (_, coordinator, _) = people(&town).await?;
        let c = browser(&coordinator);
        let page = c
            .post(
                "/funding/contracts/new",
                &[
                    ("name", "書きかけ"),
                    ("cost[0].what", "CSW"),
                    ("add_row", "cost"),
                ],
            )
            .await;
        page.is(200)
            .has("書きかけ")
            .has("cost[1].what")
            .has("body[0].body");
        c.get("/funding/contracts").await.lacks("書きかけ");
        c.post("/funding/contracts/new", &[])
            .await
            .is(422)
            .has("「契約・補助の名前」を入力してください")
            .has("「始まりの日」を入力してください");
        Ok(())
    });
}
