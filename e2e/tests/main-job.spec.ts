/**
 * The main job, as one officer's day: a call without a name becomes a household's case, somebody in
 * it must not be found, and a colleague of another body finds nothing of it all.
 */

import { choice, field, follow, menu, pick, press } from "../support/form.ts";
import {
  CASE,
  addMembers,
  family,
  findable,
  makeCase,
  number,
  personOf,
  protect,
  receive,
  search,
  write,
  entry,
} from "../support/steps.ts";
import { axe, expect, login, test } from "../support/test.ts";

test("an anonymous call is saved with nothing but the words", async ({ page, server }) => {
  await login(page, server, "worker");
  await menu(page, "相談受付");
  await follow(page, "相談を受け付ける");
  await axe(page);
  await field(page, "相談の内容").fill("名前は言いたくない。もう何日も眠れていない。");
  await press(page, "保存する");

  await expect(page.getByRole("main")).toContainText("名前は言いたくない。もう何日も眠れていない。");
  await expect(page.getByRole("main")).toContainText("匿名");
  await axe(page);
  const its = await number(page);
  await menu(page, "相談受付");
  await expect(page.getByRole("row").filter({ hasText: its })).toBeVisible();
});

test("the call becomes a household's case with one click, and the family is added", async ({ page, server }) => {
  await login(page, server, "worker");
  const { name, kana } = family();
  await receive(page, { words: "娘のことで電話しました。名前はまだ言えません。" });
  await makeCase(page);
  await axe(page);
  const casePath = new URL(page.url()).pathname;

  // She says who she is.
  await page.goto(await personOf(page, /匿名/));
  await axe(page);
  await follow(page, "氏名を直す");
  const row = page.getByRole("group", { name: /^氏名 1/ });
  await field(row, "氏名").fill(`${name} 母子`);
  await field(row, "ふりがな").fill(`${kana} ぼし`);
  await axe(page);
  await press(page, "保存する");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(`${name} 母子`);

  await page.goto(casePath);
  await addMembers(page, [
    { name: `${name} 父男`, relation: "配偶者", sex: "男", birth: "S35.3.4" },
    { name: `${name} 息彦`, relation: "息子", sex: "男", birth: "20代" },
    { name: `${name} 娘美`, relation: "娘", sex: "女", birth: "平成12年" },
  ]);
  const household = page.getByRole("region", { name: "世帯" });
  for (const given of ["母子", "父男", "息彦", "娘美"]) await expect(household).toContainText(`${name} ${given}`);

  // The daughter lives elsewhere; nobody else moves.
  await page.goto(await personOf(page, `${name} 娘美`));
  await follow(page, "転居・世帯の移動");
  await axe(page);
  await field(page, "移った日").fill("今日");
  await choice(page, "種類", "居所").check();
  await field(page, "住所・居所").fill("みどり市若葉町1丁目1-1(架空)");
  await page.getByLabel("世帯員のまま別居になる").check();
  await press(page, "移動を記録する");
  await page.goto(casePath);
  await expect(household.getByRole("listitem").filter({ hasText: "娘美" })).toContainText("別居");
  for (const given of ["母子", "父男", "息彦"]) {
    await expect(household.getByRole("listitem").filter({ hasText: given })).not.toContainText("別居");
  }
  await axe(page);
});

test("a visit is written down without leaving the case", async ({ page, server }) => {
  await login(page, server, "worker");
  await receive(page, { words: "訪問してほしい。" });
  const casePath = await makeCase(page);
  await pick(page, "対応方法", /^訪問$/);
  await field(page, "内容").fill("自宅を訪問。玄関先で30分話す。\n次は来週。");
  await field(page, "所要時間(分)").fill("30");
  await press(page, "支援経過を保存する");

  await expect(page).toHaveURL(CASE);
  expect(new URL(page.url()).pathname).toBe(casePath);
  await expect(entry(page, "玄関先で30分話す。")).toContainText("30分");
  await expect(field(page, "内容"), "ready for the next").toHaveValue("");
  await axe(page);
});

test("what tells where the daughter is vanishes at once, everywhere", async ({ page, server, as }) => {
  const { name } = family();
  const daughter = `${name} 隠子`;
  const secrets = {
    address: "みどり市秘密町7丁目77-7(架空)",
    phone: "00-7531-9753",
    school: "ないしょ学園",
    workplace: "かくれが商店",
    hospital: "しのび医院",
  };
  await login(page, server, "worker");
  const consultation = await receive(page, { words: `${name}です。娘が家を出ました。`, subject: { name: `${name} 母枝` } });
  const casePath = await makeCase(page);
  const room = casePath.split("/").at(-1);
  await addMembers(page, [{ name: daughter, relation: "娘", sex: "女" }]);
  const person = await personOf(page, daughter);
  await findable(page, person, secrets);
  const everywhere = [
    person,
    person.replace("?", "/addresses?"),
    person.replace("?", "/edit?"),
    person.replace("?", "/protection?"),
    person.replace("?", "/consents?"),
    casePath,
    `${casePath}/print`,
    `${casePath}/print?timeline=1`,
    `${casePath}/team`,
    consultation,
    `${consultation}/print`,
    "/today",
    `/rooms/${room}/log`,
  ];

  await expect(page.getByRole("main")).toContainText(secrets.phone);
  await protect(page, person);
  await axe(page);

  for (const path of everywhere) {
    await page.goto(path);
    const html = await page.content();
    for (const secret of Object.values(secrets)) expect(html, `${path} shows ${secret}`).not.toContain(secret);
  }
  await page.goto(person);
  await expect(page.getByRole("main")).toContainText("秘匿");
  await page.goto(casePath);
  await expect(page.getByRole("region", { name: "世帯" }).getByRole("listitem").filter({ hasText: daughter })).toContainText("秘匿");
  await page.goto(`${casePath}/print`);
  await expect(page.getByRole("row").filter({ hasText: daughter })).toContainText("秘匿");
  await axe(page);

  await page.goto("/today");
  const found = await search(page, daughter);
  for (const secret of Object.values(secrets)) expect(found).not.toContain(secret);
  await axe(page);
  for (const secret of ["00-7531-9753", "0075319753", "秘密町7丁目", "かくれが商店"]) {
    const hits = await search(page, secret);
    expect(hits, `a search for ${secret} leads to her`).not.toContain("隠子");
  }

  // Her supervisor has a key to the room and still sees nothing without a reason.
  const supervisor = await as("supervisor");
  for (const path of [person, casePath, `${casePath}/print`]) {
    await supervisor.goto(path);
    const html = await supervisor.content();
    for (const secret of Object.values(secrets)) expect(html).not.toContain(secret);
  }
});

test("a colleague of another body sees nothing of it", async ({ page, server, as }) => {
  const { name } = family();
  await login(page, server, "worker");
  const consultation = await receive(page, {
    words: "ここだけの話です。藍色の手帳のこと。",
    subject: { name: `${name} 見知代`, phone: "00-2468-1357" },
  });
  const consultationNumber = await number(page);
  const casePath = await makeCase(page);
  const caseNumber = await number(page);
  await write(page, "藍色の手帳を預かった。");
  const person = await personOf(page, `${name} 見知代`);
  const room = casePath.split("/").at(-1) ?? "";
  const never = [name, "見知代", "藍色の手帳", "00-2468-1357", caseNumber, consultationNumber];

  const outside = await as("outside");
  for (const words of [name, `${name} 見知代`, "00-2468-1357", "0024681357", caseNumber, consultationNumber, "藍色の手帳"]) {
    const shown = (await search(outside, words)).replaceAll(words, "");
    for (const secret of never.filter((s) => !words.includes(s))) expect(shown, `searching ${words}`).not.toContain(secret);
    await expect(outside.locator(`main a[href*="${room}"]`), `a way in by ${words}`).toHaveCount(0);
    await expect(outside.locator('main a[href^="/people/"]')).toHaveCount(0);
  }
  await axe(outside);

  const doors = [
    casePath,
    `${casePath}/print`,
    `${casePath}/print?timeline=1`,
    `${casePath}/team`,
    `${casePath}/tasks`,
    `${casePath}/edit`,
    consultation,
    `${consultation}/print`,
    `${consultation}/print?for=disclosure`,
    `${consultation}/edit`,
    person,
    person.split("?")[0] ?? person,
    `/cases/new?from=${consultation.split("/").at(-1)}`,
    `/rooms/${room}/log`,
    `/api/v1/cases/${room}`,
    `/api/v1/cases/${room}/contacts`,
    `/api/v1/consultations/${consultation.split("/").at(-1)}`,
    `/api/v1/search?q=${encodeURIComponent(name)}`,
  ];
  for (const path of doors) {
    const answer = await outside.goto(path);
    expect(answer?.status(), path).toBeGreaterThanOrEqual(path.startsWith("/api/v1/search") ? 200 : 400);
    expect(answer?.status(), path).toBeLessThan(500);
    const html = await outside.content();
    for (const secret of never) {
      if (path.includes("search") && secret === name) continue;
      expect(html, `${path} tells ${secret}`).not.toContain(secret);
    }
  }
  for (const list of ["/today", "/cases?view=all", "/consultations", "/api/v1/cases"]) {
    await outside.goto(list);
    const html = await outside.content();
    for (const secret of never) expect(html, `${list} tells ${secret}`).not.toContain(secret);
  }
});
