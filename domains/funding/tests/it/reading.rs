//! Who reads which contract: nobody sees the amounts of another contractor.

use engawa_kernel::{access::Role, testing::on_both};

use crate::browser::{browser, contractor, people};

#[test]
fn a_contractor_reads_and_reports_its_own_contracts_and_nothing_of_another() {
    on_both(|town| async move {
        let (admin, coordinator, worker) = people(&town).await?;
        let (one, mine) = contractor(&town, &admin, "見本社協", Role::Supervisor).await?;
        let (two, theirs) = contractor(&town, &admin, "よその法人", Role::Worker).await?;
        let (_, slips) = contractor(&town, &admin, "見本社協", Role::Entry).await?;
        let c = browser(&coordinator);
        let (m, t) = (browser(&mine), browser(&theirs));
        let (w, e) = (browser(&worker), browser(&slips));
        let (one, two) = (one.to_string(), two.to_string());
        let fields = |name: &'static str| {
            vec![
                ("name", name),
                ("mode", "commissioned"),
                ("scheme", "community"),
                ("from", "R8.4.1"),
                ("cost[0].kind", "wages"),
                ("cost[0].amount", "7654321"),
            ]
        };
        let mut own = fields("見本社協への委託");
        own.push(("body[0].body", &one));
        let own = c.post("/funding/contracts/new", &own).await.saved();
        let mut joint = fields("二者への委託");
        joint.extend([
            ("body[0].body", one.as_str()),
            ("body[1].body", two.as_str()),
            ("body[1].share", "西地区"),
        ]);
        c.post("/funding/contracts/new", &joint).await.saved();
        c.post(&format!("{own}/deliverables/new"), &[("name", "名簿")])
            .await
            .saved();
        let page = m.get(&own).await;
        page.is(200)
            .has("7,654,321円")
            .lacks("契約・補助を直す")
            .lacks("成果物を書く")
            .lacks("請求を書く");
        let report = crate::browser::link(&page, "：名簿");
        let deliverable = report.trim_end_matches("/report").to_owned();
        m.get("/funding/contracts")
            .await
            .has("見本社協への委託")
            .has("二者への委託");
        for (who, name) in [
            (&t, "another contractor"),
            (&w, "a worker of the municipality"),
            (&e, "who hands slips in"),
        ] {
            for path in [
                own.clone(),
                format!("{own}/report.pdf"),
                format!("{own}/report.xlsx"),
                report.clone(),
                format!("/api/v1{own}"),
            ] {
                assert_eq!(who.get(&path).await.status.as_u16(), 404, "{name} {path}");
            }
            who.get("/funding/contracts")
                .await
                .is(200)
                .lacks("見本社協への委託");
            who.get("/api/v1/funding/contracts")
                .await
                .is(200)
                .lacks("見本社協への委託");
            who.post(
                &report,
                &[("value", "1"), ("on", "R8.9.30"), ("version", "1")],
            )
            .await
            .is(404);
        }
        w.get(&format!("/funding/bodies/{one}")).await.is(404);
        w.get(&format!("/funding/bodies/{one}/report.xlsx"))
            .await
            .is(404);
        // Of the body it works with it sees what they do together.
        t.get(&format!("/funding/bodies/{one}"))
            .await
            .is(200)
            .has("二者への委託")
            .lacks("見本社協への委託");
        t.get("/funding/contracts")
            .await
            .has("二者への委託")
            .has("西地区");
        // The own contractor reports, and writes nothing else.
        m.post(
            &report,
            &[("value", "1"), ("on", "R8.9.30"), ("version", "1")],
        )
        .await
        .saved();
        for path in [
            format!("{own}/edit"),
            deliverable.clone(),
            format!("{own}/deliverables/new"),
            format!("{own}/claims/new"),
        ] {
            m.get(&path).await.is(403);
            m.post(&path, &[("name", "ちがう名前"), ("version", "2")])
                .await
                .is(403);
        }
        m.get("/funding/contracts/new").await.is(403);
        c.get(&own).await.has("名簿").lacks("ちがう名前");
        c.get("/funding/bodies/01890000-0000-7000-8000-000000000000")
            .await
            .is(404);
        Ok(())
    });
}
