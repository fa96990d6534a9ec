//! `/organisations`: what is registered, and how much of it.

use engawa_kernel::{access::Duty, components::table, context::Ctx, error::Result, page::page};
use maud::{Markup, html};

use crate::registers::{Query, Register};

/// GET
pub(crate) async fn get(ctx: Ctx) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let mut rows = Vec::new();
    for register in Register::ALL {
        let n = register.count(&mut conn, &ctx, &Query::default()).await?;
        let spec = register.spec();
        rows.push(vec![
            html! { a href={ "/organisations/" (spec.slug) } { (spec.title) } },
            html! { (n) "件" },
            html! { (spec.about) },
        ]);
    }
    let configure = ctx.actor.may(Duty::Configure);
    let manage = ctx.actor.may(Duty::ManageStaff);
    let body = html! {
        (crate::first_steps(&mut conn, &ctx).await?)
        (table(&["一覧", "登録数", "内容"], &rows, "登録されているもの"))
        @if manage || ctx.actor.may(Duty::Reassign) {
            h2 { "異動・引き継ぎ" }
            p { a href="/organisations/april" { "異動・退職・委託先の変更で、担当の記録を後任に引き継ぐ" } }
        }
        @if configure || manage {
            h2 { "まとめて登録・書き出し" }
            ul {
                li { a href="/organisations/import" { "Excel・CSVから取り込む" } }
                li { a href="/organisations/export" { "Excel・CSVに書き出す" } }
            }
        }
        @if configure {
            h2 { "この自治体の決まり" }
            ul {
                li { a href="/organisations/settings" { "動作の設定（ログイン、緊急閲覧、保存年数など）" } }
            }
        }
    };
    Ok(page(&ctx.frame(), "機関・職員", body))
}
