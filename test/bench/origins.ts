/** Who hears of it when a person uses Alcove: every request of page and workers, by origin. */
import type { Browser, CDPSession, Page, WebWorker } from "puppeteer-core";
import { launchBrowser } from "../e2e/browsers.ts";
import { until } from "../e2e/waiting.ts";
import { ALICE, BOB, type Stack } from "../stack.ts";
import type { Account } from "../xmpp-server/accounts.ts";
import { table } from "./samples.ts";

const SIGN_IN_MS = 30_000;
const WITHOUT_NETWORK = new Set(["data:", "blob:", "about:"]);

type Count = { readonly urls: string[]; readonly watched: Promise<void>[] };

/** Two people sign in, one writes to the other; prints how many requests of both went where. */
export async function measureOrigins(stack: Stack): Promise<string> {
  const browser = await launchBrowser("chromium");
  try {
    const count: Count = { urls: [], watched: [] };
    const bob = await signedIn(browser, stack, BOB, count);
    // Until bob's device is published there is nothing to encrypt for.
    await until("bob stands", () => bob.evaluate(() => document.querySelector("[data-testid=connection]") === null));
    const alice = await signedIn(browser, stack, ALICE, count);
    await alice.locator('::-p-aria(bob[role="option"])').click();
    await alice.locator('::-p-aria(Message[role="textbox"])').fill("who hears of this?");
    await alice.locator('::-p-aria(Send[role="button"])').click();
    // Calls are made by the worker: seeing this one shows that its requests are counted too.
    await until("the worker's own request is counted", () => count.urls.some((url) => url.endsWith("/api/call/send")));
    await Promise.all(count.watched);
    const home = new URL(stack.url).host;
    const elsewhere = count.urls.filter((url) => new URL(url).host !== home);
    return table([
      ["requests", "number", "goal", ""],
      ["to the own origin", `${count.urls.length - elsewhere.length}`, "", ""],
      [
        "to any other origin",
        `${elsewhere.length}`,
        "0",
        elsewhere.length === 0 ? "met" : `MISSED: ${elsewhere.join(" ")}`,
      ],
    ]);
  } finally {
    await browser.close();
  }
}

async function signedIn(browser: Browser, stack: Stack, { name, password }: Account, count: Count): Promise<Page> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.emulateFocusedPage(true);
  await countRequests(page, count);
  await page.goto(stack.url);
  await page.locator('::-p-aria(Address[role="textbox"])').fill(`${name}@${stack.xmpp.domain}`);
  await page.locator('::-p-aria(Password[role="textbox"])').fill(password);
  await page.locator('::-p-aria(Sign in[role="button"])').click();
  await page.waitForSelector("nav [role=option]", { timeout: SIGN_IN_MS });
  return page;
}

/** `watched` grows with every worker; what it promises must hold before the count does. */
async function countRequests(page: Page, { urls, watched }: Count): Promise<void> {
  const listen = async (session: CDPSession) => {
    const note = (url: string) => {
      if (!WITHOUT_NETWORK.has(new URL(url).protocol)) urls.push(url);
    };
    session.on("Network.requestWillBeSent", ({ request }) => note(request.url));
    session.on("Network.webSocketCreated", ({ url }) => note(url));
    await session.send("Network.enable");
  };
  await listen(await page.createCDPSession());
  page.on("workercreated", (worker: WebWorker) => {
    watched.push(listen(worker.client));
  });
}
