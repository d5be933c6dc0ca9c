/**
 * Times taken inside the pages: when Send was clicked, when a text stood in the list of messages. Pages of several
 * browsers are compared, so every time is put on the one clock of the machine.
 */
import type { Page } from "puppeteer-core";

/** What a page notes down; times are milliseconds since 1970 by the page's own reckoning. */
type Notes = { clicked: number; shown: Record<string, number> };
type NotingWindow = { stopwatch: Notes };

export class Stopwatch {
  readonly page: Page;
  /** To be added to this page's times to have those of the system's clock. */
  readonly correctionMs: number;

  private constructor(page: Page, correctionMs: number) {
    this.page = page;
    this.correctionMs = correctionMs;
  }

  static async start(page: Page): Promise<Stopwatch> {
    await page.evaluate(noteClicksAndTexts);
    return new Stopwatch(page, await page.evaluate(clockCorrection));
  }

  /** Writes and clicks Send; the time of the click as the browser stamped it. */
  async send(text: string): Promise<number> {
    await this.page.locator('::-p-aria(Message[role="textbox"])').fill(text);
    await this.page.evaluate(() => {
      (window as unknown as NotingWindow).stopwatch.clicked = 0;
    });
    await this.page.locator('::-p-aria(Send[role="button"])').click();
    const clicked = await this.page.evaluate(() => (window as unknown as NotingWindow).stopwatch.clicked);
    if (clicked === 0) throw new Error("the click on Send was not seen");
    return clicked + this.correctionMs;
  }

  /** When the text was in the list of messages. */
  async shown(text: string): Promise<number> {
    const noted = await this.page.waitForFunction(
      (wanted) => (window as unknown as NotingWindow).stopwatch.shown[wanted],
      { polling: 50 },
      text,
    );
    return Number(await noted.jsonValue()) + this.correctionMs;
  }
}

function noteClicksAndTexts(): void {
  const notes: Notes = { clicked: 0, shown: {} };
  (window as unknown as NotingWindow).stopwatch = notes;
  addEventListener(
    "click",
    (event) => {
      notes.clicked = performance.timeOrigin + event.timeStamp;
    },
    { capture: true },
  );
  new MutationObserver(() => {
    const now = performance.timeOrigin + performance.now();
    const newest = [...document.querySelectorAll("ol[aria-label='Messages'] > li[data-key] .words")].slice(-5);
    for (const { textContent } of newest) if (textContent !== "") notes.shown[textContent] ??= now;
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}

/**
 * Each process fixes `timeOrigin` when it starts, by a clock that is corrected meanwhile. `Date.now()` is the system's
 * clock cut to whole milliseconds, so it is exact in the moment it changes: the largest difference.
 */
function clockCorrection(): number {
  const sampleMs = 40;
  const end = performance.now() + sampleMs;
  let correction = Number.NEGATIVE_INFINITY;
  while (performance.now() < end) {
    correction = Math.max(correction, Date.now() - (performance.timeOrigin + performance.now()));
  }
  return correction;
}
