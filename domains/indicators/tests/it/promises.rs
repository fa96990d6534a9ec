//! Every row of the target table of the real plan sheets can be entered, kept and shown.

use std::collections::HashSet;

use crate::support::with_sources;
use engawa_indicators::{
    model::{Count, Filter, Rule, Unit},
    period::Period,
    rules::{
        read, suggest,
        target::{Shape, Target},
    },
    store::{
        actual::{Actual, Counter},
        carry,
        indicator::{self, Dated, NewIndicator},
    },
};
use engawa_kernel::{access::Role, testing::on_both, text::fiscal::FiscalYear};

/// municipality, indicator, target, unit, rule
const ROWS: &str = include_str!("targets.tsv");

fn rows() -> Vec<Vec<&'static str>> {
    ROWS.lines().map(|l| l.split('\t').collect()).collect()
}

fn rule(source: &str, unit: Unit) -> Rule {
    Rule::plain(Count {
        source: source.into(),
        unit,
        filter: Filter::default(),
    })
}

#[test]
fn every_row_can_be_entered() {
    on_both(|town| async move {
        let town = with_sources(town);
        let ctx = town
            .staff("縁側 推進員", Role::Coordinator, town.desk)
            .await?;
        let year = FiscalYear::of(ctx.today());
        let sources = ctx.engine.sources.clone();
        let rows = rows();
        assert_eq!(rows.len(), 165);
        for row in &rows {
            let new = NewIndicator {
                name: row[1].into(),
                block: row[0].into(),
                outcome: false,
                rule: suggest::rule_of(&sources, &suggest::by_words(&sources, row[1], row[3]))
                    .unwrap(),
                note: row.get(4).copied().unwrap_or_default().into(),
                ended_on: None,
            };
            let targets = Dated::read(row[2], row[3]);
            assert!(!targets.is_empty(), "{row:?}");
            let mut tx = ctx.write().await?;
            let id = indicator::add(&mut tx, &ctx, &new).await?;
            indicator::set_targets(&mut tx, &ctx, id, year, &targets).await?;
            tx.commit().await?;
            let mut conn = ctx.read().await?;
            let kept = indicator::targets(&mut conn, &ctx, year)
                .await?
                .remove(&id)
                .unwrap();
            assert_eq!(kept, targets, "{row:?}");
            let all: String = kept.iter().map(|d| d.target.raw.as_str()).collect();
            let bare = |t: &str| {
                t.chars()
                    .filter(|c| !" /&,".contains(*c))
                    .collect::<String>()
            };
            assert_eq!(
                bare(&all.replace("and", "")),
                bare(&row[2].replace("and", "")),
                "nothing is lost"
            );
        }
        let mut conn = ctx.read().await?;
        let all = indicator::list(&mut conn, &ctx, ctx.today()).await?;
        assert_eq!(all.len(), 165);
        // Where no domain brings the events, nobody says 0.
        let mut counter = Counter::default();
        for i in &all {
            let actual = counter
                .actual(&mut conn, &ctx, &i.rule, Period::year(year))
                .await?;
            let known = sources.iter().any(|s| s.code == i.rule.count.source);
            assert_eq!(actual == Actual::NoRecords, !known, "{}", i.name);
        }
        Ok(())
    });
}

#[test]
fn the_table_holds_every_shape_and_few_lines_stay_words() {
    let all: Vec<Target> = rows()
        .iter()
        .flat_map(|r| read::targets(r[2], r[3]))
        .collect();
    let shapes: HashSet<Shape> = all.iter().map(|t| t.shape).collect();
    for shape in Shape::ALL {
        // 「20件以下」 is in no sheet.
        assert!(
            shapes.contains(&shape) || shape == Shape::AtMost,
            "{shape:?}"
        );
    }
    let words = all.iter().filter(|t| t.shape == Shape::NoNumber).count();
    assert!(words <= 8, "{words} of {}", all.len());
}

#[test]
fn another_rule_is_another_edition_and_two_people_do_not_overwrite_each_other() {
    on_both(|town| async move {
        let town = with_sources(town);
        let ctx = town
            .staff("縁側 推進員", Role::Coordinator, town.desk)
            .await?;
        let mut new = NewIndicator {
            name: "相談".into(),
            block: String::new(),
            outcome: true,
            rule: rule("consultation", Unit::Events),
            note: String::new(),
            ended_on: None,
        };
        let mut tx = ctx.write().await?;
        let id = indicator::add(&mut tx, &ctx, &new).await?;
        tx.commit().await?;
        let old = indicator::one(&mut ctx.read().await?, &ctx, id).await?;
        new.rule = rule("consultation", Unit::Persons);
        let mut tx = ctx.write().await?;
        indicator::change(&mut tx, &ctx, &old, &new).await?;
        tx.commit().await?;
        let mut conn = ctx.read().await?;
        assert_eq!(indicator::one(&mut conn, &ctx, id).await?.edition, 2);
        let before = indicator::editions(&mut conn, id).await?;
        assert_eq!(before.len(), 1);
        assert_eq!(before[0].rule.count.unit, Unit::Events);
        drop(conn);
        let mut tx = ctx.write().await?;
        let late = indicator::change(
            &mut tx,
            &ctx,
            &old,
            &NewIndicator {
                rule: old.rule.clone(),
                ..new.clone()
            },
        )
        .await;
        assert!(matches!(late, Err(engawa_kernel::error::Error::Changed)));
        drop(tx);
        let worker = town.staff("縁側 相談員", Role::Worker, town.desk).await?;
        let mut tx = worker.write().await?;
        assert!(indicator::add(&mut tx, &worker, &new).await.is_err());
        Ok(())
    });
}

#[test]
fn in_april_last_years_targets_are_carried_over_once_and_only_where_none_stand() {
    on_both(|town| async move {
        let town = with_sources(town);
        let ctx = town
            .staff("縁側 推進員", Role::Coordinator, town.desk)
            .await?;
        let worker = town.staff("縁側 相談員", Role::Worker, town.desk).await?;
        let year = FiscalYear::of(ctx.today());
        let next = FiscalYear::try_from(year.year() + 1).unwrap();
        let mut tx = ctx.write().await?;
        let mut ids = Vec::new();
        for (name, words) in [("相談受付", "100件以上"), ("終結", "10件"), ("ことば", "")]
        {
            let new = NewIndicator {
                name: name.into(),
                block: String::new(),
                outcome: false,
                rule: rule("consultation", Unit::Events),
                note: String::new(),
                ended_on: None,
            };
            let id = indicator::add(&mut tx, &ctx, &new).await?;
            let targets: Vec<Dated> = Some(words)
                .filter(|w| !w.is_empty())
                .map(|w| read::targets(w, "件").remove(0))
                .map(|target| Dated {
                    target,
                    due_on: Some(ctx.today()),
                })
                .into_iter()
                .collect();
            indicator::set_targets(&mut tx, &ctx, id, year, &targets).await?;
            ids.push((id, targets));
        }
        let other = Dated {
            target: read::targets("12件", "件").remove(0),
            due_on: None,
        };
        indicator::set_targets(&mut tx, &ctx, ids[1].0, next, std::slice::from_ref(&other)).await?;
        tx.commit().await?;
        assert_eq!(carry::offered(&mut ctx.read().await?, &ctx, next).await?, 1);
        let mut tx = worker.write().await?;
        assert!(carry::carry(&mut tx, &worker, next).await.is_err());
        drop(tx);
        for carried in [1, 0] {
            let mut tx = ctx.write().await?;
            assert_eq!(carry::carry(&mut tx, &ctx, next).await?, carried);
            if carried > 0 {
                tx.commit().await?;
            }
        }
        let kept = indicator::targets(&mut ctx.read().await?, &ctx, next).await?;
        // The day by which it was due has passed; it is not carried.
        let first = Dated {
            due_on: None,
            ..ids[0].1[0].clone()
        };
        assert_eq!(kept.get(&ids[0].0), Some(&vec![first]));
        assert_eq!(kept.get(&ids[1].0), Some(&vec![other]));
        assert_eq!(kept.get(&ids[2].0), None);
        Ok(())
    });
}
