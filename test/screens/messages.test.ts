/** A message as people see it: what became of it, a wall of text, its time, what can be done with it, what is known of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./on-stage.ts";

const stage = onStage();
const STATES = ["waiting", "sent", "delivered", "read", "failed"];
const WALL = `[...document.querySelectorAll(".message")].find((row) => /The path goes up/.test(row.textContent))`;

/** Rows whose time does not stand beside the last word, or stands on it. */
const ASTRAY = `[...document.querySelectorAll(".message:not(.large, :has(.read-more))")].flatMap((row) => {
  const words = row.querySelector(".words, .said");
  const texts = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
  let last;
  while (texts.nextNode()) if (texts.currentNode.data.trim() !== "") last = texts.currentNode;
  if (last === undefined) return [];
  const end = last.data.trimEnd().length;
  const range = document.createRange();
  range.setStart(last, end - 1);
  range.setEnd(last, end);
  const [letter, meta] = [range.getBoundingClientRect(), row.querySelector(".meta").getBoundingClientRect()];
  const middle = (meta.top + meta.bottom) / 2;
  const beside = middle > letter.top - 2 && middle < letter.bottom + 6;
  const apart = meta.left >= letter.right || meta.right <= letter.left;
  const bubble = row.querySelector(".bubble").getBoundingClientRect();
  const inside = meta.left >= bubble.left && meta.right <= bubble.right && meta.bottom <= bubble.bottom;
  return beside && apart && inside ? [] : [words.textContent];
})`;

test("U14: each state of an own message has a shape of its own, and in forced colours they differ, too", async () => {
  await stage.show("chat-states");
  const shapes = (await stage.read(
    `${JSON.stringify(STATES)}.map((state) => {
      const ticks = document.querySelector(\`.message .ticks-\${state}\`);
      const { backgroundImage, backgroundPosition } = getComputedStyle(ticks);
      return ticks.querySelector("svg")?.innerHTML ?? backgroundImage + backgroundPosition;
    })`,
  )) as readonly (string | undefined)[];
  assert.ok(shapes.every((shape) => shape !== undefined && shape !== ""));
  assert.equal(new Set(shapes).size, STATES.length);
  await stage.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  const client = await stage.page.createCDPSession();
  await client.send("Emulation.setEmulatedMedia", { features: [{ name: "forced-colors", value: "active" }] });
  const pictures: string[] = [];
  for (const state of STATES) {
    const drawn = await stage.page.$(`.message .ticks-${state}`);
    pictures.push((await drawn?.screenshot({ encoding: "base64" })) ?? "");
  }
  await client.send("Emulation.setEmulatedMedia", { features: [] });
  await client.detach();
  assert.equal(new Set(pictures).size, STATES.length);
});

test("V10: a wall of text is cut after some twelve lines; the rest comes when it is wanted, and what was read stays where it is", async () => {
  await stage.show("chat-wall");
  const words = () => stage.read(`${WALL}.querySelector(".words").textContent`) as Promise<string>;
  const top = () => stage.read(`${WALL}.getBoundingClientRect().top`) as Promise<number>;
  const shown = await words();
  assert.ok(shown.endsWith("…") && !shown.includes("24."), shown);
  const before = await top();
  await stage.page.click("aria/Read more[role='button']");
  await stage.comes("all of it is there", `${WALL}.textContent.includes("24.")`);
  assert.ok(Math.abs((await top()) - before) <= 1.5, `${(await top()) - before} px`);
  assert.equal(await stage.read(`document.activeElement === ${WALL}`), true, "the focus stays with the message");
  assert.equal(await stage.page.$("aria/Read more[role='button']"), null);
});

for (const scene of ["chat", "chat-states", "chat-rtl", "chat-wall", "chat-edited"])
  for (const [size, viewport] of [
    ["desktop", { width: 1180, height: 760 }],
    ["phone", { width: 390, height: 780 }],
  ] as const)
    test(`V10: the time stands beside the last word, in ${scene} on a ${size}`, async () => {
      await stage.page.setViewport(viewport);
      await stage.show(scene);
      assert.deepEqual(await stage.read(ASTRAY), []);
      await stage.page.setViewport({ width: 1180, height: 760 });
    });

test("V11: what can be done with a message stands at its end, on a surface", async () => {
  await stage.show("chat-wall");
  const handle = await stage.page.evaluateHandle(`${WALL}.querySelector(".bubble")`);
  await (handle.asElement() as Awaited<ReturnType<typeof stage.page.$>>)?.hover();
  await stage.comes(
    "they are there",
    `${WALL}.querySelector(".message-actions .icon")?.checkVisibility({ opacityProperty: true }) === true`,
  );
  const [off, surface] = (await stage.read(`(() => {
    const actions = ${WALL}.querySelector(".message-actions");
    const bubble = ${WALL}.querySelector(".bubble");
    return [
      Math.abs(actions.getBoundingClientRect().bottom - bubble.getBoundingClientRect().bottom),
      getComputedStyle(actions).backgroundColor,
    ];
  })()`)) as readonly [number, string];
  assert.ok(off <= 1, `${off} px`);
  assert.doesNotMatch(surface, /transparent|rgba\(0, 0, 0, 0\)/);
});

const FACTS = `[...document.querySelectorAll("dialog dl > div")].map((row) => [...row.children].map((one) => one.textContent))`;

test("V8: the info of an own message lists when it was sent, delivered and read by whom, then who can see what", async () => {
  await stage.show("message-info-own");
  const facts = (await stage.read(FACTS)) as readonly (readonly [string, string])[];
  assert.deepEqual(
    facts.map(([name]) => name),
    [
      "Sent",
      "Delivered",
      "Read",
      "Encryption",
      "Archive",
      "The text",
      "Who wrote to whom and when, what it answers or corrects, that it arrived and was read",
    ],
  );
  const of = (name: string) => facts.find(([other]) => other === name)?.[1] ?? "";
  assert.match(of("Read"), /^Bob Okafor, .*2:40/);
  assert.match(of("Delivered"), /2:21/);
  assert.equal(of("The text"), "Only the devices it was meant for");
});

test("V8: the info of somebody else's message names the device it came from and says nothing that is not known", async () => {
  await stage.show("message-info");
  const facts = (await stage.read(FACTS)) as readonly (readonly [string, string])[];
  assert.ok(facts.some(([name, value]) => name === "From" && value.includes("key")));
  assert.ok(!facts.some(([name]) => name === "Delivered" || name === "Read"));
  const words = String(await stage.read(`document.querySelector("dialog").textContent`));
  assert.doesNotMatch(words, /reactions|typing|not known/i);
});

test("a styled text is what its marks say, and nothing of what was written is gone (XEP-0393)", async () => {
  await stage.show("chat-styled");
  const texts = (selector: string) =>
    stage.read(`[...document.querySelectorAll(".words ${selector}")].map((one) => one.textContent)`);
  assert.deepEqual(await texts("strong"), ["*last*", "*last*", "*stove*"]);
  assert.deepEqual(await texts("s"), ["~six~"]);
  assert.deepEqual(await texts(".styled-quote .styled-quote"), ["and the first?"]);
  assert.deepEqual(await texts("code:not(pre *)"), ["`ALARM=6:15`"]);
  assert.deepEqual(await texts("pre"), [
    'curl --silent "https://example.org/bus?from=ridge&to=harbour" | jq .departures',
    "let stove = 1;",
  ]);
  assert.deepEqual(await texts(".actor"), ["Bob Okafor", "Alice"]);
  assert.equal(
    await stage.read(`document.querySelector(".words").textContent`),
    "The *last* bus is at _seven_, not ~six~ eight. Times: https://example.org/bus_*times*_",
  );
  assert.equal(await stage.read(`document.querySelectorAll(".words pre a").length`), 0, "code leads nowhere");
});

test("code has a button that copies it as it was written", async () => {
  await stage.show("chat-styled");
  await stage.read(
    `void Object.defineProperty(navigator, "clipboard", { value: { writeText: async (words) => { window.copied = words; } } })`,
  );
  await stage.read(`[...document.querySelectorAll("[aria-label='Copy code']")].at(-1).click()`);
  await stage.comes("it was copied", `window.copied === "let stove = 1;"`);
  await stage.comes("it is said", `document.querySelector("[aria-live]").textContent === "Copied."`);
});
