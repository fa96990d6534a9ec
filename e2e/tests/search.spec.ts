/** One box finds people however their names are written, and never anybody to whom one has no key. */

import type { Page } from "@playwright/test";
import { CASE, CONSULTATION, caseOf, number, search, write } from "../support/steps.ts";
import { axe, expect, login, test } from "../support/test.ts";

/** Given names that nobody else in the town has, so that only our own people are found by both names. */
const PEOPLE = [
  { name: "髙橋 花実笛", kana: "たかはし はなみふえ", phone: "00-3141-5926" },
  { name: "渡邊 実笛男", kana: "わたなべ みふえお", phone: "00-2718-2818" },
  { name: "齋藤 笛実", kana: "さいとう ふえみ", phone: "00-1414-2135" },
];

let numbers: { person: string; consultation: string; room: string }[] | undefined;

/** Takes our people in, once for each server: tests of one worker share it. */
async function takeIn(page: Page): Promise<{ person: string; consultation: string; room: string }[]> {
  if (numbers) return numbers;
  const made = [];
  for (const subject of PEOPLE) {
    const { path, consultation } = await caseOf(page, { words: `${subject.kana}さんの相談。`, subject });
    const its = await number(page);
    await write(page, `${subject.kana.split(" ")[1]}さんは縁台の修理を楽しみにしている。`);
    made.push({ person: its, consultation, room: path });
  }
  numbers = made;
  return made;
}

const WAYS: [string, string[]][] = [
  ["髙橋 花実笛", ["ﾀｶﾊｼ ﾊﾅﾐﾌｴ", "たかはしはなみふえ", "タカハシ", "髙橋花実笛", "高橋 花実笛", "高橋花実笛", "髙橋　花実笛", "花実笛", "はなみ"]],
  ["渡邊 実笛男", ["渡邉 実笛男", "渡邊実笛男", "渡辺　実笛男", "渡辺実笛男", "ﾜﾀﾅﾍﾞ ﾐﾌｴｵ", "わたなべ みふえお"]],
  ["齋藤 笛実", ["斉藤 笛実", "齊藤笛実", "斎藤笛実", "ｻｲﾄｳ ﾌｴﾐ", "さいとうふえみ"]],
];

test("a person is found by kana, half-width kana and every form of the kanji", async ({ page, server }) => {
  test.setTimeout(120_000);
  await login(page, server, "worker");
  await takeIn(page);
  for (const [name, ways] of WAYS) {
    for (const words of ways) {
      await search(page, words);
      await expect(hit(page, name), `${words} finds ${name}`).not.toHaveCount(0);
      await says(page, name, words);
    }
  }
  await axe(page);
});

test("a person is found by the digits of the phone, with or without hyphens", async ({ page, server }) => {
  await login(page, server, "worker");
  await takeIn(page);
  for (const words of ["00-3141-5926", "0031415926", "３１４１５９２６", "5926"]) {
    await search(page, words);
    await expect(hit(page, "髙橋 花実笛"), words).not.toHaveCount(0);
    await says(page, "髙橋 花実笛", words);
  }
});

test("a case is found by its number, and a 支援経過 by a word in it", async ({ page, server }) => {
  await login(page, server, "worker");
  const [first] = await takeIn(page);
  await search(page, first?.person ?? "");
  const link = page.locator(`main a[href*="${first?.room}"]`).first();
  await expect(link).toBeVisible();
  await link.click();
  await expect(page).toHaveURL(new RegExp(`${CASE.source}|${CONSULTATION.source}`));

  await search(page, "縁台の修理");
  await expect(page.getByRole("main")).toContainText("縁台");
  await expect(page.locator(`main a[href*="${first?.room}"]`).first()).toBeVisible();
  await search(page, "えんだい どこにもない言葉");
  await expect(page.locator('main a[href^="/cases/"]')).toHaveCount(0);
});

test("nothing found is said kindly, and the box keeps the words", async ({ page, server }) => {
  await login(page, server, "worker");
  await search(page, "どこにもいない人物名");
  await expect(page.getByRole("searchbox", { name: /名前・ふりがな/ })).toHaveValue("どこにもいない人物名");
  await expect(page.getByRole("main")).toContainText(/見つかりません|ありません/);
  await axe(page);
});

test("impossible searches are answered, not broken", async ({ page, server }) => {
  await login(page, server, "worker");
  for (const words of ["%", "_", "'", '"', "あ".repeat(500), "* OR 1=1", "\u{20BB7}", "NEAR(", " "]) {
    const answer = await page.goto(`/search?q=${encodeURIComponent(words)}`);
    expect(answer?.status(), words.slice(0, 20)).toBeLessThan(500);
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  }
  await page.goto("/search");
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
});

test("without a key nothing appears, not even as a count", async ({ page, server, as }) => {
  test.setTimeout(120_000);
  await login(page, server, "worker");
  const made = await takeIn(page);
  const outside = await as("outside");
  const [empty, same] = ["まったく存在しない言葉", "花実笛"];
  const nothing = (await search(outside, empty)).replaceAll(empty, "");
  const something = (await search(outside, same)).replaceAll(same, "");
  expect(something, "the answer is the same as for somebody who does not exist").toBe(nothing);
  for (const words of ["はなみふえ", "00-3141-5926", made[0]?.person ?? "", "縁台の修理"]) {
    const text = (await search(outside, words)).replaceAll(words, "");
    expect(text, words).toBe(nothing);
  }
  for (const kind of ["clerk", "nocase", "auditor", "admin", "entry"]) {
    const other = await as(kind);
    await other.goto(`/search?q=${encodeURIComponent("花実笛")}`);
    await expect(other.locator('main a[href^="/cases/"], main a[href^="/people/"]'), kind).toHaveCount(0);
    // The reception's clerk finds the slip of the own desk, and no more than that.
    if (kind === "clerk") continue;
    const text = (await other.locator("main").innerText()).replaceAll("花実笛", "");
    expect(text, kind).not.toContain("髙橋");
  }
});

/** The hits that show this name. */
function hit(page: Page, name: string) {
  return page.locator("main li, main tr").filter({ hasText: name });
}

/** The hit says in words why it matched. */
async function says(page: Page, name: string, words: string): Promise<void> {
  const text = await hit(page, name).first().innerText();
  const rest = text.replaceAll(name, "");
  expect(rest, `why ${words} found ${name}`).toMatch(/読みが同じ|同じ表記|異体字|一部が同じ|電話|番号|言葉/);
}
