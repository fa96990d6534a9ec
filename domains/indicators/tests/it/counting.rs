//! Every figure of the demo town, counted by the statement and by hand, on both engines.

use crate::naive::{Naive, by_hand, events};
use crate::support::{day, in_demo, source, sources};
use engawa_indicators::{
    model::{Dim, Filter, Key, Unit},
    period::Period,
    store::count::{self, Question},
};
use engawa_kernel::{context::Ctx, error::Result};

async fn by_statement(ctx: &Ctx, q: &Question) -> Result<Naive> {
    let f = count::figures(&mut ctx.read().await?, ctx, q).await?;
    let mut all = Naive::new();
    for ((r, c), n) in f.cells {
        all.insert((Some(r), Some(c)), n);
    }
    for (r, n) in f.rows {
        all.insert((Some(r), None), n);
    }
    for (c, n) in f.columns {
        all.insert((None, Some(c)), n);
    }
    all.insert((None, None), f.total);
    all.retain(|_, n| *n != 0);
    Ok(all)
}

#[test]
fn every_table_is_what_one_would_count_by_hand() {
    in_demo(250, |ctx| async move {
        let periods = [
            Period::new(day(2025, 10, 13), day(2026, 2, 3)),
            Period::new(day(2021, 4, 1), day(2026, 11, 30)),
        ];
        let mut tables = 0_usize;
        for s in sources() {
            for p in periods {
                let events = events(&mut ctx.read().await?, s, p.to).await?;
                assert!(!events.is_empty(), "{}", s.code);
                for unit in Unit::ALL.into_iter().filter(|u| u.fits(s)) {
                    let dims: Vec<Dim> = Dim::ALL.into_iter().filter(|d| d.fits(s)).collect();
                    for (n, rows) in dims.iter().enumerate() {
                        // Each dimension once downwards, with a changing partner across.
                        let columns = dims[(n + tables + 1) % dims.len()];
                        let q = Question {
                            source: s,
                            unit,
                            filter: Filter::default(),
                            period: p,
                            rows: Some(*rows),
                            columns: Some(columns).filter(|c| c != rows),
                        };
                        // Whether minutes and heads may be split by what overlaps: see below.
                        if unit == Unit::Minutes
                            && [q.rows, q.columns].into_iter().flatten().any(Dim::overlaps)
                        {
                            continue;
                        }
                        let (mut hand, statement) =
                            (by_hand(&events, &q), by_statement(&ctx, &q).await?);
                        if q.columns.is_none() {
                            hand.retain(|(_, c), _| c.is_none());
                        }
                        assert_eq!(
                            statement, hand,
                            "{} {unit:?} {rows:?} {columns:?} {p:?}",
                            s.code
                        );
                        tables += 1;
                    }
                }
            }
        }
        assert!(tables > 200, "{tables}");
        Ok(())
    });
}

#[test]
fn a_filter_counts_what_its_cell_says() {
    in_demo(400, |ctx| async move {
        let p = Period::new(day(2024, 4, 1), day(2027, 3, 31));
        for s in sources() {
            for dim in Dim::ALL
                .into_iter()
                .filter(|d| d.fits(s) && *d != Dim::Time)
            {
                let q = Question {
                    source: s,
                    unit: Unit::Events,
                    filter: Filter::default(),
                    period: p,
                    rows: Some(dim),
                    columns: None,
                };
                let mut conn = ctx.read().await?;
                let whole = count::figures(&mut conn, &ctx, &q).await?;
                for (key, n) in &whole.rows {
                    // Somebody without a known age beside others: the filter asks for nobody known.
                    if *key == Key::Unknown && matches!(dim, Dim::Age | Dim::Sex) {
                        continue;
                    }
                    let mut filter = Filter::default();
                    filter.of_mut(dim).unwrap().push(key.code());
                    let one = Question {
                        filter,
                        rows: None,
                        ..q.clone()
                    };
                    let counted = count::total(&mut conn, &ctx, &one).await?;
                    assert_eq!(counted, *n, "{} {dim:?} {key:?}", s.code);
                }
            }
            for mark in s.marks {
                let q = Question {
                    source: s,
                    unit: Unit::Persons,
                    filter: Filter {
                        marks: vec![mark.code.into()],
                        ..Filter::default()
                    },
                    period: p,
                    rows: Some(Dim::Time),
                    columns: Some(Dim::Area),
                };
                count::figures(&mut ctx.read().await?, &ctx, &q).await?;
            }
        }
        let first = Question {
            source: source("consultation"),
            unit: Unit::Events,
            filter: Filter {
                marks: vec!["new".into()],
                ..Filter::default()
            },
            period: Period::new(day(2000, 1, 1), day(2027, 3, 31)),
            rows: None,
            columns: None,
        };
        let mut conn = ctx.read().await?;
        let new = count::total(&mut conn, &ctx, &first).await?;
        let all = count::total(
            &mut conn,
            &ctx,
            &Question {
                filter: Filter::default(),
                ..first
            },
        )
        .await?;
        assert!(0 < new && new < all, "{new} of {all}");
        Ok(())
    });
}
