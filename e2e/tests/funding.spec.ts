/** 財源・契約: a source goes from considering to secured, the plan sheet copies its words, a contractor reports. */

import { choice, field, follow, menu, pick, press } from "../support/form.ts";
import { axe, expect, login, test } from "../support/test.ts";

test("a coordinator writes an activity and its source, and the plan sheet copies the words", async ({ page, server }) => {
  await login(page, server, "coordinator");
  await menu(page, "実施計画");
  await follow(page, "財源・契約");
  await axe(page);
  await expect(page.getByRole("table", { name: "活動と財源" })).toContainText("地区サロン");
  await follow(page, "活動を書く");
  await axe(page);
  await field(page, "活動・事業の名前").fill("谷の朝市");
  await choice(page, "計画書の事業", "地域力強化推進事業").check();
  await press(page, "保存する");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("谷の朝市");
  await axe(page);
  const activity = page.url();

  await follow(page, "財源を書く");
  await axe(page);
  await pick(page, "財源の種類", "事業収益");
  await choice(page, "何の費用か", "運営費").check();
  await field(page, "額（円）").fill("0");
  await press(page, "保存する");
  await expect(page.getByRole("alert")).toContainText("「額（円）」は1から");
  await axe(page);
  await field(page, "額（円）").fill("");
  await press(page, "保存する");
  const sources = page.getByRole("table", { name: "財源" });
  await expect(sources).toContainText("検討中");
  await expect(sources).toContainText("未定");

  await sources.getByRole("link", { name: /直す/ }).click();
  await choice(page, "状態", "申請中").check();
  await press(page, "保存する");
  await expect(page.getByRole("table", { name: "財源" })).toContainText("申請中");
  await page.getByRole("table", { name: "財源" }).getByRole("link", { name: /直す/ }).click();
  await expect(page.getByRole("table", { name: "状態のうつりかわり" })).toContainText("検討中");
  await axe(page);

  await page.goto("/programmes");
  await page.getByRole("table", { name: "この自治体の計画書" }).getByRole("link").first().click();
  await page.goto(`${page.url()}/edit/3`);
  await axe(page);
  await page.getByRole("button", { name: "この文を「④ア 財源等の確保」に写す" }).click();
  await expect(field(page, "④ア 財源等の確保")).toHaveValue(/谷の朝市: 運営費は事業収益（申請中）/);
  await axe(page);
  await press(page, "保存する");
  await expect(page.getByText("運営費は事業収益（申請中）").first()).toBeVisible();

  const book = await page.request.get(new URL("/funding/sources.xlsx", activity).href);
  expect(book.status()).toBe(200);
});

test("a coordinator writes a contract with rows that are added", async ({ page, server }) => {
  await login(page, server, "coordinator");
  await page.goto("/funding/contracts");
  await axe(page);
  await follow(page, "契約・補助を書く");
  await axe(page);
  await field(page, "契約・補助の名前").fill("見守りの補助");
  await pick(page, "実施方法", "補助");
  await choice(page, "計画書の事業", "地域力強化推進事業").check();
  await field(page, "始まりの日").fill("R8.4.1");
  await page.getByRole("button", { name: "経費を足す" }).click();
  const kinds = page.getByLabel("経費の種類");
  await expect(kinds).toHaveCount(2);
  await kinds.nth(0).selectOption({ label: "人件費" });
  await page.getByLabel("だれの・何の経費か").nth(0).fill("見守り支援員");
  await page.getByLabel("補助の対象か").nth(0).selectOption({ label: "補助対象" });
  await press(page, "保存する");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("見守りの補助");
  await expect(page.getByRole("table", { name: "経費の内訳" })).toContainText("見守り支援員");
  await expect(page.getByRole("table", { name: "経費の内訳" })).toContainText("未定");
  await axe(page);
  const contract = page.url();

  await follow(page, "成果物を書く");
  await axe(page);
  await field(page, "成果物の名前").fill("訪問の記録");
  await press(page, "保存する");
  await expect(page.getByRole("table", { name: "成果物" })).toContainText("数の定めなし");
  await follow(page, "請求を書く");
  await axe(page);
  await field(page, "請求の内容").fill("4月分");
  await field(page, "額（円）").fill("120,000");
  await press(page, "保存する");
  await expect(page.getByRole("table", { name: "請求" })).toContainText("確認待ち");
  await expect(page.getByText("請求の確認")).toHaveCount(0);
  const print = await page.request.get(`${contract}/report.pdf`);
  expect(print.headers()["content-type"]).toBe("application/pdf");
});

test("another planner checks a claim", async ({ page, server }) => {
  await login(page, server, "admin");
  await page.goto("/funding/contracts");
  await follow(page, "地域力強化推進事業 業務委託");
  await axe(page);
  await press(page, "差し戻す");
  await expect(page.getByRole("alert")).toContainText("差し戻すときの理由");
  await axe(page);
  await press(page, "確認した");
  await expect(page.getByRole("table", { name: "請求" })).toContainText("確認済み");
});

test("a contractor's worker reports what was delivered and sees no other contract", async ({ page, server, as }) => {
  await login(page, server, "outside");
  await menu(page, "実施計画");
  await follow(page, "財源・契約");
  await follow(page, "委託・補助の一覧");
  await axe(page);
  await follow(page, "地域力強化推進事業 業務委託");
  await expect(page.getByRole("table", { name: "成果物" })).toContainText("7回");
  await expect(page.getByRole("link", { name: "契約・補助を直す" })).toHaveCount(0);
  await axe(page);
  const contract = page.url();
  await page.getByRole("link", { name: /実績を報告する.*活動の手引き/ }).click();
  await axe(page);
  await field(page, "実績の数").fill("200");
  await press(page, "報告する");
  await expect(page.getByRole("table", { name: "成果物" })).toContainText("200冊");
  await page.getByRole("table", { name: "成果物" }).waitFor();
  await page.locator("dl a[href^='/funding/bodies/']").first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("の委託・補助");
  await axe(page);

  const worker = await as("worker");
  const there = await worker.goto(contract);
  expect(there?.status()).toBe(404);
});
