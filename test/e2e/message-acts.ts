/** What somebody does with a message that is there: by its menu, and by keys in the composer. */
import type { ElementHandle } from "puppeteer-core";
import type { Person } from "./person.ts";
import type { ShownMessage } from "./screen.ts";
import { until } from "./waiting.ts";

/** A menu stands within this time after a press; later it is pressed again. */
const OPENED_MS = 2_000;

type Entry =
  | "Reply"
  | "Reply privately…"
  | "Edit"
  | "Copy text"
  | "Forward…"
  | "Select several…"
  | "Info"
  | "Delete for me…"
  | "Delete for everyone"
  | "Remove for everyone…"
  | "More reactions";

/** Opens the menu of a message with the other mouse button and chooses from it. */
export async function choose(who: Person, text: string, entry: Entry): Promise<void> {
  await openMenu(who, text);
  await who.clicks(`::-p-aria(${entry}[role="menuitem"])`);
}

/** Chooses a reaction from the menu of a message, or takes it off. */
export async function reacts(who: Person, text: string, emoji: string): Promise<void> {
  await openMenu(who, text);
  await who.clicks(`::-p-aria(${emoji}[role="menuitemcheckbox"])`);
}

/** Waits until these reactions stand below a message, in the words that are read aloud: `👍 from Bob | ❤️ from you`. */
export async function seesReactions(who: Person, text: string, expected: string): Promise<void> {
  const look = () =>
    who.page.evaluate((wanted) => {
      const words = [...document.querySelectorAll("ol[aria-label='Messages'] .words")];
      const row = words.find((each) => each.textContent === wanted)?.closest("li.message");
      return [...(row?.querySelectorAll(".reaction") ?? [])].map((each) => each.getAttribute("aria-label")).join(" | ");
    }, text);
  await until(
    `${who.called} sees ${expected || "no reaction"} below “${text}”`,
    async () => (await look()) === expected,
    {
      describe: look,
    },
  );
}

async function openMenu(who: Person, text: string): Promise<void> {
  await who.sees(text);
  const words = () =>
    who.page.evaluateHandle(
      (wanted) =>
        [...document.querySelectorAll("ol[aria-label='Messages'] .words")].find((each) => each.textContent === wanted),
      text,
    );
  // The row may move away under the press, for something comes into the conversation: then it is pressed again.
  await until(`the menu of “${text}” is open`, async () => {
    const row = (await words()).asElement() as ElementHandle<Element> | null;
    const at = await row?.boundingBox();
    if (row == null || at == null) return false;
    await row.click({ button: "right" });
    return until("it is there", () => who.page.evaluate(() => document.querySelector("[role=menu]") !== null), {
      withinMs: OPENED_MS,
    }).catch(() => false);
  });
}

/** Answers a message. */
export async function replies(who: Person, to: string, text: string): Promise<void> {
  await choose(who, to, "Reply");
  await until(`the composer of ${who.called} answers`, async () => (await writes(who)) === "answer");
  await who.page.keyboard.type(text);
  await who.page.keyboard.press("Enter");
}

/** Puts another text in the place of an own one. */
export async function edits(who: Person, from: string, to: string): Promise<void> {
  await choose(who, from, "Edit");
  await until(`${who.called} has the old text`, async () => (await who.draft()) === from);
  await who.send(to);
}

/** `answer`, `edit`, or undefined: what the composer is there for. */
export function writes(who: Person): Promise<string | undefined> {
  return who.page.evaluate(() => document.querySelector<HTMLElement>("[data-writing]")?.dataset["writing"]);
}

/** Waits until a message is so. */
export async function seesAs(who: Person, text: string, expected: Partial<ShownMessage>): Promise<void> {
  const look = async () => {
    const row = (await who.messages()).find((message) => message.text === text);
    return Object.entries(expected).every(([key, value]) => row?.[key as keyof ShownMessage] === value);
  };
  await until(`${who.called} sees “${text}” as ${JSON.stringify(expected)}`, look, { describe: () => who.messages() });
}
