/** What a page shows, read where words of others stand. The functions inside `evaluate` run in the page. */
import type { Page } from "puppeteer-core";
import { until } from "../e2e/waiting.ts";

export type RowShown = {
  readonly key: string;
  readonly words: string;
  readonly quote: string | undefined;
  /** Of whom it says that they are answered. */
  readonly quoted: string | undefined;
  readonly author: string | undefined;
  readonly encrypted: boolean;
};
type ChatShown = { readonly name: string; readonly label: string; readonly preview: string };

const BEGINNING = 24;

/**
 * What an eye would compare: no spaces, nothing that draws nothing; compatible letters are one, as servers make them (RFC 4013).
 * Marks of styling (XEP-0393) are not drawn where a text is one line.
 */
function letters(text: string): string {
  return text.normalize("NFKC").replace(/[*_~`\s\p{Cc}\p{Cs}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}]/gu, "");
}

/** Whether words stand there in their own letters. Names are cut, so their beginning counts. */
export function stands(shown: string | undefined, words: string): boolean {
  return shown !== undefined && letters(shown).includes(letters(words).slice(0, BEGINNING));
}

/** For words that a server or the page writes in other letters: they are not waited for long. */
const OTHERWISE_MS = 2_000;

/** What is there once it is as it should be, or is not to be expected any more. */
export async function settled<T>(read: () => Promise<T>, right: (found: T) => boolean): Promise<T> {
  const end = Date.now() + OTHERWISE_MS;
  for (;;) {
    const found = await read();
    if (right(found) || Date.now() > end) return found;
  }
}

export class Looks {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** As by the browser's own way back: its row may stand where the list is not drawn yet. */
  async open(account: string, jid: string): Promise<void> {
    const go = (entry: object) => {
      history.replaceState(entry, "");
      dispatchEvent(new PopStateEvent("popstate", { state: entry }));
    };
    const isOpen = (wanted: string) =>
      document.querySelector(`[data-jid="${wanted}"][aria-selected="true"]`) !== null &&
      document.querySelector("ol[aria-label='Messages']") !== null;
    // A dialog that closes goes back by itself a moment later.
    await until(`${jid} is open`, async () => {
      await this.#page.evaluate(go, { account, place: { screen: "chats", chat: jid }, pushed: true });
      return this.#page.evaluate(isOpen, jid);
    });
  }

  rows(): Promise<readonly RowShown[]> {
    return this.#page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>("ol[aria-label='Messages'] > li[data-key]")].map((row) => ({
        key: row.dataset["key"] ?? "",
        words: (row.querySelector(".words") ?? row.querySelector("p"))?.textContent ?? "",
        quote: row.querySelector("blockquote q")?.textContent,
        quoted: row.querySelector("blockquote bdi")?.textContent,
        author: row.querySelector(".author bdi")?.textContent,
        encrypted: row.dataset["encrypted"] === "true",
      })),
    );
  }

  /** Presses Reply at a message, and reads what is answered. */
  async answering(key: string): Promise<string> {
    await this.#press(`li[data-key="${key}"] .action-answer`);
    const words = await until("something is answered", () => this.#text(".writing-bar"));
    await this.#press(".writing-bar button");
    return words;
  }

  /** Names in the list of the open room's members, once all of these are there or nothing more is to be expected; then back. */
  async members(wanted: readonly string[]): Promise<readonly string[]> {
    await this.#press("[role=menuitem], [popover] button, .menu button", "Members");
    const names = () =>
      this.#page.evaluate(() => [...document.querySelectorAll(".member h3")].map((name) => name.textContent ?? ""));
    const all = (shown: readonly string[]) => wanted.every((words) => shown.some((name) => stands(name, words)));
    const found = await settled(names, all);
    await this.#press(".head button");
    return found;
  }

  list(jids: readonly string[]): Promise<readonly (ChatShown | undefined)[]> {
    return this.#page.evaluate((wanted) => {
      const rows = [...document.querySelectorAll<HTMLElement>("[role=option]")];
      return wanted.map((jid) => {
        const row = rows.find(({ dataset }) => dataset["jid"] === jid);
        return {
          name: row?.querySelector("b")?.textContent ?? "",
          label: row?.dataset["name"] ?? "",
          preview: [...(row?.querySelectorAll(".row-preview bdi") ?? [])].at(-1)?.textContent ?? "",
        };
      });
    }, jids);
  }

  head(): Promise<string> {
    return this.#page.evaluate(() => document.querySelector(".head h2")?.textContent ?? "");
  }

  label(): Promise<string> {
    return this.#page.evaluate(() => document.querySelector("main")?.getAttribute("aria-label") ?? "");
  }

  #text(selector: string): Promise<string | undefined> {
    return this.#page.evaluate((wanted) => document.querySelector(wanted)?.textContent ?? undefined, selector);
  }

  /** Presses what is there or comes: the first, or the one that says so. */
  async #press(selector: string, says = ""): Promise<void> {
    const pressed = () =>
      this.#page.evaluate(
        (wanted, words) => {
          const all = [...document.querySelectorAll<HTMLElement>(wanted)];
          const found = all.find((one) => one.textContent?.includes(words));
          found?.click();
          return found !== undefined;
        },
        selector,
        says,
      );
    await until(`${selector} ${says} is there`, pressed);
  }
}
