/** Two people at one record, two clicks on one button: nobody's text is lost, nothing is made twice. */

import type { Page, Request } from "@playwright/test";
import { field, follow, press } from "../support/form.ts";
import { CONSULTATION, caseOf, entry, family, personOf, receive, write } from "../support/steps.ts";
import { axe, expect, login, test } from "../support/test.ts";

/** The second person's choice between two texts. */
async function choose(page: Page, what: string, which: string | RegExp): Promise<void> {
  const group = page.getByRole("group", { name: what, exact: true });
  await group.getByRole("radio", { name: which }).check();
}

test("two correct the same person: the second sees both and chooses", async ({ page, server, as }) => {
  const { name } = family();
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "二人で直す。", subject: { name: `${name} 共子` } });
  const person = await personOf(page, `${name} 共子`);
  const other = await as("supervisor");
  await page.goto(person);
  await other.goto(person);
  await follow(page, "基本情報を直す");
  await follow(other, "基本情報を直す");

  await field(page, "メモ").fill("先に保存した人のメモ。");
  await press(page, "保存する");
  await expect(page.getByRole("main")).toContainText("先に保存した人のメモ。");

  await field(other, "メモ").fill("後から保存した人のメモ。");
  await field(other, "ことば").fill("手話");
  await press(other, "保存する");
  await expect(other.getByText("ほかの人が先に保存しました")).toBeVisible();
  const main = other.getByRole("main");
  await expect(main).toContainText("先に保存した人のメモ。");
  await expect(main).toContainText("後から保存した人のメモ。");
  await axe(other);
  await choose(other, "メモ", /さんの入力を残す/);
  await press(other, "選んだ内容で保存する");
  await expect(main).toContainText("先に保存した人のメモ。");
  await expect(main, "what only one of them changed is kept").toContainText("手話");
  await expect(main).not.toContainText("後から保存した人のメモ。");
  await page.goto(path);
});

test("two correct the same 支援経過: a third text of both can be written", async ({ page, server, as }) => {
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "経過を二人で直す。" });
  await write(page, "はじめの記録。");
  const other = await as("supervisor");
  await other.goto(path);
  for (const who of [page, other]) await entry(who, "はじめの記録。").getByRole("link", { name: "訂正する" }).click();

  await field(page, "内容").fill("一人目の訂正。");
  await field(page, "訂正の理由").fill("言い間違い");
  await press(page, "訂正を保存する");
  await expect(entry(page, "一人目の訂正。")).toBeVisible();

  await field(other, "内容").fill("二人目の訂正。");
  await field(other, "訂正の理由").fill("聞き間違い");
  await press(other, "訂正を保存する");
  await expect(other.getByText("ほかの人が先に保存しました")).toBeVisible();
  await expect(other.getByRole("main")).toContainText("一人目の訂正。");
  await expect(other.getByRole("main")).toContainText("二人目の訂正。");
  await axe(other);
  await choose(other, "内容", "両方を見ながら書き直す");
  await other.getByRole("textbox", { name: /内容（書き直し）/ }).fill("一人目の訂正。二人目の訂正。");
  await press(other, "選んだ内容で保存する");
  await expect(entry(other, "一人目の訂正。二人目の訂正。")).toBeVisible();

  // No text that was ever saved is gone.
  await entry(other, "一人目の訂正。二人目の訂正。").getByRole("link", { name: "訂正の履歴" }).click();
  for (const old of ["はじめの記録。", "一人目の訂正。"]) await expect(other.getByRole("main")).toContainText(old);
});

test("two new entries by two people at once are two entries", async ({ page, server, as }) => {
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "同時に書く。" });
  const other = await as("supervisor");
  await other.goto(path);
  await write(page, "担当が書いた。");
  await write(other, "係長が書いた。", "記録");
  await expect(entry(other, "担当が書いた。")).toBeVisible();
});

test("a double click makes one record", async ({ page, server }) => {
  const { name } = family();
  await login(page, server, "worker");
  await page.goto("/consultations/new");
  await field(page, "相談の内容").fill("二度押した。");
  await field(page, "氏名").first().fill(`${name} 一度`);
  await page.getByRole("button", { name: "保存する", exact: true }).dblclick();
  await expect(page).toHaveURL(CONSULTATION);
  await page.goto("/consultations");
  await expect(page.getByRole("row").filter({ hasText: `${name} 一度` })).toHaveCount(1);

  await page.getByRole("row").filter({ hasText: `${name} 一度` }).getByRole("link").first().click();
  await follow(page, "受理してケースを作る");
  await page.getByRole("button", { name: "ケースにする", exact: true }).dblclick();
  await expect(page).toHaveURL(/\/cases\/[0-9a-f-]{36}/);
  await page.goto("/cases");
  await expect(page.getByRole("row").filter({ hasText: name })).toHaveCount(1);
});

test("a form sent again leads to the first record", async ({ page, server }) => {
  const { name } = family();
  await login(page, server, "worker");
  const sent: Request[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") sent.push(request);
  });
  const first = await receive(page, { words: "送り直し。", subject: { name: `${name} 再送` } });
  const form = sent.filter((request) => request.url().endsWith("/consultations/new")).at(-1);
  const again = await page.request.post("/consultations/new", {
    data: form?.postData() ?? "",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: server.url },
  });
  expect(new URL(again.url()).pathname).toBe(first);
  await page.goto("/consultations");
  await expect(page.getByRole("row").filter({ hasText: `${name} 再送` })).toHaveCount(1);
});

test("a form without the page's own secret is refused in words, with nothing saved", async ({ page, server }) => {
  const { name } = family();
  await login(page, server, "worker");
  const answer = await page.request.post("/consultations/new", {
    form: { words: "合言葉のない送信。", "subject[0].name": `${name} 偽` },
    headers: { origin: server.url },
  });
  expect(answer.status()).toBe(403);
  expect(await answer.text()).toContain("保存しませんでした");
  await page.goto("/consultations");
  await expect(page.getByRole("main")).not.toContainText(`${name} 偽`);
});

test("a member added twice by two workers shows both households first", async ({ page, server, as }) => {
  const { name } = family();
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "世帯を二人で直す。", subject: { name: `${name} 世帯主` } });
  const other = await as("supervisor");
  await other.goto(path);
  for (const who of [page, other]) {
    await who.goto(path);
    await follow(who, "世帯を見る・直す");
    await press(who, "世帯員を加える");
    await field(who.getByRole("group", { name: /^加える世帯員 1/ }), "氏名・呼び名").fill(`${name} 次子`);
  }
  await press(page, "世帯を保存する");
  await expect(page.getByRole("link", { name: `${name} 次子` })).toHaveCount(1);
  await press(other, "世帯を保存する");
  await expect(other.getByText("ほかの人が先に保存しました")).toBeVisible();
  await expect(other.getByRole("main"), "what the other saved is shown").toContainText(`${name} 次子`);
});
