/** Goes through scenes in one page, which is loaded again only where something of the last scene would stay. */
import type { Dialog, Page } from "puppeteer-core";
import type { Scene } from "./scene.ts";
import { SCENES } from "./scenes.ts";
import { READY_TIMEOUT_MS, type Stage } from "./stage.ts";

/** An invitation is taken once, and held for as long as the page is there; so is that a script could not be fetched. */
const isHeld = (scene: Scene | undefined): boolean =>
  scene?.invitation !== undefined || scene?.join !== undefined || scene?.unfetched === true;

/** What is in scripts of its own. */
const LATER = ["*/aside.js", "*/every-dialog.js", "*/failures.js", "*/menus.js", "*/screens.js"];

/** @param words scenes whose name holds one of them; empty: all */
export function scenesWith(words: readonly string[]): readonly string[] {
  return Object.keys(SCENES).filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
}

/**
 * @param names which scenes, in this order
 * @param look called when a scene stands and everything that moves has come to its end
 */
export async function walk(
  stage: Stage,
  names: readonly string[],
  language: string,
  look: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  const { page, address } = stage;
  let before: string | undefined;
  const network = await page.createCDPSession();
  await network.send("Network.enable");
  // A scene in which something is on its way asks whether the page may go.
  const mayGo = (asked: Dialog) => void asked.accept();
  page.on("dialog", mayGo);
  for (const name of names) {
    const unfetched = SCENES[name]?.unfetched === true;
    await network.send("Network.setBlockedURLs", { urls: unfetched ? LATER : [] });
    if (before === undefined || isHeld(SCENES[before]) || isHeld(SCENES[name])) {
      await page.goto(`${address}?scene=${name}&language=${language}${unfetched ? "&unfetched" : ""}`);
      await page.waitForSelector(`html[data-ready="${name}"]`, { timeout: READY_TIMEOUT_MS });
    } else await page.evaluate(`play(${JSON.stringify(name)}, ${JSON.stringify(language)})`);
    await page.evaluate(async () => {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const moving = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
      await Promise.allSettled(moving.map(({ finished }) => finished));
    });
    await look(page, name);
    before = name;
  }
  page.off("dialog", mayGo);
  await network.detach();
}
