/**
 * Every page that a role can reach by links, as that role: readable by machine and eye, on a phone
 * and at 200 %, without a word of the program's own in it.
 */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { axe, expect, login, test } from "../support/test.ts";

const ROLES = ["worker", "supervisor", "coordinator", "clerk", "entry", "auditor", "admin", "outside", "nocase"];

/** Pages of one role at most. */
const MOST = 110;
/** 390 px: a phone. 683 px: 1366 px at 200 %. */
const WIDTHS = [390, 683];

/** Ids, numbers and words in an address make no other kind of page. */
function pattern(url: URL): string {
  const path = url.pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID").replace(/\/\d+(?=\/|$)/g, "/N").replace(/(\/codes)\/[a-z_]+/, "$1/LIST");
  const keys = [...new Set(url.searchParams.keys())].filter((key) => !["page", "before", "q"].includes(key));
  return keys.length > 0 ? `${path}?${keys.sort().join("&")}` : path;
}

/** What a page holds, fetched in one go. */
interface Seen {
  title: string;
  headings: number;
  text: string;
  cells: string[];
  links: { href: string; name: string }[];
}

function read(page: Page): Promise<Seen> {
  return page.evaluate(() => {
    const all = <T extends Element>(what: string) => [...document.querySelectorAll<T & HTMLElement>(what)];
    return {
      title: document.title,
      headings: all("h1").length,
      text: document.querySelector<HTMLElement>("main")?.innerText ?? "",
      cells: all("main td, main th, main dd, main .tag").map((cell) => cell.innerText.trim()),
      links: all<HTMLAnchorElement>("a[href]").map((link) => ({
        href: link.getAttribute("href") ?? "",
        name: (link.textContent?.trim() || link.getAttribute("aria-label") || "").trim(),
      })),
    };
  });
}

/** Words of the program that a user must never read: `home_visit`, `not_explained`. */
const CODE = /(?<![\w@./-])[a-z]+(?:_[a-z0-9]+)+(?![\w@./-])/g;
/** Words without an underline that are surely codes of ours when they stand alone in a cell. */
const BARE = /^(?:write|read|duty|consent|posting|desk|phone|self|other|unknown|normal|soon|emergency|open|closed|accepted|assessment|support|watch|worker|supervisor|clerk|entry|admin|auditor|null|undefined|None|Some|true|false)$/;

function look(seen: Seen, at: string): string[] {
  const wrong: string[] = [];
  if (seen.headings !== 1) wrong.push(`${at}: not exactly one h1`);
  if (seen.title.trim() === "" || seen.title.startsWith(" |")) wrong.push(`${at}: no title`);
  // Where codes and the program's own words are shown on purpose.
  if (!/^\/organisations\/(codes|roles|import|export)|^\/account/.test(at)) {
    const codes = [...new Set(seen.text.match(CODE) ?? [])];
    if (codes.length > 0) wrong.push(`${at}: codes in the text: ${codes.join(", ")}`);
    const bare = [...new Set(seen.cells.filter((cell) => BARE.test(cell)))];
    if (bare.length > 0) wrong.push(`${at}: codes alone in a cell: ${bare.join(", ")}`);
  }
  if (/[{}]|%[sd]\b|\bNaN\b|\bSome\(|\bNone\b/.test(seen.text)) wrong.push(`${at}: something of the program in the text`);
  for (const { href, name } of seen.links) if (name === "") wrong.push(`${at}: a link without words to ${href}`);
  return wrong;
}

async function fits(page: Page, at: string): Promise<string[]> {
  const wrong: string[] = [];
  const size = page.viewportSize();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const { wide, there } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      there: document.documentElement.clientWidth,
    }));
    if (wide > there) wrong.push(`${at}: scrolls sideways at ${width} px (${wide} px wide)`);
  }
  if (size) await page.setViewportSize(size);
  return wrong;
}

/**
 * Kinds of page that axe and the two widths have judged already, whoever saw them first: a role sees
 * fewer parts of a page than another, not other parts. The roles that see most come first.
 */
const judged = new Set<string>();

// A trace of a hundred pages is larger than the browser; the messages name the pages.
test.use({ trace: "off" });

for (const role of ROLES) {
  test(`every page that ${role} reaches is whole`, async ({ page, server }, info) => {
    test.setTimeout(1_200_000);
    const shots = join(info.config.rootDir, "..", "screenshots", info.project.name);
    mkdirSync(shots, { recursive: true });
    await login(page, server, role);

    const waiting = [new URL(page.url()).pathname, "/account", "/search?q=%E9%AB%98%E6%A9%8B"];
    const seen = new Set<string>();
    const patterns = new Set<string>();
    const wrong: string[] = [];
    while (waiting.length > 0 && seen.size < MOST) {
      const next = waiting.shift() ?? "";
      const url = new URL(next, server.url);
      url.hash = "";
      const kind = pattern(url);
      const at = `${url.pathname}${url.search}`;
      if (url.origin !== server.url || patterns.has(kind) || url.pathname.startsWith("/logout")) continue;
      if (/\.(csv|xlsx|svg|json|pdf)$/.test(url.pathname) || url.pathname.startsWith("/files/") || url.pathname === "/lock") continue;
      seen.add(at);
      patterns.add(kind);

      const answer = await page.goto(at).catch((error: Error) => {
        if (!/Download is starting/.test(error.message)) wrong.push(`${at}: ${error.message.split("\n")[0]}`);
        return null;
      });
      if (!answer) continue;
      const status = answer.status();
      if (status >= 400) {
        wrong.push(`${at}: a link of ours leads to ${status}`);
        continue;
      }
      const whole = await read(page);
      wrong.push(...look(whole, at));
      if (!judged.has(kind)) {
        judged.add(kind);
        await axe(page);
        wrong.push(...(await fits(page, at)));
        const name = `${role}${kind.replace(/[^\w-]+/g, "_")}.png`;
        if (process.env.ENGAWA_SHOTS) await page.screenshot({ path: join(shots, name), fullPage: true });
      }
      waiting.push(...whole.links.map(({ href }) => href).filter((href) => href !== "" && !href.startsWith("#")));
    }
    expect(seen.size, "the menu leads somewhere").toBeGreaterThan(2);
    expect(wrong.join("\n"), `pages of ${role}`).toBe("");
  });
}

test("a page that does not exist says so in words, with a way on", async ({ page, server }) => {
  await login(page, server, "worker");
  for (const path of ["/nowhere", "/cases/xyz", "/people/00000000-0000-7000-8000-000000000000", "/consultations/../../etc/passwd", "/assets/../engawa.sqlite", "/organisations/unknown"]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
    await expect(page.getByRole("main")).toContainText("開けませんでした");
    await expect(page.getByRole("main").getByRole("link").first()).toBeVisible();
    await axe(page);
  }
});

test("nobody who is not signed in sees anything", async ({ page, request, server }) => {
  for (const path of ["/", "/today", "/cases", "/consultations", "/people/protections", "/organisations", "/rooms/audit", "/search?q=a", "/account"]) {
    await page.goto(path);
    await expect(page, path).toHaveURL(/\/login/);
  }
  for (const path of ["/api/v1/cases", "/api/v1/consultations", "/api/v1/search?q=a", "/api/v1/desks"]) {
    const answer = await request.get(`${server.url}${path}`, { maxRedirects: 0 });
    expect([401, 404], path).toContain(answer.status());
  }
});

test("every answer carries the headers that keep it from talking to others", async ({ page, server }) => {
  await login(page, server, "worker");
  for (const path of ["/today", "/consultations/new", "/nowhere"]) {
    const headers = (await page.goto(path))?.headers() ?? {};
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["content-security-policy"]).not.toMatch(/unsafe-inline|unsafe-eval|\*|https?:/);
    expect(headers["cache-control"]).toContain("no-store");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["referrer-policy"]).toBeTruthy();
  }
});
