/** 連携カード (HSE-10): whom one person can call, on a card to carry, and the same on the case's page for whom it lists. */

import { choice, field, follow, pick, press, unfold } from "../support/form.ts";
import { caseOf, family, invite, personOf } from "../support/steps.ts";
import { axe, expect, login, test } from "../support/test.ts";

test("a card is issued with consent, printed, seen by whom it lists, and gone when it is lost", async ({ page, server, as }) => {
  const outside = await as("outside");
  const theirs = (await outside.locator(".user-name").innerText()).trim();
  const { name } = family();
  const holder = `${name} 結`;
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "だれに電話すればよいか、いつも迷います。", subject: { name: holder } });
  const person = await personOf(page, holder);
  await invite(page, path, theirs);

  await page.goto(path);
  await follow(page, "連携カードを作る・確かめる");
  await expect(page.getByRole("main")).toContainText("使用中の連携カードはありません");
  await axe(page);
  await follow(page, "連携カードを作る");
  await axe(page);
  const ours = page.getByRole("group", { name: /^チームから載せる人・窓口/ });
  const line = ours.getByLabel(new RegExp(theirs));
  await expect(ours).toContainText("本人の同意がありません");
  await line.check();
  await press(page, "発行する");
  await expect(page.getByRole("main")).toContainText("カードを発行していません");
  await axe(page);

  // The person agrees, and the same form goes through.
  await page.goto(person.replace("?", "/consents/new?"));
  await choice(page, "同意の有無", "有").check();
  await choice(page, "提供してよい項目", "基本情報").check();
  await page.getByRole("group", { name: /^提供先の窓口/ }).getByLabel(/さくら地域包括支援センター/).check();
  await field(page, "目的").fill("連携カードに載せるため");
  await choice(page, "方法", "口頭").check();
  await field(page, "開始日").fill("今日");
  await press(page, "記録する");
  await page.goto(`${path}/cards/new`);
  await pick(page, "カードを持つ人", holder);
  await line.check();
  await press(page, "発行する");
  await expect(page).toHaveURL(/\/cards$/);
  await expect(page.getByRole("heading", { name: new RegExp(`${holder}さんのカード（第1版）`) })).toBeVisible();
  await axe(page);

  const print = await page.getByRole("link", { name: "印刷（1枚）", exact: true }).getAttribute("href");
  const paper = await page.request.get(`${server.url}${print}`);
  expect(paper.headers()["content-type"]).toBe("application/pdf");
  expect((await paper.body()).subarray(0, 5).toString()).toBe("%PDF-");

  // Whom it lists reads the same on the case's page.
  await outside.goto(path);
  const box = outside.locator("section, .card").filter({ has: outside.getByRole("heading", { name: "連携カード", exact: true }) }).last();
  await expect(box).toContainText(`${holder}さん`);
  await expect(box).toContainText(theirs);
  await axe(outside);

  const lost = await unfold(page, "紛失の届けがあった");
  await field(lost, "いつ・どこでなくしたか").fill("昨日、買い物の帰り");
  await press(lost, "紛失として記録する");
  await expect(page.getByRole("main")).toContainText("使用中の連携カードはありません");
  const again = await page.request.get(`${server.url}${print}`);
  expect(again.status(), "what is lost is not printed again").toBe(422);
  await outside.goto(path);
  await expect(outside.getByRole("main")).not.toContainText(`${holder}さん 第1版`);
  await axe(page);
});
