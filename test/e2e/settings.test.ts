/** The page of settings: what is of this device stands before anything is painted, and in every tab. */
import assert from "node:assert/strict";
import { ALICE } from "../stack.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "settings", endpoint: "starttls" });
let a: Person;

const background = (who: Person) => who.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const chosen = (who: Person) => who.page.evaluate(() => ({ ...document.documentElement.dataset }));
const pick = (who: Person, setting: string, value: string) =>
  who.clicks(`[data-setting="${setting}"] .segment:has(input[value="${value}"])`);

story.test("alice chooses dark, large and compact, and sees it at once", async () => {
  a = await story.signedIn(ALICE, { called: "alice" });
  const light = await background(a);
  await a.opensSettings();
  await pick(a, "theme", "dark");
  await pick(a, "text", "large");
  await pick(a, "density", "compact");
  await until("it is dark", async () => (await background(a)) !== light);
  assert.deepEqual(await chosen(a), { theme: "dark", text: "large", density: "compact" });
  assert.equal(await a.page.evaluate(() => getComputedStyle(document.documentElement).fontSize), "18px");
});

story.test("a reload is dark from its first paint on", async () => {
  const dark = await background(a);
  await a.page.evaluateOnNewDocument(() => {
    const painted: string[] = [];
    Object.assign(globalThis, { painted });
    const look = () => {
      if (document.body === null) return requestAnimationFrame(look);
      painted.push(getComputedStyle(document.body).backgroundColor);
      return painted.length < 30 ? requestAnimationFrame(look) : 0;
    };
    requestAnimationFrame(look);
  });
  await a.reload();
  await a.isConnected();
  const painted = await a.page.evaluate(() => (globalThis as unknown as { painted: readonly string[] }).painted);
  assert.ok(painted.length > 0);
  assert.deepEqual([...new Set(painted)], [dark]);
});

story.test("another tab of the browser follows, and goes back to what the system wants", async () => {
  const tab = await story.secondTab(a);
  await tab.isConnected();
  assert.equal((await chosen(tab))["theme"], "dark");
  await a.opensSettings();
  await pick(a, "theme", "system");
  await until("the other tab follows", async () => (await chosen(tab))["theme"] === undefined);
  await tab.closeTab();
  story.forget(tab);
});

story.test("Ctrl and a comma open the settings, a question mark the sheet of keys", async () => {
  await a.leaveChat();
  await a.page.keyboard.down("Control");
  await a.page.keyboard.press(",");
  await a.page.keyboard.up("Control");
  await a.seesTitle("Settings");
  await a.page.keyboard.press("?");
  await a.reads(/Keyboard shortcuts/);
  await story.looksAt(a);
  await a.page.keyboard.press("Escape");
});

story.test("the browser gets another name there, and says what is stored", async () => {
  await a.reads(/Stored here\s+.*B of messages and keys/);
  await a.reads(/The browser keeps this until you sign out/);
  await story.looksAt(a);
  await a.clicks("[data-section=browser] .setting-lead");
  await a.fill("Name", "Kitchen");
  await a.press("Rename");
  await until("it is called so", async () => /Name\s+Kitchen/.test(await a.words()));
});
