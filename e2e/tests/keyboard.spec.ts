/** The first half of the main job with Tab, Shift, Enter and Space alone; typing is for text. */

import type { Locator, Page } from "@playwright/test";
import { field } from "../support/form.ts";
import { CASE, CONSULTATION } from "../support/steps.ts";
import { expect, login, test } from "../support/test.ts";

/** Steps from one end of a page to the other at most. */
const FAR = 250;

/** Presses Tab until this has the focus, and looks that one can see where the focus is. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target.first()).toBeAttached();
  for (let steps = 0; steps < FAR; steps++) {
    if (await target.first().evaluate((element) => element === document.activeElement)) {
      await seen(target.first());
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`${target} is not reached with Tab`);
}

/** The focus can be seen: an outline or a ring that the element does not have otherwise. */
async function seen(focused: Locator): Promise<void> {
  const ring = await focused.evaluate((element) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
  });
  expect(ring, `the focus on ${focused} can be seen`).toBe(true);
}

test("signing in, taking a call and making it a case need no mouse", async ({ page, server }) => {
  const { user, password } = server.login("worker");
  await page.goto("/login");
  await tabTo(page, field(page, "ユーザー名"));
  await page.keyboard.type(user);
  await tabTo(page, field(page, "パスワード"));
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await expect(page).not.toHaveURL(/\/login/);

  // The first stop of every page leads past the menu.
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "本文へ移動" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await seen(skip);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#main$/);
  await page.keyboard.press("Tab");
  const inMain = await page.evaluate(() => document.querySelector("main")?.contains(document.activeElement));
  expect(inMain, "the next stop is in the page's own part").toBe(true);

  await page.reload();
  await tabTo(page, page.getByRole("navigation", { name: "メニュー" }).getByRole("link", { name: /^相談受付/ }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("相談受付");
  await tabTo(page, page.getByRole("link", { name: "相談を受け付ける", exact: true }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("相談を受け付ける");

  await tabTo(page, field(page, "相談の内容"));
  await page.keyboard.type("鍵盤だけで書いています。");
  // Folded parts open with the keyboard, too.
  const folded = page.locator("summary", { hasText: "くわしく書く" });
  await tabTo(page, folded);
  await page.keyboard.press("Space");
  await tabTo(page, field(page, "配慮を希望されること"));
  await page.keyboard.type("電話は昼だけ。");
  await tabTo(page, page.getByRole("button", { name: "保存する", exact: true }));
  await page.keyboard.press("Space");
  await expect(page).toHaveURL(CONSULTATION);
  await expect(page.getByRole("main")).toContainText("鍵盤だけで書いています。");
  await expect(page.getByRole("main")).toContainText("電話は昼だけ。");

  await tabTo(page, page.getByRole("link", { name: "受理してケースを作る", exact: true }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("button", { name: "ケースにする", exact: true }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(CASE);
});

test("the keyboard is never caught: Tab comes round the whole form", async ({ page, server }) => {
  await login(page, server, "worker");
  await page.goto("/consultations/new");
  const stops: string[] = [];
  for (let steps = 0; steps < FAR; steps++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const on = document.activeElement;
      if (!on || on === document.body) return "";
      return on.id || `${on.tagName} ${(on.getAttribute("name") ?? on.textContent ?? "").trim()}`;
    });
    if (stop === "") break;
    expect(stop, "the focus moves on").not.toBe(stops.at(-1));
    stops.push(stop);
  }
  expect(stops.length, "it came to the end").toBeLessThan(FAR);
  expect(stops.some((stop) => stop.includes("保存する"))).toBe(true);
});

test("what is wrong is said, and the keyboard is led there @js", async ({ page, server }) => {
  await login(page, server, "worker");
  await page.goto("/consultations/new");
  await tabTo(page, page.getByRole("button", { name: "保存する", exact: true }));
  await page.keyboard.press("Enter");
  const summary = page.getByRole("alert", { name: "入力の確認" });
  await expect(summary).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(field(page, "相談の内容")).toBeFocused();
});
