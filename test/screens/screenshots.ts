/**
 * Takes a picture of every scene in both themes and both widths and puts them into `test/screenshots/`.
 * Words on the command line choose scenes whose name holds one of them; `--language ar`: as whoever reads Arabic sees them,
 * `--width 320`: on the narrowest phone alone, `--theme light`: in one theme alone.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openStage, type Stage } from "./stage.ts";
import { scenesWith, walk } from "./walk.ts";

/** What is shown only if it takes a while: shapes of what comes. */
const SETTLE_MS = 250;
const { values, positionals: wanted } = parseArgs({
  options: { language: { type: "string" }, width: { type: "string" }, theme: { type: "string" } },
  allowPositionals: true,
});
const { language = "en", width, theme: onlyTheme } = values;
const HEIGHT = 780;
const SIZES: Readonly<Record<string, { readonly width: number; readonly height: number }>> =
  width === undefined
    ? { phone: { width: 390, height: HEIGHT }, desktop: { width: 1180, height: 760 } }
    : { [`${width}px`]: { width: Number(width), height: HEIGHT } };
const THEMES = (["light", "dark"] as const).filter((theme) => onlyTheme === undefined || theme === onlyTheme);

const root = fileURLToPath(new URL("../..", import.meta.url));
const target = join(root, "test/screenshots");
/** English pictures are called by their scene alone. */
const mark = language === "en" ? "" : `${language}.`;

async function takeAll(stage: Stage): Promise<number> {
  let taken = 0;
  for (const [size, viewport] of Object.entries(SIZES)) {
    // A finger needs more room than a mouse, and what is drawn for it is another picture.
    const isMobile = size !== "desktop";
    await stage.page.setViewport({ ...viewport, deviceScaleFactor: 1, isMobile, hasTouch: isMobile });
    await walk(stage, scenesWith(wanted), language, async (page, name) => {
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      for (const theme of THEMES) {
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
        await page.screenshot({ path: join(target, `${name}.${size}.${mark}${theme}.png`) as `${string}.png` });
        taken++;
      }
    });
  }
  return taken;
}

if (wanted.length === 0 && language === "en" && width === undefined && onlyTheme === undefined)
  rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const stage = await openStage();
try {
  stage.page.on("pageerror", (error) => {
    console.error(error);
    process.exitCode = 1;
  });
  process.stdout.write(`${await takeAll(stage)} pictures in test/screenshots/\n`);
} finally {
  await stage.close();
}
