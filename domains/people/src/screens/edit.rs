//! GET, POST /people/{id}/edit: the record besides names and addresses. Of a protected person the
//! withheld fields are empty and stay as they are unless something is written into them.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, Conflict, ConflictInfo, FieldSpec, button, conflict_view, date_field,
        form_frame, radio_group, select_field, submit_row, text_area, text_field,
    },
    context::Ctx,
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    http::id,
    id::PersonId,
    saved::Saved,
    text::birth::BirthDate,
};
use maud::{Markup, html};

use super::shell::{self, Place, again, conflict, href, page_of};
use crate::{
    door::{self, Via},
    model::{Details, Person, Sex},
    rules::resident_number,
    store::{self, person::Whereabouts},
    words::{self, Words},
};

const MAX_PHONES: usize = 10;
/// Fields that tell where somebody can be found: (name, label).
const PLACES: [(&str, &str); 4] = [
    ("school", "学校"),
    ("workplace", "勤め先"),
    ("hospital", "通院先"),
    ("desk_in_charge", "担当機関"),
];

pub(super) async fn get(ctx: Ctx, Path(path): Path<String>, via: Via) -> Result<Markup> {
    let person: PersonId = id(&path)?;
    let key = door::open(&ctx, person, via, "person.edit").await?;
    key.need_write()?;
    let mut conn = ctx.read().await?;
    let this = shell::card(&mut conn, &ctx, &key, person).await?;
    let record = store::person::load(&mut conn, &ctx, &key, person).await?;
    let words = words::load(&mut conn, &ctx).await?;
    drop(conn);
    let mut form = drafts::restore(&ctx, &draft_key(person), filled(&ctx, &record)).await?;
    // A draft from before the protection still holds what the form was filled with then.
    for field in PLACES.iter().map(|(name, _)| *name).chain(["phones"]) {
        if store::person::is_withheld_text(&record, field, form.value(field)) {
            form.forget(field);
        }
    }
    Ok(view(&ctx, &key, &this, &form, &words))
}

pub(super) async fn post(
    ctx: Ctx,
    Path(path): Path<String>,
    via: Via,
    posted: Posted,
) -> Result<Response> {
    let person: PersonId = id(&path)?;
    let mut form = Form::from_posted(posted);
    let (mut tx, key) = door::open_for_write(&ctx, person, via, "person.edit").await?;
    let this = shell::card(&mut tx, &ctx, &key, person).await?;
    let words = words::load(&mut tx, &ctx).await?;
    let (details, whereabouts) = read(&ctx, &mut form, &words, this.protected);
    let Some(version) = form.version else {
        return Err(Error::Changed);
    };
    if form.has_errors() {
        return Err(again(view(&ctx, &key, &this, &form, &words)));
    }
    match store::person::update(&mut tx, &ctx, &key, person, version, &details, &whereabouts).await
    {
        Ok(()) => {}
        Err(Error::Changed) => {
            let theirs = store::person::load(&mut tx, &ctx, &key, person).await?;
            let who = store::staff_name(&mut tx, &ctx, theirs.updated_by).await?;
            return Err(conflict(both(
                &ctx, &key, &this, &form, &words, &theirs, &who,
            )));
        }
        Err(e) => return Err(e),
    }
    drafts::clear(&mut tx, &ctx, &draft_key(person)).await?;
    tx.commit().await?;
    Ok(Saved::Person.then(&href(&key, person, "")))
}

fn draft_key(person: PersonId) -> String {
    format!("people/{person}/edit")
}

/// Name and value of every field as stored; what is withheld is left empty.
fn fields(ctx: &Ctx, p: &Person) -> Vec<(&'static str, String)> {
    let d = &p.details;
    let open =
        |v: &engawa_kernel::protected::Protected<String>| v.shown().cloned().unwrap_or_default();
    vec![
        ("label", d.label.clone().unwrap_or_default()),
        ("sex", d.sex.as_code().into()),
        ("birth", birth_text(ctx, d.birth)),
        ("residence", d.residence.clone().unwrap_or_default()),
        (
            "phones",
            p.phones
                .shown()
                .map(|phones| phones.join("\n"))
                .unwrap_or_default(),
        ),
        ("school", open(&p.school)),
        ("workplace", open(&p.workplace)),
        ("hospital", open(&p.hospital)),
        ("desk_in_charge", open(&p.desk_in_charge)),
        ("languages", d.languages.clone()),
        ("certificates", d.certificates.clone()),
        ("resident_number", d.resident_number.clone()),
        ("notes", d.notes.clone()),
    ]
}

fn birth_text(ctx: &Ctx, birth: BirthDate) -> String {
    match birth {
        BirthDate::Unknown => String::new(),
        known => known.display(ctx.calendar),
    }
}

fn filled(ctx: &Ctx, p: &Person) -> Form {
    let mut form = Form::blank();
    form.version = Some(p.version);
    for (name, value) in fields(ctx, p) {
        form.prefill(name, value);
    }
    form
}

fn read(ctx: &Ctx, form: &mut Form, words: &Words, protected: bool) -> (Details, Whereabouts) {
    let today = ctx.today();
    let number = form.text("resident_number", "宛名番号", resident_number::MAX, false);
    if resident_number::looks_like_my_number(&number) {
        form.error("resident_number", "宛名番号", resident_number::REFUSAL);
    }
    let details = Details {
        label: form.opt_text("label", "呼び名", 60),
        sex: form
            .choice("sex", "性別", Sex::OPTIONS, false)
            .and_then(|c| Sex::from_code(&c))
            .unwrap_or_default(),
        birth: form
            .parsed("birth", "生年月日・年齢", false, |t| {
                BirthDate::parse(t, today)
            })
            .unwrap_or_default(),
        residence: form.choice("residence", "居住の状況", &words.residences(), false),
        languages: form.text("languages", "ことば", 100, false),
        certificates: form.text("certificates", "手帳など", 300, false),
        resident_number: number,
        notes: form.text("notes", "メモ", 4_000, false),
    };
    let text = form.text("phones", "電話", 400, false);
    let phones: Vec<String> = text
        .lines()
        .map(|l| l.trim().to_owned())
        .filter(|l| !l.is_empty())
        .collect();
    if phones.len() > MAX_PHONES {
        form.error(
            "phones",
            "電話",
            format!(
                "「電話」は{MAX_PHONES}件までです（いま{}件）。",
                phones.len()
            ),
        );
    }
    let mut place = |(name, label): (&str, &str)| {
        let text = form.text(name, label, 200, false);
        (!protected || !text.is_empty()).then_some(text)
    };
    let [school, workplace, hospital, desk_in_charge] = PLACES.map(&mut place);
    let whereabouts = Whereabouts {
        school,
        workplace,
        hospital,
        desk_in_charge,
        phones: (!protected || !phones.is_empty()).then_some(phones),
    };
    (details, whereabouts)
}

fn view(ctx: &Ctx, key: &RoomKey, this: &shell::This, form: &Form, words: &Words) -> Markup {
    let withheld = |spec: FieldSpec<'static>| {
        if this.protected {
            spec.hint("秘匿中: いまの内容は表示しません。書き換えるときだけ入力してください。")
        } else {
            spec
        }
    };
    let body = html! {
        (text_field(form, FieldSpec::new("label", "呼び名").maxlength(60)
            .hint("名前がわからないときの呼び方。空欄なら性別と年齢から作ります。")))
        (radio_group(form, FieldSpec::new("sex", "性別").national(), Sex::OPTIONS))
        (date_field(form, FieldSpec::new("birth", "生年月日・年齢").national().age()
            .hint("例: S25.3.4、昭和25年、70代、約72歳、不詳")))
        (select_field(form, FieldSpec::new("residence", "居住の状況"), &words.residences()))
        (text_area(form, withheld(FieldSpec::new("phones", "電話").rows(3).maxlength(400).inputmode("tel")
            .hint("1行に1つ。"))))
        @for (name, label) in PLACES {
            (text_field(form, withheld(FieldSpec::new(name, label).maxlength(200))))
        }
        (text_field(form, FieldSpec::new("languages", "ことば").maxlength(100).hint("例: ポルトガル語、手話。通訳の要否も。")))
        (text_area(form, FieldSpec::new("certificates", "手帳など").rows(2).maxlength(300)))
        (text_field(form, FieldSpec::new("resident_number", "宛名番号").maxlength(resident_number::MAX).short()
            .hint("住民記録の宛名番号。個人番号（マイナンバー）は入れられません。")))
        (text_area(form, FieldSpec::new("notes", "メモ").maxlength(4_000)
            .hint("住所や勤め先など、所在がわかることは書かないでください。")))
        (submit_row(button(ButtonKind::Primary, "保存する", None)))
    };
    page_of(
        ctx,
        key,
        this,
        Place::Below,
        "基本情報を直す",
        form_frame(&href(key, this.id, "/edit"), ctx.csrf(), form, body),
    )
}

fn both(
    ctx: &Ctx,
    key: &RoomKey,
    this: &shell::This,
    form: &Form,
    words: &Words,
    theirs: &Person,
    who: &str,
) -> Markup {
    let label = |name: &str| match name {
        "label" => "呼び名",
        "sex" => "性別",
        "birth" => "生年月日・年齢",
        "residence" => "居住の状況",
        "phones" => "電話",
        "languages" => "ことば",
        "certificates" => "手帳など",
        "resident_number" => "宛名番号",
        "notes" => "メモ",
        other => PLACES
            .iter()
            .find(|(n, _)| *n == other)
            .map_or("項目", |(_, l)| l),
    };
    let conflicts: Vec<Conflict> = fields(ctx, theirs)
        .into_iter()
        .filter(|(name, stored)| {
            // An empty withheld field means "as it is" and cannot differ.
            let withheld =
                this.protected && (*name == "phones" || PLACES.iter().any(|(n, _)| n == name));
            !withheld && form.value(name).trim().replace("\r\n", "\n") != *stored
        })
        .map(|(name, stored)| {
            let mine = form.value(name).to_owned();
            let word = |code: &str| match name {
                "sex" => Sex::from_code(code).map_or("", Sex::label).to_owned(),
                _ => words.residence(code).to_owned(),
            };
            if name == "sex" || name == "residence" {
                let (a, b) = (word(&mine), word(&stored));
                Conflict::coded(name, label(name), (vec![mine], a), (vec![stored], b))
            } else {
                Conflict::text(name, label(name), &mine, &stored)
            }
        })
        .collect();
    let when = shell::moment(ctx, theirs.updated_at);
    let info = ConflictInfo {
        who,
        when: &when,
        version: theirs.version,
    };
    let body = conflict_view(
        &href(key, this.id, "/edit"),
        ctx.csrf(),
        form,
        info,
        &conflicts,
    );
    page_of(ctx, key, this, Place::Below, "基本情報を直す", body)
}
