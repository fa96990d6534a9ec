//! What the one search box finds of a sheet. Commits with the sending.

use engawa_kernel::{
    context::Ctx,
    db::Tx,
    error::Result,
    search::{self, Doc, DocKind},
};

use crate::model::{Line, Sheet};

/// Number, names as sent, and the words. A name stands here as it was sent: the envelope is a
/// snapshot, later corrections of the person's record do not change it.
pub(super) async fn sheet(tx: &mut Tx, ctx: &Ctx, sheet: &Sheet, lines: &[Line]) -> Result<()> {
    let room = sheet.room;
    let shown = format!("つなぐシート（{}）", sheet.content.kind.label());
    let number = Doc {
        room,
        kind: DocKind::Number,
        source: room.0,
        at: ctx.now(),
        shown: &shown,
        text: &sheet.number,
    };
    search::put(tx, ctx, number).await?;
    for line in lines
        .iter()
        .filter(|l| l.label == "氏名" || l.label == "ふりがな")
    {
        let name = Doc {
            room,
            kind: DocKind::Name,
            source: room.0,
            at: ctx.now(),
            shown: &line.text,
            text: &line.text,
        };
        search::put(tx, ctx, name).await?;
    }
    let words: Vec<&str> = lines
        .iter()
        .filter(|l| {
            ["配慮", "相談の内容"].contains(&l.section.as_str())
                || ["お願いしたいこと", "紹介する理由"].contains(&l.label.as_str())
        })
        .map(|l| l.text.as_str())
        .collect();
    if words.is_empty() {
        return Ok(());
    }
    let words = words.join("\n");
    let doc = Doc {
        room,
        kind: DocKind::Words,
        source: room.0,
        at: ctx.now(),
        shown: &words,
        text: &words,
    };
    search::put(tx, ctx, doc).await
}
