/** Making and entering rooms, and long lists, with a scripted engine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./on-stage.ts";

const stage = onStage();
const { comes, read, show } = stage;

const press = (words: string) =>
  read(`[...document.querySelectorAll("button")].find((one) => one.textContent === ${JSON.stringify(words)}).click()`);

/** The field of this label gets these words. */
const fill = (label: string, words: string) =>
  read(`(() => {
    const field = [...document.querySelectorAll("input")].find((one) => one.labels[0]?.textContent === ${JSON.stringify(label)});
    field.value = ${JSON.stringify(words)};
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  })()`);

/** What the page asks the engine for a room, and what that answers; where rooms are made is the test's to say. */
const SCRIPT = `
  globalThis.asked = [];
  const others = engine.ask;
  engine.ask = (args) => args.call === "roomService"
    ? new Promise((resolve) => { globalThis.tellService = resolve; })
    : others(args);
  engine.room = async (args) => { asked.push(args); return { ok: true, value: { chat: args.address } }; };
`;
const ASKED = "globalThis.asked";

test("N9: Create room that is pressed before the server has said where rooms are made waits for it", async () => {
  await show("list");
  await read(SCRIPT);
  await read(`app.dialog.value = { kind: "create-room" }`);
  await comes("the dialog asks", "typeof tellService === 'function'");
  await fill("Name", "Ridge walks");
  await press("Create room");
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.deepEqual(await read(ASKED), [], "nothing was asked for yet");
  assert.equal(await read(`document.querySelector("dialog .failure, dialog [data-failure]") === null`), true);
  await read(`tellService({ ok: true, value: { service: "rooms.example.org" } })`);
  await comes("the room is asked for", `${ASKED}.length === 1`);
  assert.deepEqual(await read(ASKED), [
    { address: "ridge-walks@rooms.example.org", action: "join", name: "Ridge walks" },
  ]);
});

test("N5: where the server has no rooms the dialog says so, and makes one at a service that is named", async () => {
  await show("list");
  await read(SCRIPT);
  await read(`app.dialog.value = { kind: "create-room" }`);
  await comes("the dialog asks", "typeof tellService === 'function'");
  await fill("Name", "Ridge walks");
  await read(`tellService({ ok: false, error: { kind: "not-found" } })`);
  await comes(
    "it says so",
    `document.querySelector("dialog").textContent.includes("Your server has no rooms of its own")`,
  );
  await press("Create room");
  await comes(
    "a service is asked for",
    `document.querySelector("dialog").textContent.includes("Name a service that has")`,
  );
  assert.deepEqual(await read(ASKED), []);
  await fill("Room service", "conference.example.net");
  await press("Create room");
  await comes("the room is asked for", `${ASKED}.length === 1`);
  assert.equal(await read(`${ASKED}[0].address`), "ridge-walks@conference.example.net");
});

test("R12, R14: a room that asks for a password is asked again with it, under the name that was chosen", async () => {
  await show("list");
  await read(`
    globalThis.asked = [];
    engine.room = async (args) => {
      asked.push(args);
      if (args.password === "open sesame") return { ok: true, value: { chat: args.address } };
      const detail = args.password === undefined ? "password needed" : "wrong password";
      return { ok: false, error: { kind: "peer-refused", detail } };
    };
    app.dialog.value = { kind: "find-room" };
  `);
  await comes("the dialog is there", `document.querySelector("dialog") !== null`);
  await fill("Name, address or link", "coven@chat.example.org");
  await fill("Your name there", "Witch 1");
  await press("Join");
  await comes("it asks for a password", `document.querySelector("dialog input[type=password]") !== null`);
  await fill("Password of the room", "open sesame");
  await press("Join room");
  await comes("we are in", `app.openChat.value === "coven@chat.example.org"`);
  assert.deepEqual(await read(`${ASKED}.at(-1)`), {
    address: "coven@chat.example.org",
    action: "join",
    nick: "Witch 1",
    password: "open sesame",
  });
});

test("R5: of 5,000 contacts those near the screen are drawn, the others as one scrolls to them", async () => {
  await show("roster");
  const rows = `document.querySelectorAll("[role=option]").length`;
  // Those that a window shows at once, the others as soon as they stand.
  await comes("those near it", `${rows} >= 20`);
  const first = Number(await read(rows));
  assert.ok(first <= 300, `${first} rows`);
  for (let drawn = first; drawn < 5_000; ) {
    await read(`document.querySelector(".rows").scrollTo(0, 1e7)`);
    await comes("more rows", `${rows} > ${drawn}`);
    drawn = Number(await read(rows));
  }
  assert.equal(await read(rows), 5_000);
});

test("R6: of 5,000 people in a room those near the screen are drawn", async () => {
  await show("room-crowd");
  const people = `document.querySelectorAll(".member").length`;
  // Those that a window shows at once; they stand below the room's picture and entries, so the next come with scrolling.
  const pane = `(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight)(document.querySelector(".devices"))`;
  await comes("they reach beyond the window", `${people} > 0 && ${pane}`);
  const first = Number(await read(people));
  assert.ok(first <= 500, `${first} people`);
  await read(`document.querySelector(".devices").scrollTo(0, 1e7)`);
  await comes("more people", `${people} > ${first}`);
});
