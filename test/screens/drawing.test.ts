/** How often the page is laid out for a message: each time costs as much as everything else that is done for it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./on-stage.ts";

const SCENE = "chat-long";

/** `tell(item)` tells of a message and of its row of the list. */
const TELL = `const tell = (item) => {
  engine.tell({ type: "messages", chat, items: [item], removed: [], beforeDevice: 0, readTo: item.position });
  const { key, at, outgoing, body, state } = item;
  const row = { ...app.chats.peek().get(chat), readTo: item.position, last: { key, at, outgoing, body, state } };
  engine.tell({ type: "chats", chats: [row], removed: [] });
};`;

const stage = onStage();

/** Of a script in the page of the scene that ends with a frame, and has `TELL`. `arrive`: what comes before it. */
async function layoutsOf(script: string, arrive: () => Promise<void> = async () => undefined): Promise<number> {
  await stage.show(SCENE);
  const client = await stage.page.createCDPSession();
  await client.send("Performance.enable");
  const count = async () =>
    (await client.send("Performance.getMetrics")).metrics.find(({ name }) => name === "LayoutCount")?.value ?? 0;
  // Those above the ones in sight are drawn a moment later.
  await stage.comes("all rows are drawn", `document.querySelectorAll("li[data-key]").length >= 50`);
  const frames = "for (let n = 0; n < 3; n += 1) await new Promise(requestAnimationFrame);";
  await arrive();
  await stage.page.evaluate(`(async () => { ${frames} })()`);
  const earlier = await count();
  await stage.page.evaluate(`(async () => {
    const chat = "rui@example.net";
    ${TELL}
    ${script}
    ${frames}
  })()`);
  const layouts = (await count()) - earlier;
  await client.detach();
  return layouts;
}

const ITEM = `{ chat, at: Date.now(), encrypted: true, body: { kind: "text", text: "One more thing" } }`;

test("a message of somebody else is laid out once", async () => {
  const layouts = await layoutsOf(`tell({ ...${ITEM}, key: "theirs", position: 100_000, outgoing: false });`);
  assert.equal(layouts, 1);
});

const POINTED = `document.querySelector("[data-pointed] .message-actions .icon")?.checkVisibility() === true`;

test("U19: also under a pointer that rests: rows that move on under it are not drawn with their buttons", async () => {
  const comes = (n: number) => `tell({ ...${ITEM}, key: "theirs ${n}", position: 100_000 + ${n}, outgoing: false });`;
  const layouts = await layoutsOf(`await new Promise(requestAnimationFrame); ${comes(2)}`, async () => {
    await stage.page.mouse.move(700, 300);
    await stage.page.mouse.move(702, 302);
    await stage.comes("what is pointed at shows them", POINTED);
    await stage.read(`(async () => { const chat = "rui@example.net"; ${TELL} ${comes(1)} })()`);
    await stage.comes("it has moved on, and shows them no more", `document.querySelector("[data-pointed]") === null`);
  });
  assert.equal(layouts, 1);
  await stage.page.mouse.move(704, 304);
  await stage.comes("what is pointed at now shows them", POINTED);
  await stage.page.mouse.move(0, 0);
});

test("an own message is laid out once for each change of it, its row of the list with it", async () => {
  const layouts = await layoutsOf(`
    const item = { ...${ITEM}, key: "mine", position: 100_001, outgoing: true };
    for (const state of ["waiting", "sent", "delivered"]) {
      tell({ ...item, state });
      await new Promise(requestAnimationFrame);
    }
  `);
  assert.ok(layouts <= 3, `${layouts} layouts`);
});
