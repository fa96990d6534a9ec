/** Taking in anyone: a neighbour who must stay hidden, an emergency, several people, nobody sent away. */

import { choice, field, follow, menu, pick, press, unfold } from "../support/form.ts";
import { CASE, CONSULTATION, caseOf, family, makeCase, number, personOf, receive, search } from "../support/steps.ts";
import { axe, expect, login, test } from "../support/test.ts";

const REPORTER = { name: "隣野 通子", kana: "となりの みちこ", contact: "00-8888-7777" };

test("who gave a notice is hidden from the subject's record, the case, the search and the paper", async ({ page, server, as }) => {
  const { name } = family();
  await login(page, server, "worker");
  await page.goto("/consultations/new");
  await field(page, "相談の内容").fill("夜に大きな声がする。心配している。");
  await page.getByLabel("気になる人の情報提供(通報者を伏せる)").check();
  await field(page, "氏名").first().fill(`${name} 気子`);
  const more = await unfold(page, "来談者(本人以外のとき)");
  await field(more, "来談者の氏名").fill(REPORTER.name);
  await field(more, "来談者のふりがな").fill(REPORTER.kana);
  await field(more, "来談者の連絡先").fill(REPORTER.contact);
  await press(page, "保存する");
  await expect(page).toHaveURL(CONSULTATION);
  const consultation = new URL(page.url()).pathname;
  await expect(page.getByRole("main"), "the notice's own page tells those who triage").toContainText(REPORTER.name);
  await expect(page.getByRole("main")).toContainText("本人に伝えない");

  const casePath = await makeCase(page);
  const room = casePath.split("/").at(-1) ?? "";
  const person = await personOf(page, `${name} 気子`);
  const hidden = [
    casePath,
    `${casePath}/print?timeline=1`,
    `${casePath}/team`,
    person,
    person.replace("?", "/relationships?"),
    person.replace("?", "/consents?"),
    `${consultation}/print`,
    `${consultation}/print?for=disclosure`,
    `/rooms/${room}/log`,
    `/rooms/${consultation.split("/").at(-1)}/log`,
    "/today",
    "/consultations",
    `/api/v1/cases/${room}`,
    `/api/v1/cases/${room}/contacts`,
  ];
  for (const path of hidden) {
    await page.goto(path);
    const html = await page.content();
    for (const secret of Object.values(REPORTER)) expect(html, `${path} tells ${secret}`).not.toContain(secret);
  }
  for (const words of Object.values(REPORTER)) {
    await page.goto("/today");
    const text = (await search(page, words)).replaceAll(words, "");
    expect(text, `a search for ${words} leads to the subject`).not.toContain(name);
  }
  // On the paper for the subject even the words are covered: they could point to the neighbour.
  await page.goto(`${consultation}/print?for=disclosure`);
  await expect(page.getByRole("main")).not.toContainText("夜に大きな声がする。");
  await axe(page);

  const clerk = await as("clerk");
  await clerk.goto(consultation);
  for (const secret of Object.values(REPORTER)) expect(await clerk.content()).not.toContain(secret);
});

test("in an emergency the form says whom to call, and colleagues of the desk cannot open it", async ({ page, server, as }) => {
  const { name } = family();
  await login(page, server, "worker");
  await page.goto("/consultations/new");
  const emergency = await unfold(page, "虐待・通報・命の危険のとき");
  const contacts = emergency.getByRole("table", { name: "緊急のときの連絡先" });
  await expect(contacts).toContainText("189");
  await expect(contacts).toContainText("110");
  await axe(page);
  await field(page, "相談の内容").fill("子どもが叩かれているところを見た。");
  await field(page, "氏名").first().fill(`${name} 守`);
  await emergency.getByLabel("限定記録として保存する").check();
  await choice(emergency, "緊急の種別", "虐待").check();
  await field(emergency, "通報・連絡した先").fill("児童相談所");
  await field(emergency, "相手の担当者").fill("当直の方");
  await field(emergency, "根拠となる法令").fill("児童虐待防止法6条");
  await press(page, "保存する");
  await expect(page).toHaveURL(CONSULTATION);
  const path = new URL(page.url()).pathname;
  const its = await number(page);
  await expect(page.getByRole("main")).toContainText("限定記録");
  await expect(page.getByRole("main")).toContainText("児童相談所");
  await axe(page);

  // The head of the desk is told and can open it; a colleague of the desk does not learn of it.
  const supervisor = await as("supervisor");
  await supervisor.goto("/today");
  await expect(supervisor.getByRole("main")).toContainText(its);
  await supervisor.goto(path);
  await expect(supervisor.getByRole("main")).toContainText("子どもが叩かれているところを見た。");
  for (const kind of ["clerk", "coordinator", "outside"]) {
    const other = await as(kind);
    const answer = await other.goto(path);
    expect(answer?.status(), `${kind} learns nothing`).toBe(404);
    await other.goto("/consultations?view=all");
    expect(await other.content(), kind).not.toContain(its);
    await other.goto("/today");
    const text = (await search(other, `${name} 守`)).replaceAll(`${name} 守`, "");
    expect(text, kind).not.toContain(its);
  }
});

test("「対象外」 does not exist, and every outcome asks for what it needs", async ({ page, server }) => {
  await login(page, server, "worker");
  const path = await receive(page, { words: "どこへ行っても断られた。" });
  await page.goto(`${path}/decide`);
  await axe(page);
  const main = page.getByRole("main");
  await expect(main).not.toContainText(/対象外|非該当|不受理/);
  for (const outcome of ["回答して終了", "他機関につないだ", "中断・取下げ", "見守り", "同意に向け継続"]) {
    await page.goto(`${path}/decide`);
    await choice(page, "判断", outcome).check();
    await press(page, "保存する");
    await expect(page.getByRole("alert", { name: "入力の確認" }), outcome).toBeVisible();
  }
  // A made-up outcome is not taken either.
  const csrf = await page.locator('form[action$="/decide"] input[name="csrf"]').getAttribute("value");
  const once = await page.locator('form[action$="/decide"] input[name="once"]').getAttribute("value");
  const forged = await page.request.post(`${path}/decide`, {
    form: { csrf: csrf ?? "", once: once ?? "", version: "1", state: "not_ours", text: "対象外" },
    headers: { origin: server.url },
  });
  expect(forged.status()).toBe(422);

  await page.goto(`${path}/decide`);
  await choice(page, "判断", "見守り").check();
  await field(page, "次に確かめる日").fill("R20.4.1");
  await press(page, "保存する");
  await expect(page).toHaveURL(CONSULTATION);
  await expect(main, "it still shows whose move it is").toContainText("いまの担当");
  await expect(main).toContainText("見守り");
});

test("an answer that ends it can be corrected, and the old decision stays", async ({ page, server }) => {
  await login(page, server, "worker");
  const path = await receive(page, { words: "ごみの日を知りたい。" });
  await page.goto(`${path}/decide`);
  await choice(page, "判断", "回答して終了").check();
  await page.getByLabel(/^内容\(回答した内容/).fill("収集日の表を渡した。");
  await press(page, "保存する");
  await expect(page.getByRole("main")).toContainText("回答して終了");
  await page.goto(`${path}/decide`);
  await choice(page, "判断", "見守り").check();
  await field(page, "次に確かめる日").fill("R20.4.1");
  await field(page, "訂正の理由").fill("困りごとが残っていた");
  await press(page, "訂正して保存する");
  await expect(page).toHaveURL(CONSULTATION);
  await expect(page.getByRole("main")).toContainText("訂正前");
  await expect(page.getByRole("main")).toContainText("収集日の表を渡した。");
  await axe(page);
});

test("somebody who may be known is shown before saving, and the choice is mine", async ({ page, server, as }) => {
  const { name, kana } = family();
  const subject = { name: `${name} 同子`, kana: `${kana} どうこ`, birth: "S40.5.6", phone: "00-1212-3434" };
  await login(page, server, "worker");
  await caseOf(page, { words: "一度目。", subject });
  const person = (await personOf(page, subject.name)).split("?")[0] ?? "";

  await page.goto("/consultations/new");
  await field(page, "相談の内容").fill("二度目の電話。");
  await field(page, "氏名").first().fill(`${name}同子`);
  await field(page, "電話").first().fill("0012123434");
  await press(page, "保存する");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("同じ人かどうか確かめる");
  await expect(page.getByText("まだ保存していません")).toBeVisible();
  await expect(page.getByRole("main")).toContainText(subject.name);
  await expect(page.getByRole("main")).toContainText("似ているところ");
  await axe(page);
  await page.getByRole("button", { name: "この人の記録に加える" }).first().click();
  await expect(page).toHaveURL(CONSULTATION);
  await expect(page.getByRole("main")).toContainText("二度目の電話。");
  await expect(page.locator(`main a[href^="${person}"]`).first(), "the same person, not a second record").toBeVisible();

  // Somebody without a key is not told that there is such a person.
  const outside = await as("outside");
  await outside.goto("/consultations/new");
  await field(outside, "相談の内容").fill("よその窓口への電話。");
  await field(outside, "氏名").first().fill(subject.name);
  await field(outside, "ふりがな").first().fill(subject.kana);
  await field(outside, "生年月日・年齢").first().fill(subject.birth);
  await press(outside, "保存する");
  await expect(outside).toHaveURL(CONSULTATION);
  const text = await outside.getByRole("main").innerText();
  expect(text).not.toContain("二度目の電話。");
  expect(text).not.toContain(subject.phone);
});

test("several people, issues by code with one ◎, and rows without scripts", async ({ page, server }) => {
  const { name } = family();
  await login(page, server, "worker");
  await page.goto("/consultations/new");
  await field(page, "相談の内容").fill("親子でお困り。");
  const row = (n: number) => page.getByRole("group", { name: new RegExp(`^相談の対象となる人.* ${n}$`) });
  await field(row(1), "氏名").fill(`${name} 親一`);
  await press(page, "人を追加");
  await expect(field(page, "相談の内容")).toHaveValue("親子でお困り。");
  await field(row(2), "氏名").fill(`${name} 子一`);
  await field(row(2), "生年月日・年齢").fill("40代");
  await page.getByLabel("病気や健康、障害のこと", { exact: true }).check();
  await page.getByLabel("住まいのこと", { exact: true }).check();
  await press(page, "保存する");
  await expect(page.getByRole("alert", { name: "入力の確認" })).toContainText("◎");
  await page.getByLabel("◎最も困っていること: 住まいのこと").check();
  await press(page, "保存する");
  const another = page.getByRole("button", { name: /別の人として登録/ });
  if (await another.first().isVisible()) await another.first().click();
  await expect(page).toHaveURL(CONSULTATION);
  const main = page.getByRole("main");
  await expect(main).toContainText("◎ 住まいのこと");
  await expect(main).toContainText(`${name} 親一`);
  await expect(main).toContainText(`${name} 子一`);
  await makeCase(page);
  await expect(page).toHaveURL(CASE);
  await expect(page.getByRole("region", { name: "世帯" })).toContainText(`${name} 子一`);
});

test("impossible dates, far too much text and strange signs get a clear sentence", async ({ page, server }) => {
  await login(page, server, "worker");
  await page.goto("/consultations/new");
  await field(page, "相談の内容").fill("日付の誤り。");
  await field(page, "生年月日・年齢").first().fill("S99.13.45");
  await press(page, "保存する");
  await expect(page.getByRole("alert", { name: "入力の確認" })).toContainText("生年月日・年齢");
  await expect(field(page, "生年月日・年齢").first()).toHaveValue("S99.13.45");
  await field(page, "生年月日・年齢").first().fill("S50.2.3");
  await field(page, "相談の内容").fill("長".repeat(20_001));
  await press(page, "保存する");
  await expect(page.getByRole("alert", { name: "入力の確認" })).toContainText("20,000");
  const strange = "𠮷野家の前。👩‍👧‍👦 \u202E逆さ <b>太字</b> & \"引用\"";
  await field(page, "相談の内容").fill(strange);
  await press(page, "保存する");
  await expect(page).toHaveURL(CONSULTATION);
  await expect(page.getByRole("main")).toContainText("<b>太字</b>");
  await expect(page.getByRole("main")).toContainText("👩‍👧‍👦");
});

test("a lay receiver hands a slip over and sees only the receipt afterwards", async ({ page, server, as }) => {
  await login(page, server, "entry");
  await menu(page, "相談受付");
  await follow(page, "受付票を書く");
  await axe(page);
  await field(page, "聞いたこと・気づいたこと").fill("新聞が三日たまっている家がある。");
  await field(page, "場所・行事").fill("三丁目の角");
  const desk = field(page, "渡す窓口");
  if (await desk.isVisible()) await pick(page, "渡す窓口", "くらし相談窓口");
  await press(page, "専門職に渡す");
  await expect(page.getByRole("table", { name: "あなたが渡した受付票" })).toContainText("受付済");
  await axe(page);
  const its = await page.getByRole("rowheader").first().innerText();
  const slip = (await page.getByRole("rowheader").first().getByRole("link").getAttribute("href")) ?? "";

  const worker = await as("worker");
  await worker.goto("/consultations?view=desk");
  const row = worker.getByRole("row").filter({ hasText: its.trim() });
  await expect(row).toContainText("受付票");
  await row.getByRole("link").first().click();
  await expect(worker.getByRole("main")).toContainText("新聞が三日たまっている家がある。");
  await press(worker, "引き受ける");
  await page.goto(slip);
  expect(await page.content(), "taken over, the words are closed").not.toContain("新聞が三日たまっている家がある。");
});
