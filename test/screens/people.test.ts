/** Finding people and turning to them, with a scripted engine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./on-stage.ts";

const stage = onStage();
const { comes, read, show } = stage;

const FOCUS = "document.activeElement";
const suggested = () =>
  read(`[...document.querySelectorAll("dialog [role=option]")].map(({ dataset }) => dataset.jid)`);
/** New chat, with the focus in its field. */
const showNewChat = async () => {
  await show("new-chat");
  await comes("the field has the focus", `${FOCUS}.role === "combobox"`);
};
const press = (words: string) =>
  read(`[...document.querySelectorAll("button")].find((one) => one.textContent === ${JSON.stringify(words)}).click()`);

test("U15: New chat suggests contacts while a name is typed, and Enter takes the first", async () => {
  await showNewChat();
  await stage.page.keyboard.type("mi");
  await comes("Mina is suggested", `document.querySelector("dialog [role=option]")?.dataset.jid.startsWith("mina@")`);
  assert.equal(await read(`${FOCUS}.getAttribute("aria-activedescendant") !== null`), true, "it is read out");
  await stage.page.keyboard.press("Enter");
  await comes("the conversation is open", `app.openChat.value?.startsWith("mina@")`);
});

test("U15: arrows choose another one; a whole address means itself", async () => {
  await showNewChat();
  await comes(
    "people are there before anything is typed",
    `document.querySelectorAll("dialog [role=option]").length > 2`,
  );
  const [first, second] = (await suggested()) as readonly string[];
  await stage.page.keyboard.press("ArrowDown");
  await stage.page.keyboard.press("ArrowDown");
  await stage.page.keyboard.press("ArrowUp");
  await stage.page.keyboard.press("ArrowDown");
  const chosen = `document.querySelector("dialog [role=option][aria-selected=true]")?.dataset.jid`;
  await comes("the second is chosen", `${chosen} === ${JSON.stringify(second)}`);
  assert.notEqual(first, second);
  await stage.page.keyboard.type("m@elsewhere.example");
  await stage.page.keyboard.press("Enter");
  await comes("the address is open", `app.openChat.value === "m@elsewhere.example"`);
});

test("U15, V7: a room is made with the people that were picked", async () => {
  await show("create-room");
  await read(`
    globalThis.asked = [];
    engine.room = async (args) => ({ ok: true, value: { chat: args.address } });
    engine.invite = async ({ address }) => {
      asked.push(address);
      return address.startsWith("rui@") ? { ok: false, error: { kind: "peer-refused", detail: "not allowed" } } : { ok: true, value: {} };
    };
  `);
  await read(`[...document.querySelectorAll("dialog input")].find((one) => one.role === "combobox").focus()`);
  for (const name of ["mina", "rui", "noor"]) {
    await stage.page.keyboard.type(name);
    await stage.page.keyboard.press("Enter");
    await comes(`${name} is picked`, `document.querySelector(".chip[data-jid^=${name}]") !== null`);
  }
  await read(`document.querySelector(".chip[data-jid^=noor] button").click()`);
  await press("Create room");
  await comes("who could not be added is asked about", `app.dialog.value?.kind === "invite"`);
  const asked = (await read("asked")) as readonly string[];
  assert.deepEqual(
    asked.map((address) => address.split("@")[0]),
    ["mina", "rui"],
  );
  await comes("with the reason", `document.querySelector("dialog [role=alert]")?.textContent !== ""`);
});

test("U15: a room is made with strangers whose address is typed, the last of them without Enter", async () => {
  await show("create-room");
  await read(`
    globalThis.asked = [];
    engine.room = async (args) => ({ ok: true, value: { chat: args.address } });
    engine.invite = async ({ address }) => (asked.push(address), { ok: true, value: {} });
  `);
  await read(`[...document.querySelectorAll("dialog input")].find((one) => one.role === "combobox").focus()`);
  await stage.page.keyboard.type("ole@elsewhere.example");
  await stage.page.keyboard.press("Enter");
  await comes("ole is picked", `document.querySelector(".chip[data-jid='ole@elsewhere.example']") !== null`);
  await stage.page.keyboard.type("zzz");
  await press("Create room");
  await comes(
    "it asks who that is",
    `/neither a contact/.test(document.querySelector("dialog [role=alert]")?.textContent)`,
  );
  await read(`[...document.querySelectorAll("dialog input")].find((one) => one.role === "combobox").select()`);
  await stage.page.keyboard.type("pia@elsewhere.example");
  await press("Create room");
  await comes("the dialog is closed", `document.querySelector("dialog[open]") === null`);
  assert.deepEqual(await read("asked"), ["ole@elsewhere.example", "pia@elsewhere.example"]);
});

test("U11: after New chat the composer has the focus, after Create room what is to be done next", async () => {
  await showNewChat();
  await stage.page.keyboard.type("mina");
  await stage.page.keyboard.press("Enter");
  await comes("the composer has it", `${FOCUS}.matches(".composer textarea")`);
  await stage.page.keyboard.type("hello");
  assert.equal(await read(`${FOCUS}.value`), "hello");
  await show("room-nobody");
  await read(`app.go({ screen: "chats" }); app.dialog.value = { kind: "create-room" }`);
  await comes("the dialog is there", `document.querySelector("dialog[open]") !== null`);
  await read(`
    engine.room = async () => ({ ok: true, value: { chat: app.chats.value.keys().next().value } });
    document.querySelector("dialog input").value = "x";
    document.querySelector("dialog input").dispatchEvent(new InputEvent("input", { bubbles: true }));
  `);
  await press("Create room");
  await comes("Add a member has it", `${FOCUS}.textContent === "Add a member…"`);
});

test("U22: no browser corrects an address", async () => {
  await showNewChat();
  assert.equal(await read(`${FOCUS}.getAttribute("autocorrect")`), "off");
  assert.notEqual(await read(`${FOCUS}.autocorrect`), true);
});

test("U13: the head says that a contact is verified", async () => {
  await show("chat-verified");
  assert.equal(await read(`document.querySelector("[data-encryption]").textContent`), "Encrypted · verified");
});

/** The left and right edges of what this finds. */
const edges = (selector: string) =>
  read(`(() => {
    const { left, right } = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect();
    return [Math.round(left), Math.round(right)];
  })()`) as Promise<readonly [number, number]>;

for (const width of [1_180, 1_920])
  test(`V2, V3: at ${width} pixels bubbles, composer and head have the same edges`, async () => {
    await stage.page.setViewport({ width, height: 800 });
    await show("chat-verified");
    await read(`
      app.conversation(app.openChat.value).writing.text.value = "x";
    `);
    await comes("there is something to send", `document.querySelector(".composer-send") !== null`);
    const [theirs] = await edges(".message.theirs .bubble");
    const [, mine] = await edges(".message.mine .bubble");
    const [box] = await edges(".composer-box");
    const [, send] = await edges(".composer-send");
    const [avatar] = await edges(".head .avatar");
    assert.deepEqual({ theirs, mine }, { theirs: box, mine: send });
    assert.equal(avatar, theirs);
    await stage.page.setViewport({ width: 1_180, height: 760 });
  });

test("V1: an empty field has no arrow, one with a letter has", async () => {
  await show("chat-verified");
  const arrow = `document.querySelector(".composer-send:not(.voice-mic)")`;
  assert.equal(await read(`${arrow} === null`), true);
  await read(`document.querySelector(".composer textarea").focus()`);
  await stage.page.keyboard.type("x");
  await comes("it is there", `${arrow}?.disabled === false`);
  await stage.page.keyboard.press("Backspace");
  await comes("it is gone", `${arrow} === null`);
});

test("V9: where no conversation is open, one can be begun, and somebody invited", async () => {
  await show("list");
  await press("Invite somebody");
  await comes("a code is shown", `document.querySelector("dialog svg.qr-code path.qr-dark")?.getAttribute("d") > ""`);
  await comes("and its link", `document.querySelector("dialog textarea")?.value.startsWith("xmpp:")`);
});

test("U21: a code is scanned with the camera, where the browser has no reader of its own", async () => {
  await show("verify-link");
  await read(`(async () => {
    delete globalThis.BarcodeDetector;
    const { qrOf } = await qr();
    const modules = qrOf("xmpp:bob@example.org?omemo-sid-1=" + "5e".repeat(32));
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 480;
    const context = canvas.getContext("2d");
    const size = Math.floor(400 / modules.length);
    setInterval(() => {
      context.fillStyle = "white";
      context.fillRect(0, 0, 480, 480);
      context.fillStyle = "black";
      modules.forEach((row, y) => row.forEach((dark, x) => dark && context.fillRect(40 + x * size, 40 + y * size, size, size)));
    }, 50);
    const stream = canvas.captureStream(20);
    globalThis.camera = stream;
    navigator.mediaDevices.getUserMedia = async () => stream;
    globalThis.asked = [];
    engine.verifyLink = async (args) => { asked.push(args.link); return { ok: true, value: { verified: 1, differing: [] } }; };
  })()`);
  await press("Scan with the camera");
  await comes("it is read and compared", "asked.length === 1");
  assert.match(String(await read("asked[0]")), /^xmpp:bob@example.org\?omemo-sid-1=5e5e/);
  await comes("the outcome is said", `document.querySelector("dialog").textContent.includes("1 device is verified")`);
  assert.equal(
    await read(`camera.getTracks().every(({ readyState }) => readyState === "ended")`),
    true,
    "the camera is off",
  );
});

test("U21: a camera that is refused has its words, and the link can be pasted", async () => {
  await show("verify-link");
  await read(`navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("no", "NotAllowedError"); }`);
  await press("Scan with the camera");
  await comes("it says so", `document.querySelector("dialog").textContent.includes("The camera could not be used")`);
  assert.equal(await read(`document.querySelector("dialog input").disabled`), false);
});

test("U22: what is read out holds what is shown, everything that scrolls can have the focus, each screen has a first heading", async () => {
  await show("list");
  assert.equal(await read(`document.querySelector("[role=option][aria-label], [role=option][aria-labelledby]")`), null);
  for (const scene of ["room-members", "chat-verified"]) {
    await show(scene);
    assert.notEqual(await read(`document.querySelector("main :is(h1, [aria-level='1'])")`), null, scene);
  }
  await show("own-link");
  await comes("the link is a field", `document.querySelector("dialog textarea.link-words") !== null`);
});

test("S11: before somebody leaves their messages in a browser they are told that these are not locked, and in the settings", async () => {
  await show("sign-out");
  await comes("it says so", `document.querySelector("dialog")?.textContent.includes("are not locked")`);
  await show("settings-browser");
  await comes("and here", `document.querySelector("main")?.textContent.includes("This is not locked")`);
});

for (const scene of [
  "new-chat",
  "create-room",
  "block",
  "delete-chat",
  "rename-contact",
  "kept-away",
  "device-own",
  "own-link",
  "sign-out",
  "stay-online",
])
  test(`V12: the actions of the dialog ${scene} stand at the end of its last line`, async () => {
    await show(scene);
    await comes("it is there", `document.querySelector("dialog[open] .dialog-actions button") !== null`);
    const [at, to] = (await read(`(() => {
      const ends = [...document.querySelectorAll("dialog .dialog-actions")].map((line) => [
        line.getBoundingClientRect().right, line.lastElementChild.getBoundingClientRect().right,
      ]);
      return ends[0].map(Math.round);
    })()`)) as readonly number[];
    assert.equal(at, to);
    assert.equal(await read(`document.querySelectorAll("dialog .dialog-actions").length`), 1);
  });
