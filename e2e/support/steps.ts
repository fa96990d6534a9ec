/** What workers do every day, as steps that many specs need. Each one ends on the page that it names. */

import { expect, type Page } from "@playwright/test";
import { choice, field, follow, pick, press } from "./form.ts";

const ID = "[0-9a-f]{8}-[0-9a-f-]{27}";
export const CONSULTATION = new RegExp(`/consultations/${ID}$`);
export const CASE = new RegExp(`/cases/${ID}(#.*)?$`);

/** Somebody a consultation is about, as far as said. */
export interface Heard {
  name?: string;
  kana?: string;
  label?: string;
  sex?: "男" | "女";
  birth?: string;
  phone?: string;
  address?: string;
}

/** What is said on the phone. */
export interface Call {
  words: string;
  subject?: Heard;
}

/**
 * Takes a call: only the words, unless more is known. If the screen asks whether it is somebody
 * known, it is not. Ends on the consultation's page; returns its path.
 */
export async function receive(page: Page, call: Call): Promise<string> {
  await page.goto("/consultations/new");
  await field(page, "相談の内容").fill(call.words);
  await hear(page, call.subject ?? {});
  await press(page, "保存する");
  const another = page.getByRole("button", { name: "別の人として登録" });
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText("相談を受け付ける");
  if (await another.isVisible()) await another.click();
  await expect(page).toHaveURL(CONSULTATION);
  return new URL(page.url()).pathname;
}

async function hear(page: Page, heard: Heard): Promise<void> {
  const row = page.getByRole("group", { name: /相談の対象となる人/ }).last();
  const lines: [string, string | undefined][] = [
    ["氏名", heard.name],
    ["ふりがな", heard.kana],
    ["呼び名", heard.label],
    ["生年月日・年齢", heard.birth],
    ["電話", heard.phone],
    ["住所・居所", heard.address],
  ];
  for (const [label, value] of lines) if (value) await field(row, label).fill(value);
  if (heard.sex) await choice(row, "性別", heard.sex).check();
}

/** Makes the consultation on screen a case, as proposed. Ends on the case's page; returns its path. */
export async function makeCase(page: Page): Promise<string> {
  await follow(page, "受理してケースを作る");
  await press(page, "ケースにする");
  await expect(page).toHaveURL(CASE);
  return new URL(page.url()).pathname;
}

/** A call that became a case at once. Ends on the case's page. */
export async function caseOf(page: Page, call: Call): Promise<{ consultation: string; room: string; path: string }> {
  const consultation = await receive(page, call);
  const path = await makeCase(page);
  return { consultation, path, room: path.split("/").at(-1) ?? "" };
}

/** Writes a 支援経過 on the case page that is open, without leaving it. */
export async function write(page: Page, text: string, kind = "訪問"): Promise<void> {
  await pick(page, "対応方法", new RegExp(`^${kind}$`));
  await field(page, "内容").fill(text);
  await press(page, "支援経過を保存する");
  await expect(entry(page, text)).toBeVisible();
}

/** The entry of the timeline with this text. */
export function entry(page: Page, text: string) {
  return page.locator(".timeline-item", { hasText: text });
}

/** Gives somebody a key to the case on screen: the first of this body who works cases. */
export async function invite(page: Page, casePath: string, who: string | RegExp): Promise<void> {
  await page.goto(`${casePath}/team`);
  await choice(page, "加える人・機関", "職員").check();
  await pick(page, "職員・窓口", who);
  await pick(page, "役割", /^支援$/);
  await choice(page, "閲覧権(職員・窓口のとき)", "読んで書ける").check();
  await choice(page, "見せてよい根拠(職員・窓口のとき)", "本人の同意").check();
  await field(page, "根拠の説明(職員・窓口のとき)").fill("本人から口頭で同意");
  await press(page, "チームに加える");
  await expect(page.getByRole("table", { name: "いまのチーム" })).toContainText(who);
}

/** The number that stands before the label in the heading of a case or consultation. */
export async function number(page: Page): Promise<string> {
  const heading = await page.getByRole("heading", { level: 1 }).innerText();
  const found = /[^\s\d]+R?\d+-\d+/.exec(heading)?.[0];
  if (!found) throw new Error(`no number in 「${heading}」`);
  return found;
}

/** The first link to a person's own page; returns its address with the room that it is seen through. */
export async function personOf(page: Page, name: string | RegExp): Promise<string> {
  const href = await page.locator('a[href^="/people/"]', { hasText: name }).first().getAttribute("href");
  if (!href) throw new Error(`no link to ${name}`);
  return href;
}

/** A member of a household, as far as known. */
export interface Member {
  name: string;
  kana?: string;
  relation: string;
  sex?: "男" | "女";
  birth?: string;
}

/** Adds people to the household of the case on screen and comes back to the case. */
export async function addMembers(page: Page, members: Member[]): Promise<void> {
  await follow(page, "世帯を見る・直す");
  for (const member of members) {
    await press(page, "世帯員を加える");
    const row = page.getByRole("group", { name: /^加える世帯員 \d/ }).last();
    await field(row, "氏名・呼び名").fill(member.name);
    if (member.kana) await field(row, "ふりがな").fill(member.kana);
    if (member.sex) await choice(row, "性別", member.sex).check();
    if (member.birth) await field(row, "生年月日・年齢").fill(member.birth);
    await pick(row, "続柄", new RegExp(`^${member.relation}$`));
  }
  await press(page, "世帯を保存する");
  await expect(page).toHaveURL(CASE);
  await expect(page.getByRole("status").filter({ hasText: "世帯を保存しました" })).toBeVisible();
  for (const { name } of members) await expect(page.getByRole("link", { name }).first()).toBeVisible();
}

/** What tells where somebody is. */
export interface Whereabouts {
  address?: string;
  phone?: string;
  school?: string;
  workplace?: string;
  hospital?: string;
}

/** Writes down where the person at this address can be found. Ends on the person's page. */
export async function findable(page: Page, person: string, at: Whereabouts): Promise<void> {
  await page.goto(person);
  await follow(page, "基本情報を直す");
  if (at.phone) await field(page, "電話").fill(at.phone);
  if (at.school) await field(page, "学校").fill(at.school);
  if (at.workplace) await field(page, "勤め先").fill(at.workplace);
  if (at.hospital) await field(page, "通院先").fill(at.hospital);
  await press(page, "保存する");
  if (at.address) {
    await follow(page, "住所・居所");
    await choice(page, "種類", "居所").check();
    await field(page, "住所・居所").fill(at.address);
    await press(page, "加える");
    await expect(page.getByRole("table", { name: "住所・居所の履歴" })).toContainText(at.address);
    await follow(page, "基本");
  }
}

/** Hides where the person at this address is. */
export async function protect(page: Page, person: string): Promise<void> {
  await page.goto(person);
  await follow(page, "秘匿(支援措置)");
  await choice(page, "申出の区分", "配偶者からの暴力(DV)").check();
  await press(page, "秘匿を設定する");
  await expect(page.getByText("所在を秘匿しています")).toBeVisible();
}

/** Writes something into the one search box and sends it. Ends on the results; returns their text. */
export async function search(page: Page, words: string): Promise<string> {
  await page.getByRole("searchbox", { name: /名前・ふりがな/ }).fill(words);
  await page.getByRole("search").getByRole("button", { name: "検索" }).click();
  await expect(page).toHaveURL(/\/search\?q=/);
  return page.locator("main").innerText();
}

let made = 0;

/** A family name that nobody else in the town has, with its sound. */
export function family(): { name: string; kana: string } {
  made += 1;
  const signs = [...String(process.pid % 1000), ...String(made)].map(Number);
  const kanji = "零壱弐参肆伍陸漆捌玖";
  const kana = ["れい", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう"];
  return {
    name: `試${signs.map((d) => kanji[d]).join("")}`,
    kana: `ためし${signs.map((d) => kana[d]).join("")}`,
  };
}
