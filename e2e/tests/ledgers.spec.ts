/** Last year's ledger comes in, is looked at, and is taken back. */

import { choice, follow, menu, pick, press } from "../support/form.ts";
import { axe, expect, login, test } from "../support/test.ts";

/** A small invented ledger in Shift_JIS: also a seed of the fuzzers. */
const LEDGER = new URL("../../fuzz/corpus/ledger/year.csv", import.meta.url).pathname;

test("a ledger in Shift_JIS is looked at, taken in and taken back", async ({ page, server }) => {
  test.setTimeout(120_000);
  await login(page, server, "supervisor");
  await menu(page, "台帳の取り込み");
  await axe(page);
  await follow(page, "台帳を選ぶ");
  await axe(page);
  await page.getByLabel(/台帳のファイル/).setInputFiles(LEDGER);
  await press(page, "読み込む");

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("台帳の列を確かめる");
  await axe(page);
  await expect(page.getByLabel(/^フリガナ/).locator("option:checked")).toHaveText("フリガナ");
  await pick(page, "年のない日付の年度", "令和6年度");
  await press(page, "すべての行を確かめる");

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("取り込む前の確認");
  await axe(page);
  await expect(page.getByRole("table", { name: "取り込めない行" })).toContainText("「不思議」は読めません");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "取り込めない行をExcelで受け取る" }).click();
  expect((await download).suggestedFilename()).toBe("year_取り込めなかった行.xlsx");
  await page.getByRole("link", { name: /もとの値と直した値.*半角カナ/ }).click();
  await expect(page.getByRole("table")).toContainText("ミホン タロウ");
  await axe(page);
  await page.goBack();

  await press(page, "3行を取り込む");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("台帳の取り込みの結果", { timeout: 30_000 });
  await axe(page);
  const here = page.url();
  await follow(page, "終わった相談の一覧へ");
  await expect(page.getByRole("link", { name: "見本 太郎" }).first()).toBeVisible();
  await follow(page, "この一覧を書き出す");
  await axe(page);
  await pick(page, "何に使いますか", "集計");
  await choice(page, "ファイルの形", "CSV(Shift_JIS・Windows-31J)").check();
  const list = page.waitForEvent("download");
  await press(page, "書き出す");
  expect((await list).suggestedFilename()).toMatch(/^相談受付_終わったもの_\d{8}\.csv$/);

  await page.goto(here);
  await follow(page, "この取り込みを取り消す");
  await axe(page);
  await press(page, "3件を取り消す");
  await expect(page.getByRole("main")).toContainText("3行の相談を取り消しました");
  await axe(page);
});
