/** One stage for the tests of a file: opened before the first of them, closed after the last. */
import { after, before } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "puppeteer-core";
import { until } from "../e2e/waiting.ts";
import { openStage, READY_TIMEOUT_MS, type Stage, type StageOptions } from "./stage.ts";

/** As on a desktop. */
const VIEWPORT = { width: 1180, height: 760 };

type OnStage = {
  readonly page: Page;
  /** Goes to a scene and waits until it stands; `unfetched`: with nothing of what is fetched later. */
  readonly show: (scene: string, how?: "unfetched" | `language=${string}`) => Promise<void>;
  /** What a script in the page gives. */
  readonly read: (script: string) => Promise<unknown>;
  /** Waits until a script in the page says that it is so; fails with `what`. */
  readonly comes: (what: string, script: string) => Promise<void>;
};

/** @param settleMs how long a scene is left alone before anything is done with it */
export function onStage(settleMs = 0, options: StageOptions = {}): OnStage {
  let stage: Stage;
  before(async () => {
    stage = await openStage(options);
    await stage.page.setViewport(VIEWPORT);
  });
  after(() => (stage as Stage | undefined)?.close());
  const read = (script: string): Promise<unknown> => stage.page.evaluate(script);
  return {
    get page() {
      return stage.page;
    },
    show: async (scene, how) => {
      await stage.page.goto(`${stage.address}?scene=${scene}${how === undefined ? "" : `&${how}`}`);
      await stage.page.waitForSelector(`html[data-ready="${scene}"]`, { timeout: READY_TIMEOUT_MS });
      if (settleMs > 0) await sleep(settleMs);
    },
    read,
    comes: async (what, script) => {
      await until(what, async () => (await read(script)) === true);
    },
  };
}
