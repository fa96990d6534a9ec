// One stylesheet and one ES module, with nothing left to fetch at run time.
import { copyFile, mkdir } from "node:fs/promises";
import { build } from "esbuild";

const here = new URL(".", import.meta.url).pathname;
await mkdir(`${here}dist`, { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: { app: "ts/app.ts" },
  outdir: "dist",
  bundle: true,
  format: "esm",
  target: ["es2022"],
  minify: true,
  charset: "utf8",
  legalComments: "inline",
});
await build({
  absWorkingDir: here,
  entryPoints: { app: "css/app.css" },
  outdir: "dist",
  bundle: true,
  minify: true,
  target: ["chrome111", "firefox113", "safari16.4"],
  charset: "utf8",
  legalComments: "inline",
});
await copyFile(`${here}css/icon.svg`, `${here}dist/icon.svg`);
