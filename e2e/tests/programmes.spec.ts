/** 実施計画: a sheet is read, confirmed, set up from, written by two, approved, compared and printed. */

import { fileURLToPath } from "node:url";
import { field, follow, menu, pick, press } from "../support/form.ts";
import { axe, expect, login, test } from "../support/test.ts";

const NEIGHBOUR = fileURLToPath(new URL("../../domains/programmes/samples/tonari-machi.txt", import.meta.url));

test("a coordinator reads this year's sheet beside last year's and writes a block", async ({ page, server }) => {
  await login(page, server, "coordinator");
  await menu(page, "実施計画");
  await axe(page);
  const own = page.getByRole("table", { name: "この自治体の計画書" });
  await expect(own).toContainText("作成中");
  await own.getByRole("link").first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("実施計画書");
  await expect(page.getByText("前年度のまま").first()).toBeVisible();
  await axe(page);
  const sheet = page.url();

  await follow(page, "「2 事業を実施する上でのビジョン」を書く");
  await axe(page);
  await field(page, "本事業に取り組む目的・狙い").fill("どの窓口でも断らない。谷の集落にも届ける。");
  await press(page, "保存する");
  await expect(page).toHaveURL(/#b2$/);
  await expect(page.getByText("谷の集落にも届ける")).toBeVisible();
  await expect(page.getByText("最後に書いたのはあなたです")).toBeVisible();

  await page.goto(`${sheet}/compare`);
  await expect(page.getByRole("table", { name: "2 事業を実施する上でのビジョン" })).toContainText("違う");
  await axe(page);
  await page.goto(`${sheet}/versions`);
  await axe(page);
  const print = await page.request.get(`${sheet}/print.pdf`);
  expect(print.headers()["content-type"]).toBe("application/pdf");
  expect((await print.body()).subarray(0, 4).toString()).toBe("%PDF");
  const book = await page.request.get(`${sheet}/sheet.xlsx`);
  expect(book.status()).toBe(200);
});

test("another planner approves, and everybody reads it", async ({ page, server, as }) => {
  await login(page, server, "admin");
  await page.goto("/programmes");
  await page.getByRole("table", { name: "この自治体の計画書" }).getByRole("link").first().click();
  await page.getByRole("button", { name: /版を承認する$/ }).click();
  await expect(page.getByText("この版は承認済みです")).toBeVisible();
  await axe(page);
  const worker = await as("worker");
  await worker.goto(page.url());
  await expect(worker.getByText("承認済み").first()).toBeVisible();
  await expect(worker.getByText("（公表しません）")).toBeVisible();
  await axe(worker);
});

test("a neighbour's file is read, confirmed and compared with", async ({ page, server }) => {
  await login(page, server, "coordinator");
  await page.goto("/programmes/upload");
  await axe(page);
  await page.getByLabel(/計画書のテキストファイル/).setInputFiles(NEIGHBOUR);
  await press(page, "読み取る");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("読み取りを確かめる");
  await expect(page.getByRole("table", { name: "1-1 自治体の基本情報" })).toContainText("38.9");
  await axe(page);
  await page.getByLabel("ほかの自治体", { exact: true }).check();
  await press(page, "確かめた内容で計画書にする");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("となり町");
  await follow(page, "見比べる");
  await pick(page, "何と見比べるか", "縁側市");
  await press(page, "見比べる");
  await expect(page.getByRole("table", { name: "1-1 自治体の基本情報" })).toContainText("違う");
  await axe(page);
});

test("an administrator takes an area from the sheet, and refuses another", async ({ page, server }) => {
  await login(page, server, "admin");
  await page.goto("/programmes/setup");
  await axe(page);
  const card = page.locator("section.card").filter({ has: page.getByRole("heading", { name: "東中学校区" }) });
  await expect(card).toContainText("3中学校区");
  await press(card, "採用する");
  await expect(page.getByRole("table", { name: "決めた案" })).toContainText("東中学校区");
  const other = page.locator("section.card").filter({ has: page.getByRole("heading", { name: "西中学校区" }) });
  await press(other, "採用しない");
  await expect(page.getByRole("table", { name: "決めた案" })).toContainText("不採用");
  await page.goto("/programmes/setup?kind=desk");
  await axe(page);
  await page.goto("/organisations/areas");
  await expect(page.getByRole("main")).toContainText("東中学校区");
});

test("a goal without a number gets its yearly evidence and rating", async ({ page, server }) => {
  await login(page, server, "coordinator");
  await page.goto("/programmes/goals");
  await axe(page);
  await expect(page.getByRole("table", { name: "成果目標" })).toContainText("数えない理由");
  await page.getByRole("link", { name: /を振り返る\s*：住民が自分たちで/ }).click();
  await axe(page);
  await field(page, "根拠").fill("二つの棟で、住民が座談会を開いた。");
  await page.getByLabel("おおむね達成した").check();
  await press(page, "保存する");
  await expect(page.getByRole("table", { name: "成果目標" })).toContainText("おおむね達成した");
  await page.goto("/programmes/goals/new");
  await axe(page);
  await page.goto("/programmes/links");
  await axe(page);
  await follow(page, "ささえあい推進事業");
  await axe(page);
});

test("a goal of the sheet is counted, and next year's sheet shows what became of it", async ({ page, server }) => {
  await login(page, server, "coordinator");
  await page.goto("/programmes/setup?kind=goal");
  await axe(page);
  const card = page.locator("section.card").filter({ has: page.getByRole("heading", { name: "解決件数 60件" }) });
  await expect(field(card, "目標の値")).toHaveValue("60件");
  await pick(card, "何を数えるか", "終結のうち「再開していない」（件）");
  await press(card, "採用する");
  await page.goto("/programmes/goals");
  const line = page.getByRole("row").filter({ hasText: "解決件数 60件" });
  await line.getByRole("link", { name: /^\d+件$/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("解決件数 60件");
  await axe(page);

  const today = new Date();
  const next = today.getFullYear() + (today.getMonth() < 3 ? 0 : 1);
  await page.goto("/programmes/new");
  await page.locator(`[name=year][value="${next}"]`).check();
  await page.locator('[name=how][value="copy"]').check();
  await press(page, "作る");
  const table = page.getByRole("table", { name: /目標と実績/ }).filter({ hasText: "解決件数 60件" });
  await expect(table).toContainText("60件");
  await axe(page);

  await page.goto(`/indicators?year=${next}`);
  await axe(page);
  await page.getByRole("button", { name: /の目標を引き継ぐ$/ }).click();
  await expect(page.getByRole("table", { name: /の指標と目標$/ })).toContainText("60件");
});
