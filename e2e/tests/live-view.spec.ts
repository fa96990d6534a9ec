/** A つなぐシート being written: what its receiver will read stands beside it and follows every word. */

import type { Page } from "@playwright/test";
import { choice, field, follow, press } from "../support/form.ts";
import { caseOf, family } from "../support/steps.ts";
import { axe, expect, login, test } from "../support/test.ts";

const RECEIVER = /さくら地域包括支援センター/;

const view = (page: Page) => page.locator("details[data-live-view]");
const line = (page: Page) => view(page).getByRole("status");

/** From the case's page to the sheet's form. */
async function begin(page: Page, casePath: string): Promise<void> {
  await page.goto(casePath);
  await follow(page, "つなぐシートを書く");
  await page.getByRole("row", { name: RECEIVER }).getByRole("link", { name: /ここに渡す/ }).click();
}

test("the view follows the words, says in one line how it stands, and sends nothing @js", async ({ page, server, as }) => {
  const { name } = family();
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "息子が家から出ません。", subject: { name: `${name} 浩男` } });
  await begin(page, path);

  await expect(line(page)).toContainText("載る人0人、載らない人1人");
  await expect(view(page)).toContainText("「お願いしたいこと」");
  await expect(view(page), "who did not agree").toContainText("載らない人");
  await axe(page);

  // Another basis lets the person in; the view says why each line may be shared.
  await choice(page, "渡してよい根拠", "緊急(生命・身体の保護)").check();
  await field(page, "根拠の説明（同意のほかのとき）").fill("命にかかわるおそれがあるため");
  await expect(line(page)).toContainText("載る人1人、載らない人0人");
  await expect(view(page)).toContainText(`${name} 浩男`);
  await expect(view(page)).toContainText("渡せる理由");
  await field(page, "お願いしたいこと").fill("今日のうちに訪ねてください。");
  await expect(view(page)).toContainText("今日のうちに訪ねてください。");
  await field(page, "お願いしたいこと").fill("明日の朝に訪ねてください。");
  await expect(view(page)).toContainText("明日の朝に訪ねてください。");
  await expect(view(page)).not.toContainText("今日のうちに");
  await axe(page);

  const other = await as("outside");
  await other.goto("/referrals");
  await expect(other.getByRole("main")).not.toContainText(name);
});

test("when the server cannot be asked, the last view stays and is said to be old @js", async ({ page, server }) => {
  const { name } = family();
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "通信が切れる。", subject: { name: `${name} 花` } });
  await begin(page, path);
  await field(page, "お願いしたいこと").fill("切れる前の一文。");
  await expect(view(page)).toContainText("切れる前の一文。");

  await page.route("**/referrals/new", (route) =>
    route.request().method() === "POST" ? route.abort("connectionfailed") : route.continue(),
  );
  await field(page, "お願いしたいこと").fill("切れた後の一文。");
  await expect(line(page)).toContainText("いまの入力とは違うことがあります");
  await expect(view(page), "the last view stays").toContainText("切れる前の一文。");
  await expect(field(page, "お願いしたいこと"), "and so does what was typed").toHaveValue("切れた後の一文。");
  await axe(page);

  await page.unroute("**/referrals/new");
  await field(page, "お願いしたいこと").fill("つながった後の一文。");
  await expect(view(page)).toContainText("つながった後の一文。");
  await expect(line(page)).toContainText("載る人");
});

test("the button's answer gives way to the newer view @js", async ({ page, server }) => {
  const { name } = family();
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "ボタンで確かめる。", subject: { name: `${name} 実` } });
  await begin(page, path);
  await field(page, "お願いしたいこと").fill("ボタンの前の一文。");
  await press(page, "相手に見える内容を確かめる");
  await expect(page.locator("[data-live-was]")).toContainText("ボタンの前の一文。");
  await field(page, "お願いしたいこと").fill("ボタンの後の一文。");
  await expect(view(page)).toContainText("ボタンの後の一文。");
  await expect(page.locator("[data-live-was]")).toHaveCount(0);
});
