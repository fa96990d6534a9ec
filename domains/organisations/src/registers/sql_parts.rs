//! Pieces that the registers' statements share.

use engawa_kernel::{context::Ctx, db::Sql, form::Form};

use super::Query;
use crate::field::Values;

/// `from …`, the condition for a search text, the condition for a record it belongs to.
pub(super) type List = (&'static str, &'static str, &'static str);

/// Records asked for in one statement.
pub(super) const CHUNK: usize = 400;

/// Adds the conditions of a query; the table that carries `municipality_id` and `id` is `t`.
pub(super) fn filter(
    q: Sql,
    ctx: &Ctx,
    query: &Query,
    search: &'static str,
    of: &'static str,
) -> Sql {
    let mut q = q
        .push("where t.municipality_id = :m")
        .bind("m", ctx.municipality);
    if let Some(ids) = &query.ids {
        q = q
            .push("and t.id in (:ids)")
            .bind_all("ids", ids.iter().copied());
    }
    if !query.q.trim().is_empty() {
        let text: String = query.q.trim().to_lowercase().chars().take(100).collect();
        let text = text
            .replace('!', "!!")
            .replace('%', "!%")
            .replace('_', "!_");
        q = q.push("and").push(search).bind("q", format!("%{text}%"));
    }
    if let (Some(id), false) = (query.of, of.is_empty()) {
        q = q.push("and").push(of).bind("of", id);
    }
    if let Some(list) = query.list {
        q = q.push("and t.list = :list").bind("list", list.as_code());
    }
    q
}

/// One page of a filtered list.
pub(super) fn page(q: Sql, query: &Query) -> Sql {
    q.push("limit :limit offset :offset")
        .bind("limit", query.limit.clamp(1, 20_000))
        .bind("offset", query.offset.max(0))
}

/// A period's last day is not before its first.
pub(super) fn order_of_days(v: &Values, form: &mut Form) {
    if let (Some(from), Some(to)) = (v.day("valid_from"), v.day("valid_to"))
        && to < from
    {
        form.error(
            "valid_to",
            "終了日",
            "「終了日」が「開始日」より前です。どちらかを直してください。",
        );
    }
}
