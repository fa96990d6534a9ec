import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

/** Debian's Chromium, or the one that CHROMIUM names: never Playwright's own download. */
const chromium =
  process.env.CHROMIUM ??
  ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

const desktop = { width: 1366, height: 768 };

/**
 * What one does all day. It must work on a phone, without scripts and at 200 % too; the rest is
 * proven on the office's screen, where `every-page` looks at each page at those widths as well.
 */
const mainJob = ["main-job.spec.ts", "intake.spec.ts", "search.spec.ts"];

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results/artifacts",
  globalSetup: "./support/setup.ts",
  fullyParallel: false,
  workers: 2,
  // A test that passes only the second time is broken.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // xtask counts the tests in the JSON report.
  reporter: [["list"], ["json", { outputFile: "test-results/report.json" }]],
  use: {
    actionTimeout: 20_000,
    browserName: "chromium",
    locale: "ja-JP",
    timezoneId: "Asia/Tokyo",
    screenshot: "only-on-failure",
    // A trace of every step takes as long as the steps: asked for when a failure needs one.
    trace: process.env.ENGAWA_TRACE ? "retain-on-failure" : "off",
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--no-first-run",
        // Whatever a page tries, no other host can be found.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
      ],
    },
  },
  projects: [
    { name: "desktop", use: { viewport: desktop } },
    {
      name: "phone",
      testMatch: mainJob,
      use: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
    },
    // Everything works without scripts, except what a test tagged @js is about.
    {
      name: "nojs",
      testMatch: [...mainJob, "drafts.spec.ts", "login.spec.ts", "together.spec.ts"],
      use: { viewport: desktop, javaScriptEnabled: false },
      grepInvert: /@js/,
    },
    // 1366×768 at 200 %: half the CSS pixels, twice the density.
    {
      name: "zoom",
      testMatch: [...mainJob, "keyboard.spec.ts"],
      use: { viewport: { width: 683, height: 384 }, deviceScaleFactor: 2 },
    },
  ],
});
