/** Reads what a page shows, by roles, labels and the page's own data attributes. Runs inside the page. */
import type { ElementHandle, Page } from "puppeteer-core";

export type ShownMessage = {
  /** Undefined: there is a reason instead. */
  readonly text: string | undefined;
  readonly reason: string | undefined;
  readonly own: boolean;
  readonly encrypted: boolean;
  /** `waiting`, `sent`, `delivered`, `read`, `failed`; `received` for those of others. */
  readonly state: string;
  readonly edited: boolean;
  /** Words of what it answers. */
  readonly quote: string | undefined;
};

export type ShownChat = {
  readonly jid: string;
  readonly name: string;
  readonly unread: number;
  readonly preview: string;
  readonly relation: string;
};
export type ShownDevice = {
  readonly device: number;
  readonly name: string;
  readonly here: boolean;
  /** Words about how far it is trusted. */
  readonly trust: string;
};

/** Rows of the open conversation, oldest first. */
export function readMessages(page: Page): Promise<readonly ShownMessage[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("ol:is(.messages, [aria-label='Messages']) > li[data-key]")].map(
      (row) => ({
        text: row.dataset["reason"] === undefined ? (row.querySelector(".words, .said")?.textContent ?? "") : undefined,
        reason: row.dataset["reason"],
        own: row.dataset["outgoing"] === "true",
        encrypted: row.dataset["encrypted"] === "true",
        state: row.dataset["state"] ?? "",
        edited: row.querySelector(".meta-edited") !== null,
        quote: row.querySelector("blockquote q")?.textContent,
      }),
    ),
  );
}

/** Everything in the timeline that is neither a message nor a date: quiet lines, the mark of unread ones. */
export function readQuietLines(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("ol:is(.messages, [aria-label='Messages']) > li:not([data-key])")].map(
      (row) => row.textContent ?? "",
    ),
  );
}

/** Rows of the conversation list, from the top. */
export function readChats(page: Page): Promise<readonly ShownChat[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("[role=listbox] [role=option]")].map((row) => ({
      jid: row.dataset["jid"] ?? "",
      name: row.dataset["name"] ?? "",
      unread: Number(row.dataset["unread"]),
      preview: [...row.querySelectorAll("bdi")].at(-1)?.textContent ?? "",
      relation: row.dataset["relation"] ?? "",
    })),
  );
}

/** Rows of the devices screen; empty while it is loading. */
export function readDevices(page: Page): Promise<readonly ShownDevice[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("[aria-label='Devices'] > li")].map((row) => ({
      device: Number(row.dataset["device"]),
      name: row.querySelector(".device-name")?.textContent ?? "",
      here: row.dataset["here"] === "true",
      trust: row.querySelector(".device-trust")?.textContent ?? "",
    })),
  );
}

/** Words of what an element shows; undefined where it is not on the screen. */
export function readText(page: Page, selector: string): Promise<string | undefined> {
  return page.evaluate((wanted) => {
    const shown = [...document.querySelectorAll<HTMLElement>(wanted)].find((element) => element.checkVisibility());
    // biome-ignore lint/performance/useDomNodeTextContent: only what is rendered counts as seen
    return shown?.innerText.replace(/\s+/g, " ").trim();
  }, selector);
}

/**
 * What stands in what, by tag, class and role, in which language and theme: two screens of the same kinds differ in their words
 * alone, or in how many there are.
 * Behind another tab there is no screen.
 */
export function kindsOnScreen(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    if (document.visibilityState !== "visible") return [];
    const { dir, dataset } = document.documentElement;
    const how = `${dir} ${dataset["theme"] ?? ""} ${innerWidth <= 704 ? "narrow" : "wide"}`;
    const kind = (one: Element | null) =>
      `${one?.localName}.${one?.getAttribute("class") ?? ""}.${one?.getAttribute("role") ?? ""}`;
    const all = [...document.querySelectorAll("body *")];
    return [...new Set(all.map((one) => `${how} ${kind(one.parentElement)} ${kind(one)}`.replace(/\s+/g, " ")))];
  });
}

/** All words on the screen. */
export function readPage(page: Page): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: only what is rendered counts as seen
  return page.evaluate(() => document.body.innerText);
}

/** The field with this label; undefined while it is not there or cannot be used. */
export async function findField(
  page: Page,
  label: string,
): Promise<ElementHandle<HTMLInputElement | HTMLTextAreaElement> | undefined> {
  const found = await page.evaluateHandle(
    (wanted) =>
      [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")].find(
        (field) =>
          !field.disabled && field.checkVisibility() && (field.ariaLabel ?? field.labels?.[0]?.textContent) === wanted,
      ) ?? null,
    label,
  );
  return (found.asElement() as ElementHandle<HTMLInputElement | HTMLTextAreaElement> | null) ?? undefined;
}
