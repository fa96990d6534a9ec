//! W11: last year's ledgers, as `/ledgers` takes them in: a CSV in Windows-31J, days in 和暦 and 西暦,
//! readings in half-width kana; uploaded, its columns confirmed, taken in until the page says so.

use std::{
    fmt::Write as _,
    path::Path,
    time::{Duration, Instant},
};

use super::{Plan, said};
use crate::{
    Result, data,
    http::{Answer, Client, filled},
    report::Run,
    server::Server,
    stats::Times,
};

/// How often somebody looks whether it is done.
const LOOK: Duration = Duration::from_millis(500);
/// An import that takes longer is given up.
const GIVE_UP: Duration = Duration::from_secs(3_600);

/// Imports a ledger of each size.
pub fn run(engawa: &Path, folder: &Path, plan: &Plan, run: &mut Run) -> Result<()> {
    let server = Server::start(engawa, folder)?;
    let login = data::login(folder, "coordinator")?;
    let mut client = server.client();
    client.log_in(&login.user, &login.password)?;
    let mut all = Vec::new();
    for (n, rows) in plan.rows.iter().enumerate() {
        let took = import(&mut client, n, *rows)?;
        let name = format!("W11 import of {rows} rows, all steps");
        run.times.insert(name, Times::of(vec![took.whole]));
        let name = format!("W11 import of {rows} rows, reading and checking");
        run.times.insert(name, Times::of(vec![took.checked]));
        let speed = *rows as f64 / took.whole.as_secs_f64();
        let name = format!("W11 rows per second, {rows} rows");
        run.figures.insert(name, speed);
        all.push((*rows, took.whole));
    }
    // The growth that the aim speaks of is that of the two largest.
    if let [.., (small, first), (large, second)] = all.as_slice() {
        let grown = second.as_secs_f64() / first.as_secs_f64();
        let per_row = grown * *small as f64 / *large as f64;
        let name = format!("W11 time per row, {large} rows over {small} (aim: 1)");
        run.figures.insert(name, per_row);
    }
    if let Some(resident) = server.resident() {
        run.figures
            .insert("W11 resident after the imports (MB)".into(), resident);
    }
    Ok(())
}

struct Took {
    checked: Duration,
    whole: Duration,
}

fn import(client: &mut Client, turn: usize, rows: usize) -> Result<Took> {
    let text = ledger(turn, rows);
    let (bytes, _, unmapped) = encoding_rs::SHIFT_JIS.encode(&text);
    if unmapped {
        return Err("a sign of the ledger is not in Windows-31J".into());
    }
    let form = client.page("/ledgers/new")?.body;
    let fields = filled(&form, "/ledgers/new");
    let start = Instant::now();
    let answer = client.upload("/ledgers/new", &fields, ("file", "台帳.csv", &bytes))?;
    let columns = leads_to(answer)?;
    let form = client.page(&columns)?.body;
    let answer = client.post(&columns, &filled(&form, &columns))?;
    let page = leads_to(answer)?;
    let form = client.page(&page)?.body;
    let checked = start.elapsed();
    let action = format!("{page}/run");
    let fields = filled(&form, &action);
    if fields.is_empty() {
        return Err(format!("nothing to take in: {}", said(&form)).into());
    }
    leads_to(client.post(&action, &fields)?)?;
    while start.elapsed() < GIVE_UP {
        let body = client.page(&page)?.body;
        if body.contains("台帳の取り込みの結果") {
            let whole = start.elapsed();
            let all = format!("{rows}行");
            return if body.contains(&all) && !body.contains("取り込めない行") {
                Ok(Took { checked, whole })
            } else {
                Err(format!("{page}: not all rows were taken in").into())
            };
        }
        if !body.contains("台帳を取り込んでいます") {
            return Err(format!("{page}: the import stopped").into());
        }
        std::thread::sleep(LOOK);
    }
    Err(format!("{page}: not done after an hour").into())
}

fn leads_to(answer: Answer) -> Result<String> {
    if answer.status == 303 {
        return Ok(answer.location);
    }
    Err(format!("{}: {}", answer.status, said(&answer.body)).into())
}

const FAMILIES: [(&str, &str); 6] = [
    ("見本", "ﾐﾎﾝ"),
    ("架空", "ｶｸｳ"),
    ("例示", "ﾚｲｼﾞ"),
    ("仮名", "ｶﾒｲ"),
    ("計測", "ｹｲｿｸ"),
    ("台帳", "ﾀﾞｲﾁｮｳ"),
];
const GIVEN: [(&str, &str); 7] = [
    ("一郎", "ｲﾁﾛｳ"),
    ("二葉", "ﾌﾀﾊﾞ"),
    ("三津", "ﾐﾂ"),
    ("四季", "ｼｷ"),
    ("五月", "ｻﾂｷ"),
    ("六花", "ﾘｯｶ"),
    ("七海", "ﾅﾅﾐ"),
];

/// A ledger of invented people, most of them once, some of them again, in the fiscal year 2023.
fn ledger(turn: usize, rows: usize) -> String {
    let mut text = String::from(
        "受付日,氏名,フリガナ,生年月日,性別,住所,電話,相談内容,経路,方法,対応,終結,担当,備考\r\n",
    );
    for n in 0..rows {
        // Every fifth row is about somebody who came before.
        let person = if n % 5 == 4 { n / 2 } else { n };
        let (family, family_kana) = FAMILIES[person % FAMILIES.len()];
        let (given, given_kana) = GIVEN[person / FAMILIES.len() % GIVEN.len()];
        let received = received(n);
        let closed = if n % 4 == 0 { "" } else { &received };
        let _ = write!(
            text,
            "{received},{family} {given},{family_kana} {given_kana},{},{},青波県みなも町{}丁目{}番,090-0000-{:04},",
            birth(person),
            ["男", "女"][person % 2],
            1 + person % 9,
            1 + person % 40,
            person % 10_000,
        );
        let _ = write!(
            text,
            "計測{turn}の{n}番目の相談。家賃と電気代が払えない。,{},{},\"家計の見直しを案内し、\n来週また話すことにした。\",{closed},担当{},{}\r\n",
            ["本人", "民生委員", ""][n % 3],
            ["来所", "電話", "訪問"][n % 3],
            n % 12,
            if n % 6 == 0 { "〃" } else { "ﾒﾓ" },
        );
    }
    text
}

/// A day of the fiscal year, written as people write it.
fn received(n: usize) -> String {
    let (month, day) = (1 + n % 12, 1 + n / 12 % 28);
    let (year, era) = if month >= 4 { (2023, 5) } else { (2024, 6) };
    match n % 4 {
        0 => format!("R{era}.{month}.{day}"),
        1 => format!("{year}/{month}/{day}"),
        2 => format!("令和{era}年{month}月{day}日"),
        _ => format!("{year}-{month:02}-{day:02}"),
    }
}

/// Birthdays from 1926 on: with 42 names, a person for each of a hundred thousand rows.
fn birth(person: usize) -> String {
    let place = person / (FAMILIES.len() * GIVEN.len());
    let (year, month, day) = (27 + place % 60, 1 + place / 60 % 12, 1 + place / 720 % 28);
    match person % 3 {
        0 if year < 64 => format!("S{year}.{month}.{day}"),
        1 if year < 64 => format!("昭和{year}年{month}月{day}日"),
        _ => format!("{}/{month}/{day}", 1925 + year),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_can_be_written_in_windows_31j() {
        let text = ledger(0, 3_000);
        assert_eq!(text.matches("\r\n").count(), 3_001);
        assert!(!encoding_rs::SHIFT_JIS.encode(&text).2);
    }
}
