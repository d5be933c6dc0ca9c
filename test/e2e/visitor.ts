/** Somebody in front of a page, whoever they are: what they press and type, and what they are told. */
import type { Page } from "puppeteer-core";
import { findField, readPage, readText } from "./screen.ts";
import { until } from "./waiting.ts";

/** What a list in it takes to come, on a slow machine. */
const RESTS_MS = 400;

type Click = {
  readonly button?: "left" | "right";
  /** For the message of a failure. */
  readonly called?: string;
};

function named(name: string, role: string): string {
  return `::-p-aria(${name}[role="${role}"])`;
}

export class Visitor {
  readonly page: Page;
  /** For messages of failed tests, e.g. `alice in A`. */
  readonly called: string;

  constructor(page: Page, called: string) {
    this.page = page;
    this.called = called;
  }

  /** Whether there is a field to write into. */
  async hasField(label: string): Promise<boolean> {
    return (await findField(this.page, label)) !== undefined;
  }

  /** Presses what has this name. */
  async press(name: string): Promise<void> {
    await this.clicks(named(name, "button"), { called: name });
  }

  /** Chooses one of several. */
  async choose(name: string): Promise<void> {
    await this.clicks(named(name, "radio"), { called: name });
  }

  /**
   * Presses what this selector finds first. It looks by itself, again and again: the driver's own waiting looks in the page, and one
   * look that fails - the page is just being drawn anew, as right after somebody signed in - ends it without a word.
   */
  async clicks(selector: string, { button = "left", called = selector }: Click = {}): Promise<void> {
    const press = async () => {
      const found = await this.page.$(selector).catch(orGone);
      if (!found || !(await found.evaluate(standsStill).catch(orGone))) return false;
      // Before it is pressed it is brought into sight; what goes in that moment is looked for again.
      return found.click({ button }).then(() => true, orGone);
    };
    await until(`${this.called} presses “${called}”`, press, { describe: () => this.#scene() });
  }

  /** Waits until the dialog that is open is as large as it was a moment ago. */
  async dialogRests(): Promise<void> {
    const size = () =>
      this.page.evaluate(() => {
        const box = document.querySelector("dialog[open]")?.getBoundingClientRect();
        return box && `${box.width} ${box.height}`;
      });
    let before: string | undefined;
    const rests = async () => {
      const now = await size();
      const isSame = now !== undefined && now === before;
      before = now;
      return isSame;
    };
    await until(`${this.called} sees a dialog that rests`, rests, { everyMs: RESTS_MS, describe: () => this.#scene() });
  }

  /** What is open, and all words: what is seen when something is not there. */
  async #scene(): Promise<unknown> {
    const open = await this.page.evaluate(() =>
      [...document.querySelectorAll("dialog[open], :popover-open")].map((one) => one.textContent?.slice(0, 80)),
    );
    return { open, words: await this.words() };
  }

  /** Presses what begins with these words and says more. */
  async choice(words: string): Promise<void> {
    await this.clicks(`dialog .choice ::-p-text(${words})`, { called: words });
  }

  /** Presses the button with these words, unless it is gone: looking and pressing are one moment of the page. */
  async pressIfThere(words: string): Promise<void> {
    await this.page.evaluate((wanted) => {
      const buttons = [...document.querySelectorAll("button")];
      buttons.find((button) => button.checkVisibility() && button.textContent === wanted)?.click();
    }, words);
  }

  /** All words on the screen. */
  words(): Promise<string> {
    return readPage(this.page);
  }

  /** Waits for words anywhere on the screen. */
  async reads(pattern: RegExp): Promise<void> {
    const look = async () => pattern.test(await this.words());
    await until(`${this.called} reads ${pattern}`, look, { describe: () => this.words() });
  }

  /** Writes into the field with this label, as a person does: all that is there is selected, then typed over. */
  async fill(label: string, text: string): Promise<void> {
    const field = await until(`${this.called} has a field “${label}”`, async () => {
      const found = await findField(this.page, label);
      return found && (await found.evaluate(standsStill).catch(orGone)) && found;
    });
    await field.click();
    await field.evaluate((element) => element.select());
    await this.page.keyboard.type(text);
  }

  /** The line that says what does not stand; undefined when all does. */
  connection(): Promise<string | undefined> {
    return readText(this.page, "[data-testid=connection]");
  }

  async isConnected(): Promise<void> {
    const stands = async () =>
      (await readText(this.page, "nav h1")) !== undefined && (await this.connection()) === undefined;
    await until(`${this.called} is connected`, stands, { describe: () => this.words() });
  }

  /** Waits for words in the line of the connection. */
  async isTold(pattern: RegExp): Promise<void> {
    const told = async () => pattern.test((await this.connection()) ?? "");
    await until(`${this.called} is told ${pattern}`, told, { describe: () => this.connection() });
  }

  /** Words of the notices at the top. */
  notices(): Promise<readonly string[]> {
    return this.page.evaluate(() => [
      ...new Set(
        [...document.querySelectorAll<HTMLElement>("section[data-kind]")]
          .filter((notice) => notice.checkVisibility())
          // biome-ignore lint/performance/useDomNodeTextContent: only what is rendered counts as seen
          .map((notice) => notice.innerText.replace(/\s+/g, " ").trim()),
      ),
    ]);
  }
}

/**
 * Pressable, and at the same place two frames later; a page that nobody sees draws none, and is looked at a moment later. It runs in
 * the page: no imports.
 */
function standsStill(found: Element): Promise<boolean> {
  const NO_FRAME_MS = 500;
  return new Promise((done) => {
    const at = () => JSON.stringify(found.getBoundingClientRect());
    const before = at();
    const look = () => done(before === at() && found.isConnected && !found.matches(":disabled"));
    setTimeout(look, NO_FRAME_MS);
    requestAnimationFrame(() => requestAnimationFrame(look));
  });
}

/** What was looked at is not there any more, or not yet as it will be: that is no failure, for it is looked at again. */
function orGone(error: unknown): false {
  if (error instanceof Error && GONE.test(error.message)) return false;
  throw error;
}

const GONE =
  /detached|not clickable|no node|does not belong|not connected|stale|context was destroyed|cannot find context|no such/i;
