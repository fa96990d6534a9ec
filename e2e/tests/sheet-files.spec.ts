/** 別紙・図 of a plan sheet and of a goal, and the register of figures. */

import { fileURLToPath } from "node:url";
import { field, follow, pick, press } from "../support/form.ts";
import { axe, expect, login, test } from "../support/test.ts";

const FIGURE = fileURLToPath(new URL("../../domains/programmes/samples/figure.png", import.meta.url));

test("a figure is attached to a block of the draft, said anew and taken off", async ({ page, server }) => {
  await login(page, server, "coordinator");
  await page.goto("/programmes");
  await page.getByRole("table", { name: "この自治体の計画書" }).getByRole("link").first().click();
  const sheet = page.url();
  // This year's sheet started with last year's figure.
  await expect(page.getByRole("link", { name: /相談の流れ/ })).toBeVisible();
  await page.goto(`${sheet}/files/2`);
  await axe(page);
  await press(page, "付ける");
  await expect(page.getByText("「付けるファイル」を選んでください。").first()).toBeVisible();
  await axe(page);
  await page.getByLabel(/付けるファイル/).setInputFiles({ name: "図.png", mimeType: "image/png", buffer: Buffer.from("ただの文") });
  await field(page, "説明").fill("目ざす姿の図");
  await page.getByLabel(/^公表してよい/).check();
  await press(page, "付ける");
  await expect(page.getByText(/中身はテキストです/).first()).toBeVisible();
  await page.getByLabel(/付けるファイル/).setInputFiles({
    name: "目ざす姿.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("どの窓口でも断らない"),
  });
  await press(page, "付ける");
  await expect(page.getByRole("table", { name: "付いているファイル" })).toContainText("目ざす姿の図");
  await axe(page);
  await follow(page, /説明・公表を直す/);
  await axe(page);
  await field(page, "説明").fill("目ざす姿（案）");
  await press(page, "保存する");
  await expect(page.getByRole("table", { name: "付いているファイル" })).toContainText("目ざす姿（案）");
  const print = await page.request.get(`${sheet}/print.pdf`);
  expect((await print.body()).subarray(0, 4).toString()).toBe("%PDF");
  await follow(page, /外す/);
  await axe(page);
  await press(page, "外す");
  await expect(page.getByText("まだ付いていません。")).toBeVisible();
});

test("a photo is shown to who may see it, and runs nothing", async ({ page, server, as }) => {
  await login(page, server, "coordinator");
  await page.goto("/programmes/goals");
  await page.getByRole("link", { name: /を振り返る\s*：住民が自分たちで/ }).click();
  await follow(page, "根拠資料のファイルを付ける・直す");
  await axe(page);
  await page.getByLabel(/付けるファイル/).setInputFiles(FIGURE);
  await field(page, "説明").fill("座談会の図");
  await page.getByLabel(/^公表しない/).check();
  await press(page, "付ける");
  const file = await page.getByRole("link", { name: /座談会の図/ }).first().getAttribute("href");
  const shown = await page.request.get(file ?? "");
  expect(shown.headers()["content-type"]).toBe("image/png");
  expect(shown.headers()["content-security-policy"]).toContain("sandbox");
  const worker = await as("worker");
  expect((await worker.request.get(file ?? "")).status()).toBe(404);
});

test("figures are registered, compared by area and written into the sheet", async ({ page, server }) => {
  await login(page, server, "coordinator");
  await page.goto("/programmes/figures?kind=高齢化率&above=40");
  await axe(page);
  await expect(page.getByText(/超える区域は/)).toBeVisible();
  await page.goto("/programmes/figures");
  await expect(page.getByText("出典で違う")).toBeVisible();
  await axe(page);
  await follow(page, "数を登録する");
  await axe(page);
  await pick(page, "種類", "世帯数");
  await field(page, "時点").fill("R8.10.1");
  await field(page, "数").fill("23,400世帯");
  await field(page, "出典").fill("住民基本台帳");
  await press(page, "保存する");
  await expect(page.getByRole("table", { name: "世帯数（区域と時点）" })).toContainText("23,400世帯");
  await page.goto("/programmes/figures/upload");
  await axe(page);
  await field(page, "表").fill("種類\t区域\t時点\t数\n公立小学校数\t\tR8.5.1\t7校");
  await press(page, "読み取って確かめる");
  await expect(page.getByRole("table", { name: "読み取った行" })).toContainText("7校");
  await axe(page);
  await press(page, "この内容で登録する");
  await expect(page.getByRole("table", { name: "公立小学校数（区域と時点）" })).toContainText("7校");
  await page.goto("/programmes");
  await page.getByRole("table", { name: "この自治体の計画書" }).getByRole("link").first().click();
  await page.goto(`${page.url()}/edit/1-1`);
  await axe(page);
  await page.getByRole("link", { name: /この数を写す.*公立小学校数/ }).click();
  await expect(field(page, "公立小学校数")).toHaveValue("7校");
});
