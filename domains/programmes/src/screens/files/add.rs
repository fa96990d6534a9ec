//! The files of a block or a year, and a form for one more.

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, file_field, notice, radio_group, select_field,
        submit_row, text_field, upload_form_frame,
    },
    context::Ctx,
    drafts,
    error::{Error, Result},
    files::{ACCEPT, Attachment, CAPTION, Class, check},
    form::{Form, Posted},
    http::see_other,
    once,
    page::page,
};
use maud::{Markup, html};

use super::{Holder, PUBLISH, label, list};
use crate::files::Change;

const FILE: &str = "付けるファイル";

pub async fn of_sheet(ctx: Ctx, Path((of, block)): Path<(String, String)>) -> Result<Markup> {
    let holder = Holder::sheet(&mut ctx.read().await?, &ctx, &of, &block).await?;
    shown(&ctx, &holder).await
}

pub async fn of_goal(ctx: Ctx, Path((of, year)): Path<(String, String)>) -> Result<Markup> {
    let holder = Holder::goal(&mut ctx.read().await?, &ctx, &of, &year).await?;
    shown(&ctx, &holder).await
}

pub async fn to_sheet(
    ctx: Ctx,
    Path((of, block)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    let holder = Holder::sheet(&mut ctx.read().await?, &ctx, &of, &block).await?;
    add(&ctx, &holder, posted).await
}

pub async fn to_goal(
    ctx: Ctx,
    Path((of, year)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    let holder = Holder::goal(&mut ctx.read().await?, &ctx, &of, &year).await?;
    add(&ctx, &holder, posted).await
}

async fn shown(ctx: &Ctx, holder: &Holder) -> Result<Markup> {
    let held = holder.held(&mut ctx.read().await?, ctx).await?;
    let mut form = Form::blank();
    form.prefill(
        "class",
        match holder {
            Holder::Sheet(..) => Class::Figure,
            Holder::Goal(..) => Class::Evidence,
        }
        .as_code(),
    );
    let form = drafts::restore(ctx, &holder.draft_key(), form).await?;
    Ok(view(ctx, holder, &held, &form))
}

async fn add(ctx: &Ctx, holder: &Holder, posted: Posted) -> Result<Response> {
    let mut form = Form::from_posted(posted);
    form.draft_key = Some(holder.draft_key());
    let file = form
        .posted()
        .files
        .iter()
        .find(|f| f.field == "file" && !f.file_name.is_empty())
        .cloned();
    let checked = match file {
        None => Err(format!("「{FILE}」を選んでください。")),
        Some(file) => check(&file.file_name, &file.bytes),
    };
    let label = label(&mut form);
    match (checked, label) {
        (Ok(file), Some(label)) => {
            let mut tx = ctx.write().await?;
            once::claim(&mut tx, ctx, &form.once).await?;
            match holder
                .change(&mut tx, ctx, &Change::Add(label, Box::new(file)))
                .await
            {
                Ok(()) => {
                    drafts::clear(&mut tx, ctx, &holder.draft_key()).await?;
                    once::lead_to(&mut tx, ctx, &form.once, &holder.address()).await?;
                    tx.commit().await?;
                    return Ok(see_other(&holder.address()));
                }
                Err(Error::Invalid(why)) => form.error("file", FILE, why),
                Err(e) => return Err(e),
            }
        }
        (Err(why), _) => form.error("file", FILE, why),
        (Ok(_), None) => form.error(
            "file",
            FILE,
            "ほかの欄を直したあと、ファイルをもう一度選んでください。".to_owned(),
        ),
    }
    let held = holder.held(&mut ctx.read().await?, ctx).await?;
    Err(Error::Page(
        StatusCode::UNPROCESSABLE_ENTITY,
        Box::new(view(ctx, holder, &held, &form)),
    ))
}

fn view(ctx: &Ctx, holder: &Holder, held: &[Attachment], form: &Form) -> Markup {
    let at = holder.address();
    let fields = html! {
        (file_field(form, FieldSpec::new("file", FILE).required()
            .hint("PDF、画像（PNG・JPEG）、Excel（.xlsx）、Word（.docx）、CSV、テキスト。1つ10MBまで、全部で20個・50MBまで。"), ACCEPT))
        (text_field(form, FieldSpec::new("caption", "説明").required()
            .hint("何の図・資料か。図には、見えない人にも読み上げられます。例: 東地区の相談の流れ").maxlength(CAPTION)))
        (select_field(form, FieldSpec::new("class", "種類").required(), Class::OPTIONS))
        (radio_group(form, FieldSpec::new("publish", "公表").required(), PUBLISH))
        (submit_row(button(ButtonKind::Primary, "付ける", None)))
    };
    let body = html! {
        (holder.trail())
        (list(held, holder.is_open().then_some(at.as_str())))
        @if holder.is_open() {
            h2 { "ファイルを付ける" }
            (notice(NoticeKind::Info, "写真の場所の記録は取り除きます", html! {
                p { "写真（JPEG・PNG）に入っている撮影場所・日時・機種の記録は、保存のときに取り除きます。PDF・Excel・Wordの中の作成者名などはそのまま残ります。相談者の名前や顔、家が写っていないか確かめてください。" }
            }))
            (upload_form_frame(&at, ctx.csrf(), form, fields))
        } @else {
            p { "この版は承認済みなので、別紙・図も変わりません。どこかの欄を直して保存すると次の版の下書きができ、そこで付け外しができます。" }
        }
    };
    page(&ctx.frame(), &holder.title(), body)
}
