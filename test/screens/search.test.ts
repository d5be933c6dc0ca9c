/** Looking for messages at the head of the list, and the quick switcher, with a scripted engine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./on-stage.ts";

const stage = onStage();
const { comes, read, show } = stage;

const FOCUS = "document.activeElement";
const HITS = `[...document.querySelectorAll(".search .hit")]`;
const CHIPS = `[...document.querySelectorAll(".search-chip")].map((chip) => chip.textContent).join()`;
const keys = async (...pressed: readonly Parameters<typeof stage.page.keyboard.press>[0][]) => {
  for (const key of pressed) await stage.page.keyboard.press(key);
};
const searches = async (words: string) => {
  await show("list");
  await keys("/");
  await comes("the search has the focus", `${FOCUS}.id === "filter"`);
  await stage.page.keyboard.type(words);
};

test("U17: names stand above messages, and what was found is marked in text nodes", async () => {
  await searches("mi");
  await comes("Mina is there", `document.querySelector(".search [role=option]")?.dataset.name === "Mina Sato"`);
  await comes("so are messages", `${HITS}.length > 0`);
  assert.equal(await read(`${HITS}.every((hit) => /mi/i.test(hit.querySelector("mark").textContent))`), true);
  await comes(
    "how many is read out",
    `/^\\d+ messages$/.test(document.querySelector(".search [role=status]").textContent)`,
  );
});

test("U17: arrows, Enter and Escape are enough", async () => {
  await searches("ridge");
  await comes("messages are there", `${HITS}.length > 1`);
  await keys("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp");
  await comes("up from the first row leads to the field", `${FOCUS}.id === "filter"`);
  await keys("ArrowDown", "ArrowDown");
  await comes(
    "the second has the focus",
    `${FOCUS} === ${HITS}[1] && ${HITS}.filter((hit) => hit.tabIndex === 0).length === 1`,
  );
  await keys("Enter");
  await comes("the conversation is open", `app.openChat.value !== undefined`);
  await comes("its message has the focus", `/ridge/i.test(${FOCUS}.closest("li.message")?.textContent ?? "")`);
  assert.equal(await read(`${HITS}.length > 1`), true, "what was found is still there");
  await keys("Escape");
  await comes("what was found has the focus again", `app.openChat.value === undefined && ${FOCUS} === ${HITS}[1]`);
  await keys("Enter");
  await comes("the conversation is open again", `app.openChat.value !== undefined`);
  await read(`document.getElementById("filter").focus()`);
  await keys("Escape");
  await comes(
    "the list is back, and the conversation open",
    `document.querySelector(".search") === null && app.openChat.value !== undefined`,
  );
});

test("U17: filters are typed, chosen or pressed, and become chips that can be taken off", async () => {
  await searches("the from:");
  await comes("people are suggested", `document.querySelectorAll(".search .suggestion").length > 2`);
  await stage.page.keyboard.type("okaf");
  await comes("one is left", `document.querySelectorAll(".search .suggestion").length === 1`);
  await keys("Enter");
  await comes(
    "it is a chip",
    `${CHIPS} === "From Bob Okafor" && document.getElementById("filter").value.trim() === "the"`,
  );
  await comes("only his are there", `${HITS}.length > 0 && ${HITS}.every((hit) => !hit.textContent.includes("You:"))`);
  await stage.page.keyboard.type(" before:2020 ");
  await comes(
    "two chips, and nothing so old",
    `${CHIPS}.includes("Before") && document.querySelector(".search-nothing small") !== null`,
  );
  await read(`document.querySelectorAll(".search-chip")[1].click()`);
  await comes("messages are there again", `${HITS}.length > 0`);
  await keys(...Array.from("the ", () => "Backspace" as const));
  await keys("Backspace", "Backspace");
  await comes("nothing is looked for any more", `document.querySelector(".search") === null`);
});

test("U17: an open conversation is searched from its menu; on a phone the list comes, and Back leads to what was found", async () => {
  await stage.page.setViewport({ width: 390, height: 780 });
  try {
    await show("chat");
    await read(
      `[...document.querySelectorAll(".menu-item")].find((one) => one.textContent === "Search in this conversation").click()`,
    );
    await comes("it is bound to it", `${CHIPS} === "In Bob Okafor" && ${FOCUS}.id === "filter"`);
    await stage.page.keyboard.type("ridge");
    await comes("messages are there", `${HITS}.length > 0 && ${HITS}[0].querySelector("mark") !== null`);
    await read(`${HITS}[0].click()`);
    await comes(
      "the conversation is in sight",
      `document.querySelector(".messages")?.checkVisibility() === true && !${HITS}[0].checkVisibility()`,
    );
    await read(`app.go({ screen: "chats" })`);
    await comes("what was found is in sight", `${HITS}[0]?.checkVisibility() === true`);
  } finally {
    await stage.page.setViewport({ width: 1180, height: 760 });
  }
});

test("U17: what cannot be read, and what takes long, is said or drawn", async () => {
  await show("search-failed");
  await comes(
    "it is said",
    `/could not be read/.test(document.querySelector(".search [role=alert]")?.textContent ?? "")`,
  );
  await show("search-slow");
  await comes("shapes stand there", `document.querySelector(".search .shapes") !== null`);
});

test("U17: Ctrl+K leads to the newest, to a few letters' somebody, to a message, and to somebody new", async () => {
  const open = async (typed: string) => {
    await show("list");
    await stage.page.keyboard.down("Control");
    await keys("k");
    await stage.page.keyboard.up("Control");
    await comes("it has the focus", `${FOCUS}.role === "combobox"`);
    await stage.page.keyboard.type(typed);
  };
  await open("");
  await comes("the newest are there", `document.querySelectorAll(".switcher-list [data-kind=chat]").length > 3`);
  await keys("ArrowDown", "Enter");
  await comes("the second is open", `app.openChat.value !== undefined && document.querySelector("dialog") === null`);
  await open("sat");
  await comes(
    "it fits",
    `document.querySelector(".switcher-list [aria-selected=true]")?.textContent.includes("Mina Sato")`,
  );
  await keys("Enter");
  await comes("it is open", `app.openChat.value?.startsWith("mina@")`);
  await open("headlamp");
  await comes("a message fits", `document.querySelector(".switcher-list [data-kind=message] mark") !== null`);
  await keys("Enter");
  await comes("it is open", `app.openChat.value?.startsWith("bob@")`);
  await open("new@elsewhere.example");
  await comes("it can be written to", `document.querySelector(".switcher-list [data-kind=start]") !== null`);
  await keys("Enter");
  await comes("it is open", `app.openChat.value === "new@elsewhere.example"`);
});

test("U17: a day leads to the first message from then on; where there is none it is said", async () => {
  await show("go-to-date");
  await comes("the day is asked for", `document.querySelector("dialog input[type=date]") !== null`);
  const enter = (day: string) =>
    read(`{
      const field = document.querySelector("dialog input[type=date]");
      field.value = ${JSON.stringify(day)};
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }`);
  const go = () => read(`document.querySelector("dialog [type=submit]").click()`);
  assert.equal(await read(`document.querySelector("dialog [type=submit]").disabled`), true);
  await enter("2100-01-01");
  await comes("it can be asked", `!document.querySelector("dialog [type=submit]").disabled`);
  await go();
  await comes(
    "nothing was said since",
    `/Nothing was said/.test(document.querySelector("dialog [role=alert]").textContent)`,
  );
  await enter("2020-01-01");
  await go();
  await comes(
    "its first message has the focus",
    `${FOCUS}.closest("li.message") === document.querySelector("li.message")`,
  );
  assert.equal(await read(`document.querySelector("dialog") === null`), true);
});
