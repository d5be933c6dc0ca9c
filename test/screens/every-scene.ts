/** What must hold on each screen and in each state of it, measured in every scene of the gallery. */
import type { Page } from "puppeteer-core";
import { axeFindings } from "../e2e/axe.ts";
import { outOfReach, tooSmall } from "./reach.ts";
import { openStage } from "./stage.ts";
import { scenesWith, walk } from "./walk.ts";

const DESKTOP = { width: 1180, height: 760 };
const PHONE = { width: 390, height: 780, hasTouch: true, isMobile: true };
/** WCAG 1.4.10: what is as wide as this needs no scrolling sideways. */
const NARROWEST = { ...PHONE, width: 320 };
/** Without another kind of pointer, for which the page would be loaded again. */
const WIDE = { ...PHONE, ...DESKTOP };

/** WCAG 2.5.8, for a pointer. */
const POINTER_PX = 24;
/** WCAG 2.5.5, for a finger. */
const FINGER_PX = 44;

export type Way = {
  readonly language: string;
  readonly theme: "light" | "dark";
  readonly viewport: typeof DESKTOP;
  readonly measure: (page: Page) => Promise<readonly string[]>;
};

async function withAxe(page: Page): Promise<readonly string[]> {
  const small = await tooSmall(page, POINTER_PX);
  return [...(await axeFindings(page)), ...small.map((what) => `a pointer misses it: ${what}`)];
}

/** At 320 px, and with letters twice as large (WCAG 1.4.4). */
async function withinReach(page: Page): Promise<readonly string[]> {
  const narrow = await outOfReach(page);
  const small = await tooSmall(page, FINGER_PX);
  await page.setViewport(WIDE);
  await lettersOf(page, "200%");
  const large = await outOfReach(page);
  await lettersOf(page, "");
  await page.setViewport(NARROWEST);
  return [
    ...narrow.map((what) => `at 320 px: ${what}`),
    ...small.map((what) => `a finger misses it: ${what}`),
    ...large.map((what) => `with letters of 200 %: ${what}`),
  ];
}

async function lettersOf(page: Page, size: string): Promise<void> {
  await page.evaluate(async (to) => {
    document.documentElement.style.fontSize = to;
    dispatchEvent(new Event("resize"));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }, size);
}

/** German words are the longest, Arabic lines run to the left. */
export const WAYS = {
  axe: { language: "en", theme: "light", viewport: DESKTOP, measure: withAxe },
  reach: { language: "de", theme: "light", viewport: NARROWEST, measure: withinReach },
  "axe-dark": { language: "de", theme: "dark", viewport: PHONE, measure: axeFindings },
  "axe-arabic": { language: "ar", theme: "light", viewport: DESKTOP, measure: withAxe },
  "reach-arabic": { language: "ar", theme: "light", viewport: NARROWEST, measure: withinReach },
} as const satisfies Readonly<Record<string, Way>>;

/**
 * @param words scenes whose name holds one of them; empty: all
 * @returns a line for each finding, with its scene; empty where all is well
 */
export async function findingsOf(way: Way, words: readonly string[] = []): Promise<readonly string[]> {
  const found: string[] = [];
  const stage = await openStage();
  try {
    await stage.page.setViewport(way.viewport);
    await stage.page.emulateMediaFeatures([
      { name: "prefers-color-scheme", value: way.theme },
      { name: "prefers-reduced-motion", value: "reduce" },
    ]);
    await walk(stage, scenesWith(words), way.language, async (page, scene) => {
      for (const what of await way.measure(page)) found.push(`${scene}: ${what}`);
    });
  } finally {
    await stage.close();
  }
  return found;
}
