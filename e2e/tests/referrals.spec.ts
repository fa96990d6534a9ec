/** 町田's flow: one desk hears of a son's withdrawal and hands that part over for certain; the receiver visits and reports. */

import type { Page } from "@playwright/test";
import { choice, field, follow, menu, press, unfold } from "../support/form.ts";
import { caseOf, family, personOf } from "../support/steps.ts";
import { axe, expect, login, test } from "../support/test.ts";

const SHEET = /\/referrals\/[0-9a-f]{8}-[0-9a-f-]{27}$/;
const ITEMS = ["基本情報", "相談内容", "健康・障害", "経済状況", "家族の状況", "就学・就労", "利用中の制度", "支援経過", "支援プラン"];
const RECEIVER = /さくら地域包括支援センター/;

/** Writes down that the person on screen agrees that the receiver may know everything. */
async function agree(page: Page, person: string): Promise<void> {
  await page.goto(person.replace("?", "/consents/new?"));
  await choice(page, "同意の有無", "有").check();
  for (const item of ITEMS) await choice(page, "提供してよい項目", item).check();
  await page.getByRole("group", { name: /^提供先の窓口/ }).getByLabel(RECEIVER).check();
  await field(page, "目的").fill("一緒に支えるため");
  await choice(page, "方法", "口頭").check();
  await field(page, "開始日").fill("今日");
  await press(page, "記録する");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("同意と提供");
}

/** From the case's page to the sheet's form. */
async function begin(page: Page, casePath: string): Promise<void> {
  await page.goto(casePath);
  await follow(page, "つなぐシートを書く");
  await axe(page);
  await page.getByRole("row", { name: RECEIVER }).getByRole("link", { name: /ここに渡す/ }).click();
  await field(page, "お願いしたいこと").fill("一度訪ねて、暮らしの相談に乗ってください。");
}

test("a worry is handed over, taken on, visited and reported", async ({ page, server, as }) => {
  const { name } = family();
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "息子が家から出ません。", subject: { name: `${name} 浩男` } });
  await agree(page, await personOf(page, `${name} 浩男`));

  await begin(page, path);
  await field(page, "配慮を希望されること").fill("電話は午前だけ。");
  await press(page, "相手に見える内容を確かめる");
  await expect(page.getByRole("heading", { name: "相手に見える内容" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("渡せる理由: 同意");
  await axe(page);
  await press(page, "送る");
  await expect(page).toHaveURL(SHEET);
  const sheet = new URL(page.url()).pathname;
  await expect(page.getByRole("main")).toContainText("受け手（");
  await axe(page);

  const other = await as("outside");
  const closed = await other.goto(path);
  expect(closed?.status(), "the case stays shut").not.toBe(200);
  await menu(other, "つなぐ");
  await axe(other);
  await other.locator(`a[href="${sheet}"]`).click();
  await expect(other.getByRole("main")).toContainText("電話は午前だけ。");
  await expect(other.getByRole("main")).not.toContainText("渡せる理由");
  await axe(other);
  await press(other, "受領する");
  await unfold(other, "引き受ける");
  await press(other, "引き受ける");
  await press(other, "対応を始める");
  const opened = await other.goto(path);
  expect(opened?.status(), "accepting opened the case").toBe(200);
  await other.goto(sheet);
  const report = await unfold(other, "結果を報告する");
  await choice(report, "結果", "継続して対応").check();
  await field(report, "したこと・分かったこと（電話・訪問など）").fill("訪問して、縁側で二十分話せた。");
  await press(report, "結果を報告する");
  await expect(other.getByRole("main")).toContainText("送り手（");

  await page.goto("/referrals?view=sent");
  await page.locator(`a[href="${sheet}"]`).click();
  await expect(page.getByRole("main")).toContainText("縁側で二十分話せた。");
  await unfold(page, "確かめて完了にする");
  await press(page, "確かめて完了にする");
  await expect(page.getByRole("main")).toContainText("完了");
  await axe(page);
  const shut = await other.goto(path);
  expect(shut?.status(), "closing took the key back").not.toBe(200);
});

test("who did not agree is not in it, by name or otherwise", async ({ page, server, as }) => {
  const { name } = family();
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "一人では決められない。", subject: { name: `${name} 無同意` } });
  await begin(page, path);
  await press(page, "送る");
  await expect(page.getByText("このままでは送れません")).toBeVisible();
  await expect(page.getByRole("main")).toContainText("載らない人");
  await axe(page);
  await choice(page, "お願いの種類", "助言・バックアップの依頼").check();
  await expect(field(page, "相談したいこと（本人・家族の言葉）"), "nobody's words without consent").toHaveValue("");
  await press(page, "送る");
  await expect(page.getByRole("alert", { name: "入力の確認" })).toContainText("文章を読み返して");
  await axe(page);
  await page.getByLabel(/個人が分かること・秘匿の人の居場所が書かれていないことを確かめました/).check();
  await press(page, "送る");
  await expect(page).toHaveURL(SHEET);
  const sheet = new URL(page.url()).pathname;
  const other = await as("outside");
  await other.goto(sheet);
  expect(await other.content()).not.toContain(name);
});
