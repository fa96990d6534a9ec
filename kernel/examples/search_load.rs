//! How long a search takes in a made-up city, by who searches and for what:
//! `cargo run --release -p engawa-kernel --features testing --example search_load -- PEOPLE CONTACTS`.

#![allow(
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::disallowed_methods
)]

use std::time::Instant;

use engawa_kernel::{
    access::Role,
    context::Ctx,
    db::{Tx, sql},
    error::Result,
    id::{DeskId, GrantId, PostingId, RoomId},
    search::{self, Doc, DocKind},
    testing::{Town, noon, on_both},
};

const SURNAMES: [(&str, &str); 24] = [
    ("佐藤", "サトウ"),
    ("鈴木", "スズキ"),
    ("高橋", "タカハシ"),
    ("田中", "タナカ"),
    ("伊藤", "イトウ"),
    ("渡辺", "ワタナベ"),
    ("山本", "ヤマモト"),
    ("中村", "ナカムラ"),
    ("小林", "コバヤシ"),
    ("加藤", "カトウ"),
    ("髙橋", "タカハシ"),
    ("渡邉", "ワタナベ"),
    ("斉藤", "サイトウ"),
    ("齋藤", "サイトウ"),
    ("吉田", "ヨシダ"),
    ("山田", "ヤマダ"),
    ("佐々木", "ササキ"),
    ("山口", "ヤマグチ"),
    ("松本", "マツモト"),
    ("井上", "イノウエ"),
    ("木村", "キムラ"),
    ("林", "ハヤシ"),
    ("清水", "シミズ"),
    ("山崎", "ヤマザキ"),
];
const ROOTS: [(&str, &str); 20] = [
    ("山", "ヤマ"),
    ("川", "カワ"),
    ("田", "タ"),
    ("森", "モリ"),
    ("石", "イシ"),
    ("松", "マツ"),
    ("竹", "タケ"),
    ("梅", "ウメ"),
    ("大", "オオ"),
    ("小", "コ"),
    ("中", "ナカ"),
    ("上", "ウエ"),
    ("下", "シモ"),
    ("西", "ニシ"),
    ("東", "ヒガシ"),
    ("北", "キタ"),
    ("南", "ミナミ"),
    ("長", "ナガ"),
    ("高", "タカ"),
    ("青", "アオ"),
];
const GIVEN: [(&str, &str); 20] = [
    ("花子", "ハナコ"),
    ("太郎", "タロウ"),
    ("一郎", "イチロウ"),
    ("幸子", "サチコ"),
    ("和子", "カズコ"),
    ("健", "ケン"),
    ("誠", "マコト"),
    ("恵子", "ケイコ"),
    ("洋子", "ヨウコ"),
    ("明", "アキラ"),
    ("翔", "ショウ"),
    ("美咲", "ミサキ"),
    ("葵", "アオイ"),
    ("蓮", "レン"),
    ("陽菜", "ヒナ"),
    ("清", "キヨシ"),
    ("茂", "シゲル"),
    ("節子", "セツコ"),
    ("千代", "チヨ"),
    ("勇", "イサム"),
];
const WORDS: [&str; 40] = [
    "訪問した",
    "電話があった",
    "病院",
    "受診",
    "滞納",
    "家賃",
    "生活保護",
    "申請",
    "同行",
    "長男",
    "長女",
    "母親",
    "父親",
    "祖母",
    "介護",
    "認知症",
    "不登校",
    "学校",
    "面談",
    "就労",
    "離職",
    "借金",
    "督促",
    "食料",
    "支援",
    "民生委員",
    "地域包括",
    "社協",
    "窓口",
    "本人",
    "拒否",
    "安否確認",
    "眠れない",
    "飲酒",
    "通院",
    "服薬",
    "引きこもり",
    "玄関先",
    "次回",
    "連絡する",
];
const KANJI: &str = "一丁七万三上下不世中主久乗事二五井京人今仕付代任休会伝住体何作使例依価便係信個候借値健側備働元先光免入全公共兵具内円再写冬出刀分切列初判別利到制力加助努労動勤北医区十千半南単厚原去参友反収取受口古台史右号司合同名向君告周味命和品員商問善喜器四回因団困図固国園土圧在地坂均型城域基場報声売変夏夕外多夜大天太夫央失奥女好妻始姉委季学子存孝安完宗官定実客室宮害家容宿密寒察寺対専将小少局居届屋山岡島川州工左差市布希師席帯帰常年幸広庁底店府度座庫庭康延建式引弟弱強当形影役待律後徒従得御徳心必忘応快念怒思急性恐恩息患悪情想意愛感態慣成戦戸所手才打技投抗折抜拡持指振捨採接推措掲換提揚損撃支改放政故教敗散数整料断新方旅族日旧早明易映春昨是時晩景暑暗暮曜書替最月有服望朝期木未本材村束条来東林枚果";

struct Dice(u64);
impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides
    }
    fn name(&mut self) -> (String, String) {
        let (kanji, kana) = if self.roll(3) > 0 {
            let n = SURNAMES.len();
            let at = self.roll(n).min(self.roll(n));
            (SURNAMES[at].0.to_owned(), SURNAMES[at].1.to_owned())
        } else {
            let (a, b) = (ROOTS[self.roll(20)], ROOTS[self.roll(20)]);
            (format!("{}{}", a.0, b.0), format!("{}{}", a.1, b.1))
        };
        let g = GIVEN[self.roll(20)];
        (format!("{kanji} {}", g.0), format!("{kana} {}", g.1))
    }
    fn text(&mut self, kanji: &[char]) -> String {
        let mut text = String::new();
        for n in 0..22 {
            if self.roll(3) == 0 {
                text.push(kanji[self.roll(kanji.len())]);
                text.push(kanji[self.roll(kanji.len())]);
                text.push(['の', 'を', 'に', 'が', 'と'][self.roll(5)]);
            } else {
                text.push_str(WORDS[self.roll(40).min(self.roll(40))]);
                text.push_str(["。", "、", "で", "は", "と"][self.roll(5)]);
            }
            if n == 11 {
                text.push_str("とのこと。");
            }
        }
        text
    }
}

async fn key(
    tx: &mut Tx,
    room: RoomId,
    posting: Option<PostingId>,
    desk: Option<DeskId>,
) -> Result<()> {
    tx.exec(
        sql("insert into access_grant (id, room_id, posting_id, desk_id, level, opens_sealed, basis, reason, source, valid_from)
             values (:id, :room, :posting, :desk, 'write', :no, 'duty', '', 'owner', :now)")
            .bind("id", GrantId::new())
            .bind("room", room)
            .bind("posting", posting)
            .bind("desk", desk)
            .bind("no", false)
            .bind("now", noon()),
    )
    .await?;
    Ok(())
}

async fn fill(town: &Town, people: usize, contacts: usize, actors: &[(Ctx, usize)]) -> Result<()> {
    let mut dice = Dice(7);
    let signs: Vec<char> = KANJI.chars().collect();
    let rooms: Vec<RoomId> = (0..people / 3).map(|_| RoomId::new()).collect();
    let mut tx = town.engine.db.write().await?;
    for (n, room) in rooms.iter().enumerate() {
        tx.exec(
            sql("insert into room (id, municipality_id, kind, number, owner_desk_id, opened_at) values (:id, :m, 'case', :n, :d, :now)")
                .bind("id", *room)
                .bind("m", town.municipality)
                .bind("n", format!("ケR8-{n:06}"))
                .bind("d", town.other_desk)
                .bind("now", noon()),
        )
        .await?;
        key(&mut tx, *room, None, Some(town.other_desk)).await?;
        for (ctx, every) in actors {
            if *every > 0 && n % every == 0 {
                key(&mut tx, *room, Some(ctx.actor.posting()?.id), None).await?;
            }
        }
    }
    tx.commit_unaudited().await?;
    let ctx = &actors[0].0;
    let mut made = Vec::new();
    for n in 0..people {
        let (written, kana) = dice.name();
        let room = rooms[n % rooms.len()];
        made.push((room, DocKind::Name, written));
        made.push((room, DocKind::Name, kana));
        made.push((
            room,
            DocKind::Phone,
            format!("090{:08}", dice.roll(100_000_000)),
        ));
        for _ in 0..contacts / people {
            made.push((
                rooms[dice.roll(rooms.len())],
                DocKind::Contact,
                dice.text(&signs),
            ));
        }
        if made.len() >= 500 || n + 1 == people {
            let docs: Vec<Doc> = made
                .iter()
                .map(|(room, kind, text)| Doc {
                    room: *room,
                    kind: *kind,
                    source: GrantId::new().0,
                    at: noon(),
                    shown: text,
                    text,
                })
                .collect();
            let mut tx = town.engine.db.write().await?;
            search::put_many(&mut tx, ctx, &docs).await?;
            tx.commit_unaudited().await?;
            made.clear();
        }
    }
    Ok(())
}

/// Milliseconds that this process has spent on a processor: others on the machine do not count.
fn busy() -> f64 {
    let nanos: f64 = std::fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|task| std::fs::read_to_string(task.path().join("schedstat")).ok())
        .filter_map(|line| line.split(' ').next()?.parse::<f64>().ok())
        .sum();
    nanos / 1_000_000.0
}

async fn measure(label: &str, ctx: &Ctx, queries: &[&str]) -> Result<()> {
    let mut times = Vec::new();
    let mut worst = (0.0, "");
    let mut hits = 0;
    for round in 0..12 {
        for query in queries {
            let start = busy();
            hits += search::find(ctx, query, 20).await?.len();
            let ms = busy() - start;
            if round > 1 {
                times.push(ms);
                if ms > worst.0 {
                    worst = (ms, *query);
                }
            }
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    println!(
        "{label:<28} median {:6.2} p95 {:6.2} p99 {:6.2} worst {:6.2} {} ({} hits a search)",
        at(50),
        at(95),
        at(99),
        worst.0,
        worst.1,
        hits / 12 / queries.len()
    );
    Ok(())
}

fn main() {
    let mut sizes = std::env::args()
        .skip(1)
        .filter_map(|a| a.parse::<usize>().ok());
    let (people, contacts) = (
        sizes.next().unwrap_or(2_000),
        sizes.next().unwrap_or(10_000),
    );
    on_both(move |town| run(town, people, contacts));
}

async fn run(town: Town, people: usize, contacts: usize) -> Result<()> {
    let few = town.staff("60室", Role::Worker, town.desk).await?;
    let some = town.staff("600室", Role::Worker, town.desk).await?;
    let desk = town.staff("2800室", Role::Worker, town.desk).await?;
    let large = town.staff("14000室", Role::Worker, town.desk).await?;
    let all = town.staff("全室", Role::Worker, town.other_desk).await?;
    let nobody = town.staff("0室", Role::Worker, town.desk).await?;
    let rooms = people / 3;
    let start = Instant::now();
    fill(
        &town,
        people,
        contacts,
        &[
            (few.clone(), rooms / 60),
            (some.clone(), rooms / 600),
            (desk.clone(), rooms / 2_800),
            (large.clone(), (rooms / 14_000).max(1)),
        ],
    )
    .await?;
    println!(
        "filled in {:.0} s, {} MB",
        start.elapsed().as_secs_f64(),
        std::fs::metadata(town.engine.data.join("engawa.sqlite"))
            .map_or(0, |m| m.len() / 1_000_000)
    );
    let names = [
        "たかはし",
        "ﾀｶﾊｼ",
        "高橋",
        "髙橋 花子",
        "さとう",
        "渡邊",
        "山",
        "アオキタ",
        "東南",
        "みさき",
        "たかはしはなこ",
        "齋藤勇",
        "090",
        "5678",
        "ハ",
        "鈴木",
        "すずき けん",
        "やま",
    ];
    let words = [
        "病院",
        "家賃 滞納",
        "生活保護",
        "訪問した",
        "連絡する",
        "安否確認",
        "夜大天",
        "困窮",
        "酒",
        "次回 飲酒",
        "とのこと",
        "民生委員 同行",
        "不世中主",
        "府店",
    ];
    for (label, ctx) in [
        ("0 rooms", &nobody),
        ("60 rooms", &few),
        ("600 rooms", &some),
        ("2800 rooms", &desk),
        ("14000 rooms", &large),
        ("all rooms", &all),
    ] {
        measure(&format!("names, {label}"), ctx, &names).await?;
        measure(&format!("words, {label}"), ctx, &words).await?;
    }
    Ok(())
}
