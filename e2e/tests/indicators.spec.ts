/** What happened, counted: a table with its rule and chart, its records, a closed month, a return, and a target from the plan sheet. */

import { choice, field, follow, menu, pick, press } from "../support/form.ts";
import { axe, expect, login, test } from "../support/test.ts";

test("a coordinator counts, opens what is behind a number and takes the table along", async ({ page, server }) => {
  await login(page, server, "coordinator");
  await menu(page, "統計");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("統計");
  await axe(page);
  await pick(page, "何を数えるか", "支援経過");
  await press(page, "数える");
  await pick(page, "縦の区分", "窓口");
  await pick(page, "横の区分", "対応方法");
  await press(page, "数える");
  const table = page.getByRole("table").first();
  await expect(table).toContainText("計");
  await expect(page.getByRole("img", { name: /棒グラフ/ })).toBeVisible();
  await axe(page);

  const download = page.waitForEvent("download");
  await follow(page, "この表をExcelで保存する");
  expect((await download).suggestedFilename()).toMatch(/^統計_.*\.xlsx$/);

  await table.getByRole("link").first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("数のもとの記録");
  await axe(page);
});

test("who works outside the municipality reads no small number", async ({ page, server }) => {
  await login(page, server, "outside");
  await page.goto("/statistics?source=consultation&rows=issue&columns=body");
  await expect(page.getByRole("main")).toContainText("小さい数は伏せています");
  await expect(page.getByRole("table").first()).toContainText("非公表");
  await axe(page);
});

test("a return is filled in one click, and a closed month stands still", async ({ page, server }) => {
  await login(page, server, "coordinator");
  await page.goto("/statistics/sets");
  await axe(page);
  await follow(page, /重層的支援体制整備事業/);
  await expect(page.getByRole("main")).toContainText("まだ記録がありません");
  await axe(page);
  await page.goto("/statistics/months");
  await axe(page);
  await page.getByRole("row").filter({ hasText: "締め済み" }).first().getByRole("link").click();
  await expect(page.getByRole("table").first()).toContainText("締めた数");
  await axe(page);
});

test("a target is written as the plan sheet words it", async ({ page, server }) => {
  await login(page, server, "coordinator");
  await menu(page, "指標");
  await expect(page.getByRole("main")).toContainText("まだ記録がありません");
  await axe(page);
  await follow(page, "指標を加える");
  await axe(page);
  await page.getByRole("main").getByRole("link", { name: "相談受付" }).first().click();
  await axe(page);
  await field(page, "指標の名前").fill("民生委員からの相談");
  await choice(page, "種類", "活動指標").check();
  await press(page, "保存する");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("民生委員からの相談");
  await follow(page, "目標を書く");
  await axe(page);
  await page.getByRole("textbox", { name: "目標", exact: true }).fill("約50件");
  await field(page, "算定根拠").fill("10 × 6");
  await press(page, "保存する");
  await expect(page.getByRole("main")).toContainText("約50件");
  await expect(page.getByRole("main")).toContainText("計算が合いません");
  await axe(page);
});
