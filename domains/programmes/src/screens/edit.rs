//! `/programmes/{sheet}/edit/{block}`: one block of the form. Two people may write different blocks
//! at once; of the same block, the second sees both texts.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    clock::local,
    components::{
        ButtonKind, Conflict, ConflictInfo, FieldSpec, button, check_box, conflict_view,
        date_field, details, form_frame, lines, link_button, select_field, submit_row, text_area,
        text_field,
    },
    context::Ctx,
    db::Conn,
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    http::{id, see_other},
    page::page,
    text::wareki::{format_date, format_date_time, parse_date},
};
use maud::{Markup, html};

use super::{
    offered::Offered,
    parts::{Asked, name, trail},
    register,
};
use crate::{
    figures::beside::Beside,
    form::{Block, Field, PARTS},
    model::{BlockInput, BlockRecord, BlockState, Content, FieldState, FieldValue, Sheet, SheetId},
    rules,
    store::{sheet, write},
};

/// Characters of a field at most.
pub(crate) const LONGEST: usize = 20_000;

/// States that somebody may say outright; the others follow from the words.
const SAID: &[(&str, &str)] = &[
    ("nothing", "なし"),
    ("unknown", "不明"),
    ("not_counted", "未集計"),
    ("reference", "ほかの欄を参照"),
    ("attached", "別紙"),
];

pub(super) fn action(sheet: SheetId, block: Block) -> String {
    format!("/programmes/{sheet}/edit/{}", block.as_code())
}

fn draft_key(sheet: SheetId, block: Block) -> String {
    format!("programmes/{sheet}/{}", block.as_code())
}

fn block_of(text: &str) -> Result<Block> {
    Block::from_code(text).ok_or(Error::NotFound)
}

pub async fn get(
    ctx: Ctx,
    Path((sheet, block)): Path<(String, String)>,
    asked: Asked,
) -> Result<Markup> {
    let (id, block) = (id::<SheetId>(&sheet)?, block_of(&block)?);
    let mut conn = ctx.read().await?;
    let sheet = sheet::sheet(&mut conn, &ctx, id).await?;
    sheet::need_own(&ctx, &sheet)?;
    let newest = sheet::newest(&mut conn, id).await?;
    let content = sheet::content(&mut conn, newest.id).await?;
    let help = Help::load(&mut conn, &ctx, &sheet, block).await?;
    drop(conn);
    let form = filled(&ctx, block, &content)?;
    let mut form = drafts::restore(&ctx, &draft_key(id, block), form).await?;
    register::write_down(&ctx, &mut form, block, &help.register, &asked);
    Ok(view(&ctx, &sheet, block, &content, &help, &form))
}

/// What stands beside the fields to write them from.
struct Help {
    /// Last year's sheet.
    last: Option<Content>,
    /// The ledgers whose words can be copied.
    offered: Offered,
    /// The register of figures, where the block has some.
    register: Beside,
}

impl Help {
    async fn load(conn: &mut Conn, ctx: &Ctx, of: &Sheet, block: Block) -> Result<Self> {
        Ok(Self {
            last: sheet::last_year(conn, ctx, of.year).await?.map(|(_, c)| c),
            offered: Offered::load(conn, ctx, block, of.year).await?,
            register: match block {
                Block::Profile => Beside::of(conn, ctx).await?,
                _ => Beside::default(),
            },
        })
    }
}

pub async fn post(
    ctx: Ctx,
    Path((sheet, block)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    let (id, block) = (id::<SheetId>(&sheet)?, block_of(&block)?);
    let mut form = Form::from_posted(posted);
    form.draft_key = Some(draft_key(id, block));
    let mut tx = ctx.write().await?;
    let sheet = sheet::sheet(&mut tx, &ctx, id).await?;
    sheet::need_own(&ctx, &sheet)?;
    let newest = sheet::newest(&mut tx, id).await?;
    let content = sheet::content(&mut tx, newest.id).await?;
    let help = Help::load(&mut tx, &ctx, &sheet, block).await?;
    let copied = help.offered.copy(&mut form);
    let input = parse(&ctx, &mut form, block, &content);
    if copied || form.has_errors() {
        let shown = view(&ctx, &sheet, block, &content, &help, &form);
        if copied {
            drop(tx);
            drafts::keep(&ctx, &draft_key(id, block), form.posted()).await?;
            return Ok(shown.into_response());
        }
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    }
    let seen = form.version.unwrap_or_default();
    match write::save_block(&mut tx, &ctx, &sheet, block, &input, seen).await {
        Err(Error::Changed) => {
            drop(tx);
            // What stands there now, not what was read before the other saved.
            let mut conn = ctx.read().await?;
            let newest = sheet::newest(&mut conn, id).await?;
            let content = sheet::content(&mut conn, newest.id).await?;
            let record = content.blocks.get(&block).ok_or(Error::NotFound)?;
            let names = engawa_organisations::staff_names(&mut conn, &[record.saved_by]).await?;
            let who = name(&names, record.saved_by);
            let shown = conflict(&ctx, &sheet, block, &content, record, who, &form)?;
            Err(Error::Page(StatusCode::CONFLICT, Box::new(shown)))
        }
        Err(e) => Err(e),
        Ok(()) => {
            drafts::clear(&mut tx, &ctx, &draft_key(id, block)).await?;
            tx.commit().await?;
            Ok(see_other(&format!("/programmes/{id}#b{}", block.as_code())))
        }
    }
}

/// The name of a part of a field in the form.
pub(super) fn key(field: Field, part: &str) -> String {
    format!("{}.{part}", field.as_code())
}

/// The block as its form holds it.
fn filled(ctx: &Ctx, block: Block, content: &Content) -> Result<Form> {
    let record = content.blocks.get(&block).ok_or(Error::NotFound)?;
    let mut form = Form::blank();
    form.version = Some(record.version);
    if block.is_programme() {
        form.prefill("state", record.state.as_code());
        form.prefill("start", record.start.as_str());
    }
    form.prefill("note", record.note.as_str());
    for field in block.fields() {
        let Some(value) = content.fields.get(&field) else {
            continue;
        };
        form.prefill(&key(field, "text"), value.text.as_str());
        // What follows from the words is not said twice: it would stay when they change.
        if value.state != rules::state_of(&value.text) {
            form.prefill(&key(field, "state"), value.state.as_code());
        }
        if block == Block::Profile {
            form.prefill(
                &key(field, "as_of"),
                value
                    .as_of
                    .map(|day| format_date(day, ctx.calendar))
                    .unwrap_or_default(),
            );
            form.prefill(&key(field, "note"), value.note.as_str());
        }
    }
    Ok(form)
}

/// What was written, with the words and doubts of the reader where nobody has touched them.
fn parse(ctx: &Ctx, form: &mut Form, block: Block, content: &Content) -> BlockInput {
    let state = form
        .choice(
            "state",
            "実施の状況",
            BlockState::OPTIONS,
            block.is_programme(),
        )
        .and_then(|code| BlockState::from_code(&code))
        .unwrap_or(BlockState::Absent);
    let fields = block
        .fields()
        .map(|field| {
            let before = content.fields.get(&field).cloned().unwrap_or_default();
            let text = form.text(&key(field, "text"), field.label(), LONGEST, false);
            let said = form
                .choice(&key(field, "state"), "この欄の状態", SAID, false)
                .and_then(|code| FieldState::from_code(&code));
            let mut value = FieldValue::written(field, &text);
            if let Some(said) = said {
                value.state = said;
            }
            if before.text == text && !before.number.is_empty() {
                (value.number, value.unit) = (before.number.clone(), before.unit.clone());
            }
            if block == Block::Profile {
                let today = ctx.today();
                value.as_of = form.parsed(&key(field, "as_of"), "時点", false, |t| {
                    parse_date(t, today)
                });
                value.note = form.text(&key(field, "note"), "注・出典", 500, false);
            }
            value.raw = before.raw;
            let looked_at = form.flag(&key(field, "sure")) || before.text != text;
            value.doubt = if looked_at {
                String::new()
            } else {
                before.doubt
            };
            (field, value)
        })
        .collect();
    BlockInput {
        state,
        start: if block.is_programme() {
            form.text("start", "開始の時期", 100, false)
        } else {
            String::new()
        },
        note: form.text("note", "計画書に印刷しない覚え書き", 2000, false),
        fields,
    }
}

fn view(
    ctx: &Ctx,
    sheet: &Sheet,
    block: Block,
    content: &Content,
    help: &Help,
    form: &Form,
) -> Markup {
    let last = help.last.as_ref();
    let back = format!("/programmes/{}", sheet.id);
    let fields = html! {
        (help.offered.enter_saves())
        @if block.is_programme() {
            (select_field(form, FieldSpec::new("state", "実施の状況").required(), BlockState::OPTIONS))
            (text_field(form, FieldSpec::new("start", "開始の時期").hint("例: 令和8年10月。決まっていなければ空欄").maxlength(100)))
        }
        @for part in PARTS.iter().filter(|p| p.block == block) {
            @if !part.heading.is_empty() { h2 { (part.heading) } }
            @for field in part.fields {
                (one(form, *field, content.fields.get(field), last.map(|l| l.shown(*field))))
                (help.offered.below(form, *field))
                (register::offer(ctx, sheet.id, *field, &help.register))
            }
        }
        (text_area(form, FieldSpec::new("note", "計画書に印刷しない覚え書き").hint("状況の理由、前の名前、これまでの経過など").rows(2).maxlength(2000)))
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, &back, "やめる"))
        }))
    };
    let body = html! {
        (trail(&[(back.as_str(), &sheet.title())]))
        (form_frame(&action(sheet.id, block), ctx.csrf(), form, fields))
    };
    page(&ctx.frame(), block.label(), body)
}

fn one(form: &Form, field: Field, value: Option<&FieldValue>, last: Option<&str>) -> Markup {
    let text = FieldSpec::new(key(field, "text"), field.label());
    let text = match field.printed_unit() {
        "" => text,
        unit => text.hint(format!("単位: {unit}。書いたまま印刷します")),
    };
    let raw = value.map_or("", |v| v.raw.as_str());
    let doubt = value.map_or("", |v| v.doubt.as_str());
    let last = last.filter(|l| !l.is_empty());
    let own = form.value(&key(field, "text"));
    html! {
        @if field.is_short() { (text_field(form, text)) }
        @else { (text_area(form, text.rows(3).maxlength(LONGEST))) }
        @if !raw.is_empty() { p.hint { "もとの文書のことば: " (raw) } }
        @if !doubt.is_empty() {
            p.hint { "読み取りの注意: " (lines(doubt)) }
            (check_box(form, FieldSpec::new(key(field, "sure"), format!("「{}」はこの内容でよいことを確かめた", field.label()))))
        }
        @if let Some(last) = last {
            @if last == own { p.hint { "前年度と同じ文です。" } }
            @else { (details(&format!("前年度の「{}」", field.label()), html! { p { (lines(last)) } })) }
        }
        (details(&format!("「{}」の状態{}", field.label(), if field.block() == Block::Profile { "・時点・注" } else { "" }), html! {
            (select_field(form, FieldSpec::new(key(field, "state"), "この欄の状態").hint("選ばなければ、書いた文から決まります"), SAID))
            @if field.block() == Block::Profile {
                (date_field(form, FieldSpec::new(key(field, "as_of"), "時点")))
                (text_field(form, FieldSpec::new(key(field, "note"), "注・出典").maxlength(500)))
            }
        }))
    }
}

fn conflict(
    ctx: &Ctx,
    sheet: &Sheet,
    block: Block,
    content: &Content,
    record: &BlockRecord,
    who: &str,
    form: &Form,
) -> Result<Markup> {
    let theirs = filled(ctx, block, content)?;
    let mut found = Vec::new();
    let mut text = |name: String, label: &str| {
        if form.value(&name).trim() != theirs.value(&name).trim() {
            found.push(Conflict::text(
                &name,
                label,
                form.value(&name),
                theirs.value(&name),
            ));
        }
    };
    for field in block.fields() {
        text(key(field, "text"), field.label());
        text(key(field, "note"), &format!("{}　注・出典", field.label()));
        text(key(field, "as_of"), &format!("{}　時点", field.label()));
    }
    text("start".into(), "開始の時期");
    text("note".into(), "計画書に印刷しない覚え書き");
    let mut coded = |name: String, label: &str, options: &[(&str, &str)]| {
        let side = |code: &str| {
            let word = options
                .iter()
                .find(|(known, _)| *known == code)
                .map_or("文のとおり", |(_, word)| *word);
            (vec![code.to_owned()], word.to_owned())
        };
        let (mine, saved) = (form.value(&name), theirs.value(&name));
        if mine != saved {
            found.push(Conflict::coded(&name, label, side(mine), side(saved)));
        }
    };
    if block.is_programme() {
        coded("state".into(), "実施の状況", BlockState::OPTIONS);
    }
    for field in block.fields() {
        coded(
            key(field, "state"),
            &format!("{}　状態", field.label()),
            SAID,
        );
    }
    let when = format_date_time(local(record.saved_at), ctx.calendar);
    let info = ConflictInfo {
        who,
        when: &when,
        version: record.version,
    };
    let back = format!("/programmes/{}", sheet.id);
    let body = html! {
        (trail(&[(back.as_str(), &sheet.title())]))
        (conflict_view(&action(sheet.id, block), ctx.csrf(), form, info, &found))
    };
    Ok(page(&ctx.frame(), block.label(), body))
}
