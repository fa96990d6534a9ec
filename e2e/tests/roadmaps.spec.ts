/** 計画・工程表: a plan is read in both calendars, rated, printed and followed by the next; the ladder shows where the chain breaks. */

import { field, follow, menu, pick, press } from "../support/form.ts";
import { axe, expect, login, test } from "../support/test.ts";

test("a coordinator reads the roadmap in both calendars, adds a milestone and rates a year", async ({ page, server }) => {
  await login(page, server, "coordinator");
  await menu(page, "実施計画");
  await follow(page, "計画・工程表");
  await axe(page);
  await page.getByRole("table", { name: "今年度の計画" }).getByRole("link", { name: "第4次縁側市地域福祉計画" }).click();
  const board = page.getByRole("table", { name: "工程表" });
  await expect(board).toContainText("すべての窓口で受付票を使う");
  await expect(board).toContainText("延期分");
  await expect(board).toContainText("C 一部だけ実行した");
  await expect(page.getByRole("table", { name: "選択肢と選んだ理由" })).toContainText("選んだ案");
  await axe(page);
  const plan = page.url();
  await follow(page, "暦年で見る");
  await expect(board).toContainText("年3月31日）まで");
  await axe(page);
  await page.goto(plan);

  await follow(page, /団地地区に、歩いて行ける相談の日を開く/);
  await expect(page.getByText("ほかに引いている施策").first()).toBeVisible();
  await axe(page);
  await follow(page, "工程を書く");
  await axe(page);
  await field(page, "工程").fill("相談の日を月2回にする");
  await page.getByLabel("延期", { exact: true }).check();
  await press(page, "保存する");
  await expect(page.getByRole("alert")).toContainText("理由を書いてください");
  await axe(page);
  await field(page, "理由").fill("担当者が決まらないため");
  await press(page, "保存する");
  await expect(page.getByRole("table", { name: "工程", exact: true })).toContainText("相談の日を月2回にする");

  await page.getByRole("link", { name: /を評価する$/ }).first().click();
  await axe(page);
  await field(page, "根拠").fill("相談の日の記録。のべ38人。");
  await page.getByLabel("B おおむね実行した").check();
  await press(page, "保存する");
  await expect(page.getByRole("table", { name: "毎年の実行度" })).toContainText("のべ38人");

  const print = await page.request.get(`${plan}/print.pdf`);
  expect(print.headers()["content-type"]).toBe("application/pdf");
  expect((await print.body()).subarray(0, 4).toString()).toBe("%PDF");
  expect((await page.request.get(`${plan}/roadmap.xlsx`)).status()).toBe(200);
});

test("the next plan begins with the text, the ratings and the open milestones of this one", async ({ page, server }) => {
  await login(page, server, "coordinator");
  await page.goto("/roadmaps");
  await follow(page, "第4次縁側市地域福祉計画");
  await follow(page, "この計画から次の計画を作る");
  await axe(page);
  await field(page, "計画の名前").fill("第5次縁側市地域福祉計画");
  await press(page, "保存する");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("第5次縁側市地域福祉計画");
  await expect(page.getByText("前の計画のまま").first()).toBeVisible();
  await follow(page, /ちょっとした困りごとを支える担い手を育てる/);
  await expect(page.getByText("終わっていない工程")).toBeVisible();
  await axe(page);
  await follow(page, "施策を直す");
  await axe(page);
});

test("a finding of a survey is cited by measures of two plans", async ({ page, server }) => {
  await login(page, server, "coordinator");
  await page.goto("/roadmaps/evidence");
  await expect(page.getByRole("table", { name: "施策のよりどころ" })).toContainText("縁側市地域福祉活動計画");
  await axe(page);
  await follow(page, "よりどころを登録する");
  await axe(page);
  await field(page, "調査・話し合いなどの名前").fill("谷地区の座談会");
  await press(page, "保存する");
  await expect(page.getByText("谷地区の座談会")).toBeVisible();
});

test("the ladder shows each district, and a coordinator judges one", async ({ page, server, as }) => {
  await login(page, server, "coordinator");
  await page.goto("/roadmaps/ladder");
  await expect(page.getByRole("img", { name: /4段階のつながり/ })).toBeVisible();
  const table = page.getByRole("table", { name: "圏域ごとの4段階" });
  await expect(table).toContainText("まだ記録がありません");
  await expect(table).toContainText("男性の参加が少ない");
  await expect(page.getByRole("table", { name: "成果のことば" })).toContainText("民生委員や窓口に話せる");
  await axe(page);
  await page.getByRole("link", { name: /^評価する/ }).first().click();
  await axe(page);
  await field(page, "解決した：理由").fill("連絡会で毎月確かめている");
  await press(page, "保存する");
  await expect(table).toContainText("連絡会で毎月確かめている");
  const paper = await page.request.get(await page.getByRole("link", { name: "印刷する" }).getAttribute("href") ?? "");
  expect(paper.headers()["content-type"]).toBe("application/pdf");
  await follow(page, "数え方と圏域の種類を決める");
  await axe(page);
  await pick(page, "資源ができた", "数えない（評価だけで見る）");
  await press(page, "保存する");
  await expect(page.getByText("数えません（評価だけで見ます）")).toBeVisible();
  await follow(page, "成果のことばを書く");
  await axe(page);
  const worker = await as("worker");
  await worker.goto("/roadmaps/ladder");
  await expect(worker.getByRole("link", { name: /^評価する/ })).toHaveCount(0);
  await axe(worker);
});
