/**
 * Systems that municipalities run today under their own names, as their officers would try them here
 * (the table of real systems in the requirements): 妹背牛町, 江戸川区, 世田谷区, 草加市.
 */

import type { Page } from "@playwright/test";
import { choice, field, follow, menu, pick, press, unfold } from "../support/form.ts";
import { caseOf, family, receive } from "../support/steps.ts";
import { axe, expect, login, test } from "../support/test.ts";

const SHEET = /\/referrals\/[0-9a-f]{8}-[0-9a-f-]{27}$/;
const CENTRE = "さくら地域包括支援センター";
const CITY = "福祉総合相談窓口";

/** Asks a desk for advice about the case; the text speaks of nobody. Ends on the sheet. */
async function askForAdvice(page: Page, casePath: string, desk: string, question: string): Promise<string> {
  await page.goto(casePath);
  await follow(page, "つなぐシートを書く");
  await page.getByRole("row", { name: new RegExp(desk) }).getByRole("link", { name: /ここに渡す/ }).click();
  await choice(page, "お願いの種類", "助言・バックアップの依頼").check();
  await field(page, "お願いしたいこと").fill(question);
  await press(page, "送る");
  const checked = page.getByLabel(/個人が分かること・秘匿の人の居場所が書かれていないことを確かめました/);
  if (await checked.isVisible()) {
    await checked.check();
    await press(page, "送る");
  }
  await expect(page).toHaveURL(SHEET);
  return new URL(page.url()).pathname;
}

test("妹背牛町 まちかどアドバイザー: a resident sees their own slips only, and 包括 takes the worry over", async ({ page, server, as }) => {
  await login(page, server, "worker");
  const foreign = await receive(page, { words: "専門職だけが知っていること。" });

  const resident = await as("entry");
  await menu(resident, "相談受付");
  await follow(resident, "受付票を書く");
  await field(resident, "聞いたこと・気づいたこと").fill("郵便受けがあふれている。");
  await press(resident, "専門職に渡す");
  await expect(resident.getByRole("table", { name: "あなたが渡した受付票" })).toContainText("受付済");
  const refused = await resident.goto(foreign);
  expect(refused?.status(), "what professionals took in stays shut").not.toBe(200);
  await resident.goto("/consultations");
  expect(await resident.content()).not.toContain("専門職だけが知っていること。");

  // The adviser's own desk passes it up to 包括, where it is nobody's guess whose move it is.
  const slip = (await resident.getByRole("rowheader").first().getByRole("link").getAttribute("href")) ?? "";
  const worry = slip.replace("/slip/", "/");
  await page.goto(`${worry}/assign`);
  await pick(page, "窓口", new RegExp(CENTRE));
  await press(page, "渡す");
  const centre = await as("outside");
  await centre.goto(worry);
  await expect(centre.getByRole("main")).toContainText("郵便受けがあふれている。");
  await press(centre, "引き受ける");
  await axe(centre);
});

test("草加市 庁内ソーシャルワーカー: a CSW's question returns with schemes that can be used", async ({ page, server, as }) => {
  const { name } = family();
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "家賃が払えない。", subject: { name: `${name} 家計` } });
  const sheet = await askForAdvice(page, path, CITY, "家賃を二か月滞納している世帯に使える制度を教えてください。");

  const city = await as("coordinator");
  await city.goto(sheet);
  expect(await city.content(), "a question, nobody's name").not.toContain(name);
  await press(city, "受領する");
  const advice = await unfold(city, "助言だけする");
  await field(advice, "助言の内容").fill("住居確保給付金が使えます。自立相談支援機関で申請できます。");
  await press(advice, "助言だけする");

  await page.goto(sheet);
  await expect(page.getByRole("main")).toContainText("住居確保給付金が使えます。");
  await axe(page);
  const other = await as("outside");
  const shut = await other.goto(sheet);
  expect(shut?.status(), "the answer reaches only who asked").not.toBe(200);
});

test("江戸川区 なごみの家: what was linked on is counted, and the number opens", async ({ page, server, as }) => {
  const { name } = family();
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "居場所で話を聞いた。", subject: { name: `${name} 和` } });
  const sheet = await askForAdvice(page, path, CENTRE, "一緒に考えてください。");
  const centre = await as("outside");
  await centre.goto(sheet);
  await press(centre, "受領する");

  await page.goto("/referrals");
  await follow(page, /^集計/);
  await axe(page);
  const row = page.getByRole("row", { name: new RegExp(CENTRE) });
  await row.getByRole("link").first().click();
  await expect(page.locator(`main a[href="${sheet}"]`)).toBeVisible();
});

test("世田谷区 身近な福祉の相談窓口: no consultation ends without a link or a reason", async ({ page, server }) => {
  await login(page, server, "worker");
  const consultation = await receive(page, { words: "どこに聞けばよいか分からない。" });
  for (const outcome of ["回答して終了", "他機関につないだ", "中断・取下げ"]) {
    await page.goto(`${consultation}/decide`);
    await choice(page, "判断", outcome).check();
    await press(page, "保存する");
    await expect(page.getByRole("alert", { name: "入力の確認" }), outcome).toBeVisible();
  }
  await axe(page);
  await page.goto("/consultations?view=desk");
  await expect(page.locator(`main a[href="${consultation}"]`).first(), "it still waits").toBeVisible();
  expect(await page.content()).not.toContain("対象外");
});
