/** Nothing typed is lost: not with the tab, not with the server, not with the session. */

import type { Browser, Page } from "@playwright/test";
import { field, menu, press } from "../support/form.ts";
import { Server } from "../support/server.ts";
import { caseOf, entry, receive } from "../support/steps.ts";
import { expect, login, test, watch } from "../support/test.ts";

const LONG = Array.from({ length: 60 }, (_, n) => `${n + 1}行目。玄関で話し、次の約束をした。`).join("\n");

/** Another machine: a browser without anything of the first. */
async function machine(browser: Browser, server: Server): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ baseURL: server.url });
  const complaints = watch(context, server.url);
  return { page: await context.newPage(), complaints };
}

const saved = (page: Page) => page.locator("[data-draft-status]").filter({ hasText: /下書き保存 \d/ }).first();

test("tab closed, server killed, another machine: the text is there @js", async ({ browser }) => {
  test.setTimeout(120_000);
  const server = await Server.start();
  try {
    const first = await machine(browser, server);
    await login(first.page, server, "worker");
    const { path } = await caseOf(first.page, { words: "下書きの試し。" });
    await field(first.page, "内容").fill(LONG);
    await expect(saved(first.page)).toBeVisible();
    await first.page.context().close();

    await server.crash();
    await server.again();

    const second = await machine(browser, server);
    await login(second.page, server, "worker");
    await second.page.goto(path);
    await expect(field(second.page, "内容")).toHaveValue(LONG);
    await expect(saved(second.page), "and says that it is a draft").toBeVisible();

    // Saved once, it is a record and no draft any more.
    await field(second.page, "対応方法").selectOption({ label: "訪問" });
    await press(second.page, "支援経過を保存する");
    await expect(entry(second.page, "60行目。")).toBeVisible();
    await expect(field(second.page, "内容")).toHaveValue("");
    await second.page.context().close();
    expect([...first.complaints, ...second.complaints]).toEqual([]);
  } finally {
    await server.stop();
  }
});

test("what a browser was told is saved survives the server's death @js", async ({ browser }) => {
  test.setTimeout(120_000);
  const server = await Server.start();
  try {
    const { page } = await machine(browser, server);
    await login(page, server, "worker");
    const path = await receive(page, { words: "保存と言われた直後の停電。" });
    await server.crash();
    await server.again();
    await page.goto(path);
    await expect(page.getByRole("main")).toContainText("保存と言われた直後の停電。");
    await page.context().close();
  } finally {
    await server.stop();
  }
});

test("while the server is away the page says so and keeps the text @js", async ({ browser }) => {
  test.setTimeout(120_000);
  const server = await Server.start();
  try {
    const { page } = await machine(browser, server);
    await login(page, server, "worker");
    await page.goto("/consultations/new");
    await server.crash();
    await field(page, "相談の内容").fill("つながらない間に書いた。");
    await expect(page.locator("[data-draft-status]").first()).toContainText("入力はこの画面に残っています");
    await server.again();
    await expect(saved(page)).toBeVisible({ timeout: 30_000 });
    await page.goto("/today");
    await page.goto("/consultations/new");
    await expect(field(page, "相談の内容")).toHaveValue("つながらない間に書いた。");
    await page.context().close();
  } finally {
    await server.stop();
  }
});

test("leaving the page at once after the last key keeps the text @js", async ({ page, server }) => {
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "すぐに離れる。" });
  await field(page, "内容").fill("離れる寸前に書いた一文。");
  await page.goto("/today");
  await expect(async () => {
    await page.goto(path);
    await expect(field(page, "内容")).toHaveValue("離れる寸前に書いた一文。", { timeout: 1_000 });
  }).toPass();
});

test("a session ended in the middle of typing takes no word with it @js", async ({ page, server, as }) => {
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "途中で切れる。" });
  await field(page, "内容").fill("切れる前に書いた。");
  await expect(saved(page)).toBeVisible();

  const elsewhere = await as("worker");
  await elsewhere.goto("/account");
  await press(elsewhere, "ほかの端末をすべて終了する");
  await expect(elsewhere.getByRole("status")).toContainText("終了しました");

  const whole = "切れる前に書いた。切れた後に書いた。";
  await field(page, "内容").fill(whole);
  const status = page.locator("form", { has: field(page, "内容") }).locator("[data-draft-status]");
  await expect(status).toContainText("入力はこの画面に残っています");
  await expect(field(page, "内容")).toHaveValue(whole);

  // As the sentence says: signed in again in another tab, then saved in this one.
  const tab = await page.context().newPage();
  await login(tab, server, "worker");
  await field(page, "対応方法").selectOption({ label: "訪問" });
  await press(page, "支援経過を保存する");
  await page.waitForLoadState();
  await page.goto(path);
  const inTimeline = await entry(page, "切れた後に書いた。").isVisible();
  if (!inTimeline) await expect(field(page, "内容"), "in the record or in the draft").toHaveValue(whole);
});

test("a form sent without a session comes back after signing in @js", async ({ page, server, as }) => {
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "送った時には切れていた。" });
  const elsewhere = await as("worker");
  await elsewhere.goto("/account");
  await press(elsewhere, "ほかの端末をすべて終了する");
  await expect(elsewhere.getByRole("status")).toContainText("終了しました");

  await field(page, "対応方法").selectOption({ label: "訪問" });
  await field(page, "内容").fill("切れたとは知らずに送った一文。");
  await press(page, "支援経過を保存する");
  await page.waitForLoadState();
  await login(page, server, "worker");
  await page.goto(path);
  const inTimeline = await entry(page, "切れたとは知らずに送った一文。").isVisible();
  if (!inTimeline) await expect(field(page, "内容")).toHaveValue("切れたとは知らずに送った一文。");
});

test("a refused form keeps what was typed, with and without scripts", async ({ page, server }) => {
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "書き間違い。" });
  await field(page, "内容").fill("時刻を間違えた記録。");
  await field(page, "時刻").fill("99時");
  await press(page, "支援経過を保存する");
  await expect(page.getByRole("alert", { name: "入力の確認" })).toContainText("まだ保存していません");
  await expect(field(page, "内容")).toHaveValue("時刻を間違えた記録。");
  await expect(field(page, "時刻")).toHaveValue("99時");
  await menu(page, "きょう");
  await page.goto(path);
  const kept = await field(page, "内容").inputValue();
  expect(kept, "it is still there after looking elsewhere").toBe("時刻を間違えた記録。");
});
