//! `/organisations`: what is registered, and how much of it.

use engawa_kernel::{
    access::Duty,
    components::{NoticeKind, notice, table},
    context::Ctx,
    error::Result,
    page::page,
};
use maud::{Markup, html};

use crate::registers::{Query, Register};

/// GET
pub(crate) async fn get(ctx: Ctx) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let mut rows = Vec::new();
    let mut empty = false;
    for register in Register::ALL {
        let n = register.count(&mut conn, &ctx, &Query::default()).await?;
        empty |= n == 0 && matches!(register, Register::Bodies | Register::Desks);
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
        @if empty && configure {
            (notice(NoticeKind::Info, "はじめに", html! {
                p { "「機関・法人」→「窓口」→「職員」→「配置」の順に登録すると、相談を受け付けられるようになります。手元のExcelからの取り込みもできます。" }
            }))
        }
        (table(&["一覧", "登録数", "内容"], &rows, "登録されているもの"))
        @if manage || ctx.actor.may(Duty::Reassign) {
            h2 { "4月の引き継ぎ" }
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
                li { a href="/organisations/settings" { "動作の設定(ログイン、緊急閲覧、保存年数など)" } }
                li { a href="/organisations/rules" { "要綱・要領" } }
            }
        }
    };
    Ok(page(&ctx.frame(), "圏域・機関・職員", body))
}
