/**
 * How long it takes to get in: to the form, with a device that has still to be made, with one that is kept, and back into an
 * open conversation.
 */
import type { Browser, BrowserContext, Page } from "puppeteer-core";
import { launchBrowser } from "../e2e/browsers.ts";
import { until } from "../e2e/waiting.ts";
import type { Stack } from "../stack.ts";
import type { Account } from "../xmpp-server/accounts.ts";
import { measuresTable } from "./samples.ts";

const ROUNDS = 30;
const VIEWPORT = { width: 1180, height: 760 } as const;
const SIGN_IN_MS = 30_000;
const PUBLISHED_GOAL_MS = 600;
const RELOADED_GOAL_MS = 120;
/** The platform lets an address try so often in a minute. */
const TRIES_PER_MINUTE = 60;
const MINUTE_MS = 60_000;

type Marks = { readonly marks: Record<string, number> };

/** Prints the table. `account` is somebody nobody else needs meanwhile. */
export async function measureEntering(stack: Stack, account: Account): Promise<string> {
  const browser = await launchBrowser("chromium");
  try {
    const coldLoads: number[] = [];
    const newDevices: Entered[] = [];
    const reloads: number[] = [];
    const returning: Entered[] = [];
    const pace = new Pace();
    for (let round = 0; round < ROUNDS; round += 1) {
      const { context, page } = await freshProfile(browser);
      await page.goto(stack.url);
      coldLoads.push(await markOf(page, "form"));
      await pace.next();
      newDevices.push(await signIn(page, stack, account));
      reloads.push(await reload(page));
      await signOut(page, "Keep on this browser");
      await pace.next();
      returning.push(await signIn(page, stack, account));
      await signOut(page, "Erase from this browser");
      await context.close();
    }
    return measuresTable("on the way in", [
      { name: "cold load → sign-in form", samples: coldLoads },
      { name: "sign-in click → list, new device", samples: newDevices.map(({ list }) => list) },
      {
        name: "sign-in click → device published, new device",
        samples: newDevices.map(({ published }) => published),
        goalMs: PUBLISHED_GOAL_MS,
      },
      { name: "warm reload → composer", samples: reloads, goalMs: RELOADED_GOAL_MS },
      { name: "sign-in click → list, returning device", samples: returning.map(({ list }) => list) },
    ]);
  } finally {
    await browser.close();
  }
}

/** Not more tries than are allowed, without a pause before there have been that many. */
class Pace {
  readonly #tries: number[] = [];

  async next(): Promise<void> {
    const now = Date.now();
    const first = this.#tries.at(-TRIES_PER_MINUTE + 2);
    if (first !== undefined)
      await until("a minute is over", () => Date.now() - first > MINUTE_MS, { withinMs: 2 * MINUTE_MS });
    this.#tries.push(now);
  }
}

async function freshProfile(browser: Browser): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport(VIEWPORT);
  await page.emulateFocusedPage(true);
  await page.evaluateOnNewDocument(markWhatStands);
  return { context, page };
}

type Entered = { readonly list: number; readonly published: number };

/** Milliseconds from the click to the first conversation in the list, and to the published device. */
async function signIn(page: Page, stack: Stack, { name, password }: Account): Promise<Entered> {
  const field = (label: string) => page.locator(`::-p-aria(${label}[role="textbox"])`);
  await field("Address").fill(`${name}@${stack.xmpp.domain}`);
  await field("Password").fill(password);
  await page.evaluate(() => {
    for (const mark of ["list", "published"]) delete (window as unknown as Marks).marks[mark];
  });
  await page.locator('::-p-aria(Sign in[role="button"])').click();
  const [list, published, click] = [
    await markOf(page, "list"),
    await markOf(page, "published"),
    await markOf(page, "click"),
  ];
  return { list: list - click, published: published - click };
}

/** Milliseconds from the reload of an open conversation to the field in which the next message is written. */
async function reload(page: Page): Promise<number> {
  await everythingStands(page);
  await page.locator("nav [role=option]").click();
  await markOf(page, "composer");
  await page.reload();
  return markOf(page, "composer");
}

async function signOut(page: Page, choice: string): Promise<void> {
  const press = (name: string) => page.locator(`::-p-aria(${name}[role="button"])`).click();
  await everythingStands(page);
  await press("Account menu");
  await press("Sign out");
  await page.locator(`dialog .choice ::-p-text(${choice})`).click();
  await page.waitForSelector("form h1");
}

/** Only a browser that stands has something to sign out of, or to come back to: the device must have been published. */
async function everythingStands(page: Page): Promise<void> {
  const stands = () => page.evaluate(() => document.querySelector("[data-testid=connection]") === null);
  await until("everything stands", stands, { withinMs: SIGN_IN_MS });
}

async function markOf(page: Page, name: string): Promise<number> {
  const mark = await page.waitForFunction(
    (wanted) => (window as unknown as Marks).marks[wanted],
    { polling: 50, timeout: SIGN_IN_MS },
    name,
  );
  return Number(await mark.jsonValue());
}

/** Runs before the page's own script: milliseconds since the navigation began. */
function markWhatStands(): void {
  const marks: Record<string, number> = {};
  (window as unknown as { marks: Record<string, number> }).marks = marks;
  addEventListener(
    "click",
    (event) => {
      if (document.querySelector("form h1") !== null) marks["click"] = event.timeStamp;
    },
    { capture: true },
  );
  new MutationObserver(() => {
    if (document.querySelector("form input") !== null) marks["form"] ??= performance.now();
    if (document.querySelector("nav [role=option]") !== null) marks["list"] ??= performance.now();
    if (document.querySelector("form.composer textarea:enabled") !== null) marks["composer"] ??= performance.now();
    // The line goes when all hops stand, the last of them the own device, which is published then.
    const stands = document.querySelector("[data-testid=connection]") === null;
    if (stands && marks["list"] !== undefined) marks["published"] ??= performance.now();
  }).observe(document, { subtree: true, childList: true });
}
