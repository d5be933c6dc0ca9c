/** With the system's few colours, what carries meaning is still told from what does not: by its shape. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../e2e/waiting.ts";
import { onStage } from "./on-stage.ts";

const stage = onStage();
const { read, show } = stage;

/** What is looked at, and what makes it mean something else. */
type Pair = {
  readonly what: string;
  readonly scene: string;
  readonly at: string;
  readonly change: string;
};

const element = (selector: string) => `document.querySelector(${JSON.stringify(selector)})`;
const hidden = (selector: string) => `${element(selector)}.style.visibility = "hidden"`;
const without = (selector: string, name: string) => `${element(selector)}.removeAttribute("${name}")`;
const told = (connection: string) =>
  `engine.tell({ type: "connection", connection: { ...app.connection.peek(), ${connection} } })`;

const ONLINE = "[data-jid='bob@example.org'] .avatar-online";
const PAIRS: readonly Pair[] = [
  { what: "the account's dot is there", scene: "list", at: ".account-line", change: hidden(".account-dot") },
  {
    what: "the account's dot while all stands, and where something is broken",
    scene: "list",
    at: ".account-dot",
    change: told(`link: { state: "off", failure: { kind: "storage-full" } }`),
  },
  {
    what: "the account's dot while all stands, and while it is on its way",
    scene: "list",
    at: ".account-dot",
    change: told(`socket: "connecting"`),
  },
  { what: "who is there", scene: "list", at: "[data-jid='bob@example.org'] .avatar", change: hidden(ONLINE) },
  {
    what: "who is there, and who is away",
    scene: "list",
    at: ONLINE,
    change: `${element(ONLINE)}.classList.add("avatar-away")`,
  },
  {
    what: "the part of the list",
    scene: "list",
    at: ".views",
    change: `${element(".view:last-child input")}.checked = true`,
  },
  {
    what: "the conversation that is open",
    scene: "chat",
    at: "[data-jid='bob@example.org']",
    change: without("[data-jid='bob@example.org']", "aria-selected"),
  },
  { what: "what is unread", scene: "list", at: "[data-unread='3']", change: hidden("[data-unread='3'] .badge") },
  {
    what: "the line above what is unread",
    scene: "chat-unread",
    at: "[data-row=unread]",
    change: `${element("[data-row=unread]")}.classList.remove("unread")`,
  },
  {
    what: "an own reaction",
    scene: "chat-reactions",
    at: ".reactions",
    change: without(".reaction[aria-pressed=true]", "aria-pressed"),
  },
  {
    what: "a suggestion that Enter takes",
    scene: "switcher",
    at: "dialog [role=option]",
    change: without("dialog [role=option]", "aria-selected"),
  },
  {
    what: "a switch",
    scene: "settings-privacy",
    at: "input[role=switch]:not(:disabled)",
    change: `(([one]) => { one.checked = !one.checked })(document.querySelectorAll("input[role=switch]:not(:disabled)"))`,
  },
  {
    what: "one of a few",
    scene: "settings",
    at: ".segments",
    change: `${element(".segment:last-child input")}.checked = true`,
  },
  {
    what: "words that were looked for",
    scene: "search-words",
    at: ".hit",
    change: `${element(".hit mark")}.replaceWith("the")`,
  },
  { what: "the shape of what comes", scene: "chat-loading", at: ".shapes", change: hidden(".shape") },
  {
    what: "the bubble that is answered",
    scene: "writing-answer",
    at: ".messages li:last-child",
    change: `${element(".subject")}.classList.remove("subject")`,
  },
  { what: "a code", scene: "own-link", at: ".qr-code", change: hidden(".qr-dark") },
];

/** Goes to a scene as the system's colours show it; nothing moves. */
async function showForced(scene: string): Promise<void> {
  await show(scene);
  const client = await stage.page.createCDPSession();
  await client.send("Emulation.setEmulatedMedia", {
    features: [
      { name: "forced-colors", value: "active" },
      { name: "prefers-reduced-motion", value: "reduce" },
    ],
  });
  await stage.comes("the colours are the system's", `matchMedia("(forced-colors: active)").matches`);
}

/** What comes from the worker comes within this, on a slow machine. */
const RESTS_MS = 200;

/** Once nothing moves any more: two in a row are the same. */
async function pictureOf(selector: string): Promise<string> {
  let last = "";
  const taken = async () => {
    const now = await takenOf(selector);
    const still = now === last;
    last = now;
    return still && now;
  };
  return until(`${selector} stands still`, taken, { everyMs: RESTS_MS });
}

async function takenOf(selector: string): Promise<string> {
  await read("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  // What comes into sight after a moment stands there; what goes on for ever does not move here.
  await read(`Promise.all(document.getAnimations().flatMap((one) =>
    one.effect.getComputedTiming().endTime === Infinity ? [] : one.finished.then(() => undefined)))`);
  const shown = await stage.page.waitForSelector(selector, { visible: true });
  assert.ok(shown !== null, selector);
  return shown.screenshot({ encoding: "base64" });
}

for (const { what, scene, at, change } of PAIRS)
  test(`U22: with forced colours, told by its shape: ${what}`, async () => {
    await showForced(scene);
    const earlier = await pictureOf(at);
    assert.equal(await pictureOf(at), earlier, "the same picture twice");
    await read(`{ ${change}; document.activeElement.blur(); }`);
    assert.notEqual(await pictureOf(at), earlier);
  });

test("U22: with forced colours a code stays dark on light, or no phone can read it", async () => {
  await showForced("own-link");
  await stage.page.waitForSelector(".qr-dark[d^=M]");
  assert.deepEqual(
    await read(`[".qr-light", ".qr-dark"].map((part) => getComputedStyle(document.querySelector(part)).fill)`),
    ["rgb(255, 255, 255)", "rgb(0, 0, 0)"],
  );
  assert.equal(await read(`getComputedStyle(document.querySelector(".qr-code")).shapeRendering`), "crispedges");
});
