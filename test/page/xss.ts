/** Hostile words through every place of the built page, as the real asset server gives it, in a real Chromium. */
import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "puppeteer-core";
import { type DevWorker, startDevWorker } from "../../tools/dev-worker.ts";
import { inProject } from "../../tools/project.ts";
import { BUNDLE_VARIABLE, bundleWorker } from "../../tools/worker-bundle.ts";
import { launchBrowser } from "../e2e/browsers.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import { CHATS, OWN } from "./hostile-world.ts";
import { type Walk, walk } from "./walk.ts";
import { type Noted, notedIn, watch } from "./watching.ts";

export type XssCount = {
  payloads: number;
  /** By place: how many payloads stood there in their own letters. */
  shown: Readonly<Record<string, number>>;
  executions: readonly string[];
  reports: readonly string[];
  requests: readonly string[];
  /** Elements, attributes and links that words of others must never make. */
  broken: readonly string[];
  /** What the walk never met; nothing ran, but not every place was looked at. */
  stuck: readonly string[];
  /** Payload and place where the words did not stand. */
  missing: readonly string[];
};

/** A page with the hostile engine behind it. */
export class XssStage {
  readonly #worker: DevWorker;
  readonly #browser: Browser;
  readonly #state: string;
  readonly page: Page;
  readonly #requests: string[] = [];

  private constructor(worker: DevWorker, browser: Browser, state: string, page: Page) {
    this.#worker = worker;
    this.#browser = browser;
    this.#state = state;
    this.page = page;
  }

  /** @param page folder of the built page. */
  static async open(page = inProject("dist/web")): Promise<XssStage> {
    const state = await mkdtemp(join(tmpdir(), "alcove-xss-"));
    const folder = join(state, "page");
    await cp(page, folder, { recursive: true });
    await replaceWorkers(join(folder, "assets"));
    const port = await claimPorts();
    const secrets = join(state, "secrets.env");
    await writeFile(secrets, "NAME_SECRET=not-secret\nCOOKIE_SECRET=not-secret-either\n");
    const bundle =
      process.env[BUNDLE_VARIABLE] ?? (await bundleWorker(inProject("worker/index.ts"), join(state, "bundle")));
    const shared = { persist: join(state, "worker"), secrets, variables: {}, authorities: [] };
    const worker = await startDevWorker({ ...shared, port, inspectorPort: port + 1, bundle, page: folder });
    const browser = await launchBrowser("chromium");
    const [first] = await browser.pages();
    const stage = new XssStage(worker, browser, state, first ?? (await browser.newPage()));
    await stage.#arrive();
    return stage;
  }

  async #arrive(): Promise<void> {
    const { page } = this;
    await page.setViewport({ width: 1180, height: 760 });
    await page.evaluateOnNewDocument(watch);
    page.on("dialog", (dialog) => {
      this.#requests.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(this.#worker.url);
    await page.waitForSelector("[role=listbox] [role=option]");
    const own = new RegExp(
      `^${this.#worker.url}/assets/(?:aside|emoji-lines|every-dialog|failures|menus|qr|screens|search-worker)-[\\w-]+\\.js$`,
    );
    page.on("request", (request) => {
      if (!own.test(request.url())) this.#requests.push(request.url().slice(0, 120));
    });
    const kept = `${this.#worker.url}/service-worker.js`;
    this.#browser.on("targetcreated", (target) => {
      // The page's own, which begins some time after the page does.
      if (target.type() === "service_worker" && target.url() === kept) return;
      this.#requests.push(`window ${target.url().slice(0, 120)}`);
    });
  }

  /** One text in every place. */
  /** @param how the words are certain to stand everywhere, in their own letters: they are waited for */
  walk(words: string, how?: "certain"): Promise<Walk> {
    return this.page.evaluate(walk, { words, account: OWN, chats: CHATS, certain: how === "certain" });
  }

  async noted(): Promise<Noted & { readonly requests: readonly string[] }> {
    return { ...(await notedIn(this.page)), requests: this.#requests };
  }

  /** What was noted so far was meant to happen. */
  async forget(): Promise<void> {
    await this.page.evaluate("for (const list of Object.values(globalThis.__noted)) list.length = 0");
    this.#requests.length = 0;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#worker.group.stop();
    await rm(this.#state, { recursive: true, force: true });
  }
}

/** Engine and search give way to workers that say what the test wants. */
async function replaceWorkers(assets: string): Promise<void> {
  for (const [worker, hostile] of [
    ["engine-worker", "hostile-engine"],
    ["search-worker", "hostile-search"],
  ] as const) {
    const name = (await readdir(assets)).find((file) => file.startsWith(`${worker}-`) && file.endsWith(".js"));
    if (name === undefined) throw new Error(`The page has no ${worker}: build it first`);
    await build({
      entryPoints: [inProject(`test/page/${hostile}.ts`)],
      outfile: join(assets, name),
      allowOverwrite: true,
      bundle: true,
      format: "esm",
      logLevel: "error",
    });
  }
}

/** Walks with each of these texts. */
export async function runXss(
  stage: XssStage,
  payloads: readonly string[],
  told: (done: number) => void = () => undefined,
): Promise<XssCount> {
  const broken: string[] = [];
  const stuck: string[] = [];
  const missing: string[] = [];
  const shown: Record<string, number> = {};
  for (const [at, words] of payloads.entries()) {
    const walked = await stage.walk(words);
    const named = (one: string): string => `${JSON.stringify(words.slice(0, 40))}: ${one}`;
    broken.push(...walked.broken.map(named));
    stuck.push(...walked.stuck.map(named));
    for (const [place, seen] of Object.entries(walked.seen)) {
      shown[place] = (shown[place] ?? 0) + (seen ? 1 : 0);
      if (!seen) missing.push(named(place));
    }
    told(at + 1);
  }
  const { ran, reports, requests } = await stage.noted();
  return { payloads: payloads.length, shown, executions: ran, reports, requests, broken, stuck, missing };
}
