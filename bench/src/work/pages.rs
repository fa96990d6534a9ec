//! W1 to W4 and words inside contacts: one browser, one request after the other.

use super::{Plan, form, measure, save, set};
use crate::{
    Result,
    http::{Client, first_link, links, quoted},
    report::Run,
};

/// The family of the one case with a timeline of 200 entries (`engawa_demo::LONG_CASE_FAMILY`).
const LONG_CASE: &str = "長帳";

/// W1: a consultation with a household of four, from the filled form to the saved record.
pub fn register(client: &mut Client, plan: &Plan, run: &mut Run) -> Result<()> {
    let action = "/consultations/new";
    let page = client.page(action)?.body;
    let fields = form(&page, action)?;
    let times = measure(plan.requests, |n| {
        let mut fields = fields.clone();
        set(
            &mut fields,
            "words",
            "計測のための相談です。介護と仕事の両立について。",
        );
        for (place, (given, kana)) in [
            ("計", "けい"),
            ("測", "そく"),
            ("用", "よう"),
            ("人", "じん"),
        ]
        .into_iter()
        .enumerate()
        {
            let name = |f: &str| format!("subject[{place}].{f}");
            // A new family each time: the check for duplicates has something to look for and
            // nothing to ask.
            set(
                &mut fields,
                &name("name"),
                format!("計測{} {given}{n}", hiragana(n)),
            );
            set(
                &mut fields,
                &name("kana"),
                format!("けいそく{} {kana}", hiragana(n)),
            );
            set(
                &mut fields,
                &name("birth"),
                format!("19{:02}-03-0{}", 30 + n % 60, place + 1),
            );
        }
        save(client, action, &fields)
    })?;
    run.times
        .insert("W1 register, household of four".into(), times);
    Ok(())
}

/// A number in kana, so that names differ as names do.
fn hiragana(mut n: usize) -> String {
    const SIGNS: [char; 10] = ['あ', 'い', 'う', 'え', 'お', 'か', 'き', 'く', 'け', 'こ'];
    let mut text = String::new();
    loop {
        text.push(SIGNS[n % 10]);
        n /= 10;
        if n == 0 {
            return text;
        }
    }
}

/// W2: somebody by a part of the name in kana, or in kanji of another form; then words.
pub fn find(client: &mut Client, plan: &Plan, run: &mut Run) -> Result<()> {
    let groups: [(&str, &[&str]); 3] = [
        (
            "W2 find by kana",
            &["ﾀｶﾊｼ", "たかはし", "わたな", "さいとう", "みほん"],
        ),
        (
            "W2 find by variant kanji",
            &["髙橋", "渡邊", "斉藤", "濱田", "高橋 花子"],
        ),
        (
            "words inside contacts",
            &["家計簿", "将棋", "督促状 封", "フードバンク", "納税課"],
        ),
    ];
    for (name, words) in groups {
        let times = measure(plan.requests, |n| {
            let path = format!("/search?q={}", quoted(words[n % words.len()]));
            Ok(client.page(&path)?.took)
        })?;
        run.times.insert(name.into(), times);
    }
    Ok(())
}

/// W3: the page of a case with 200 entries.
pub fn long_case(client: &mut Client, plan: &Plan, run: &mut Run) -> Result<()> {
    let found = client
        .page(&format!("/search?q={}", quoted(LONG_CASE)))?
        .body;
    let case = first_link(&found, "/cases/").ok_or("the search does not lead to the long case")?;
    let times = measure(plan.requests, |_| Ok(client.page(&case)?.took))?;
    run.times.insert("W3 case page, 200 entries".into(), times);
    Ok(())
}

/// W4: the first page of a worker with 300 open items.
pub fn today(client: &mut Client, plan: &Plan, run: &mut Run) -> Result<()> {
    let times = measure(plan.requests, |_| Ok(client.page("/today")?.took))?;
    run.times.insert("W4 きょう, 300 open items".into(), times);
    Ok(())
}

/// W8: a つなぐシート as a PDF of one A4 page, with its line in the print log.
pub fn sheet(client: &mut Client, plan: &Plan, run: &mut Run) -> Result<()> {
    let list = client.page("/referrals?view=sent")?.body;
    // What is still being written may not be printed yet.
    let pdf = links(&list, "/referrals/")
        .map(|sheet| format!("{sheet}/sheet.pdf"))
        .find(|pdf| client.page(pdf).is_ok())
        .ok_or("the worker has sent no つなぐシート")?;
    let times = measure(plan.requests.div_ceil(3), |_| Ok(client.page(&pdf)?.took))?;
    run.times
        .insert("W8 つなぐシート as PDF (aim: 300)".into(), times);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::hiragana;

    #[test]
    fn numbers_become_names() {
        assert_eq!(
            (hiragana(0), hiragana(12)),
            ("あ".to_owned(), "うい".to_owned())
        );
    }
}
