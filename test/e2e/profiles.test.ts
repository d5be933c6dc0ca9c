/** What people see of each other: names, pictures, whether they are there. Alice in two browsers, bob with another app. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Conference, roomNamed } from "../account/conference.ts";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { png } from "./png.ts";
import { readText } from "./screen.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "profiles", endpoint: "starttls" });
const room = roomNamed("strangers");
const [ALICES, BOBS] = ["alice@localhost", "bob@localhost"];

let a: Person;
let b: Person;
let bob: PythonPeer;

const shows = (data: Buffer, more: Readonly<Record<string, string>> = {}) =>
  bob.command("picture", { text: data.toString("base64"), ...more });
/** How wide the picture in bob's row really is; undefined where his initial stands. */
const pictureIn = (who: Person) =>
  who.page.evaluate((jid) => {
    const drawn = document.querySelector<HTMLImageElement>(`[role=option][data-jid="${jid}"] .avatar-picture`);
    return drawn === null || !drawn.complete ? undefined : drawn.naturalWidth;
  }, BOBS);
const sees = (who: Person, width: number | undefined) =>
  until(`${who.called} sees a picture of ${width}`, async () => (await pictureIn(who)) === width);
const opensProfile = async (who: Person) => {
  await who.press("Account menu");
  await who.press("Your profile");
};
const ownPicture = (who: Person) =>
  who.page.evaluate(() => document.querySelector<HTMLElement>(".profile-picture")?.dataset["picture"]);

story.test("bob's app says what he calls himself and how he looks: both browsers of alice show it", async () => {
  [a, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice in A" }), story.peer(BOB)]);
  b = await story.signedIn(ALICE, { called: "alice in B" });
  await bob.command("nick", { text: "Bobby" });
  await shows(png(48, 90));
  for (const who of [a, b]) {
    await who.seesChat(BOBS, { name: "Bobby" });
    await sees(who, 48);
  }
  const there = await a.page.evaluate(() => {
    const avatar = document.querySelector("[role=option] .avatar")?.getBoundingClientRect();
    const picture = document.querySelector("[role=option] .avatar-picture")?.getBoundingClientRect();
    const near = (one = 0, other = 0) => Math.abs(one - other) <= 1;
    return near(avatar?.x, picture?.x) && near(avatar?.y, picture?.y) && near(avatar?.width, picture?.width);
  });
  assert.ok(there, "it lies where the initial stood");
});

story.test(
  "another picture takes its place, one that is taken back leaves the initial, and a reload asks nobody",
  async () => {
    await shows(png(56, 120));
    for (const who of [a, b]) await sees(who, 56);
    let asked = 0;
    a.page.on("request", (request) => {
      if (request.url().endsWith("/api/call/picture")) asked += 1;
    });
    await a.reload();
    await sees(a, 56);
    assert.equal(asked, 0, "it is kept in this browser");
    await bob.command("no-picture");
    for (const who of [a, b]) await sees(who, undefined);
  },
);

const SVG = Buffer.from(
  "<svg xmlns='http://www.w3.org/2000/svg' width='64' height='64'><rect width='64' height='64'/></svg>",
);
const HOSTILE: readonly (readonly [string, Buffer, Readonly<Record<string, string>>?])[] = [
  ["an SVG that is called a PNG", SVG],
  ["a picture under the name of another one", png(40, 10), { of: "0".repeat(40) }],
  ["a picture that is cut off", png(40, 20).subarray(0, 60)],
  ["20,000 by 20,000 points in a few bytes", png(16, 30, { claims: 20_000 })],
  ["a picture of another kind", png(40, 40), { item: "image/svg+xml" }],
];

story.test("what poses as a picture is not shown, and the next real one is", async () => {
  let width = 60;
  for (const [what, data, more] of HOSTILE) {
    await shows(data, more);
    await bob.command("plain", { to: ALICES, text: what });
    // Whatever it is, it was told before these words.
    await a.openChat("bobby");
    await a.sees(what);
    await sleep(400);
    for (const who of [a, b]) assert.equal(await pictureIn(who), undefined, what);
    width += 1;
    await shows(png(width, width));
    for (const who of [a, b]) await sees(who, width);
    await bob.command("no-picture");
    for (const who of [a, b]) await sees(who, undefined);
  }
});

story.test("five megabytes that bob's app announces are not even fetched", async () => {
  const asked: string[] = [];
  a.page.on("request", (request) => {
    if (request.url().endsWith("/api/call/picture")) asked.push(request.postData() ?? "");
  });
  await shows(png(40, 50), { size: "5000000" });
  await bob.command("plain", { to: ALICES, text: "that was large" });
  await a.sees("that was large");
  await sleep(400);
  assert.deepEqual(asked, []);
  assert.equal(await pictureIn(a), undefined);
  await bob.command("no-picture");
});

story.test(
  "alice picks a picture: bob's app and her other browser have it, square, small and without its story",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "alcove-picture-"));
    const file = join(folder, "holiday.png");
    await writeFile(file, png(700, 200, { words: "taken at the secret hut" }));
    try {
      await opensProfile(b);
      await opensProfile(a);
      const input = await a.page.waitForSelector("input[type=file]");
      await (input as import("puppeteer-core").ElementHandle<HTMLInputElement>).uploadFile(file);
      await a.press("Use this picture");
      await until("it is saved", async () => (await readText(a.page, ".profile-picture [role=status]")) === "Saved.");
    } finally {
      await rm(folder, { recursive: true });
    }
    const id = await until("A knows its name", () => ownPicture(a));
    await until("B, too", async () => (await ownPicture(b)) === id);
    await bob.until("is told", () => bob.events.some((one) => one.event === "picture" && one.ids?.includes(id)));
    const fetched = await bob.command("fetch-picture", { to: ALICES, of: id });
    const bytes = Buffer.from(fetched.text ?? "", "base64");
    assert.equal(createHash("sha1").update(bytes).digest("hex"), id);
    assert.ok(bytes.length <= 64 * 1024);
    assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [256, 256]);
    assert.ok(!bytes.includes("secret hut"), "nothing of the file but what can be seen");
  },
);

story.test("a file that is no picture is refused in words, and nothing is published", async () => {
  const folder = await mkdtemp(join(tmpdir(), "alcove-picture-"));
  const file = join(folder, "notes.png");
  await writeFile(file, "these are my notes");
  const before = await ownPicture(a);
  try {
    const input = await a.page.waitForSelector("input[type=file]");
    await (input as import("puppeteer-core").ElementHandle<HTMLInputElement>).uploadFile(file);
    await until("it is said", async () =>
      (await readText(a.page, ".profile-picture [role=status]"))?.startsWith("This file cannot be opened"),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
  assert.equal(await ownPicture(a), before);
});

story.test("alice calls herself something: bob's app is told, and her other browser shows it", async () => {
  await a.fill("Your name", "Alice in Hut 7");
  await a.press("Save");
  await bob.until("is told", () => bob.events.some(({ event, text }) => event === "nick" && text === "Alice in Hut 7"));
  const typed = () => b.page.evaluate(() => document.querySelector<HTMLInputElement>(".profile-name input")?.value);
  await until("B shows it", async () => (await typed()) === "Alice in Hut 7");
});

story.test("the picture is taken back: for bob's app, and in both browsers", async () => {
  await b.press("Remove the picture");
  for (const who of [a, b]) await until(`${who.called} has none`, async () => (await ownPicture(who)) === undefined);
  await bob.until("is told", () => bob.events.some(({ event, ids }) => event === "picture" && ids?.length === 0));
  for (const who of [a, b]) await who.page.keyboard.press("Escape");
});

story.test("in a room that names nobody bob is seen as he shows himself there (XEP-0153)", async () => {
  const conference = new Conference(story.stack);
  await conference.create(room.name, { anonymous: "1" });
  for (const node of ["metadata", "data"]) await bob.command("delete-node", { node: `urn:xmpp:avatar:${node}` });
  await shows(png(44, 200), { node: "open" });
  await bob.command("join", { to: room.jid, text: "the tall one" });
  await a.joinsRoom(room.jid);
  await a.isEncryption("open");
  await bob.command("plain", { to: room.jid, text: "hello, room", item: "room" });
  await a.sees("hello, room");
  const face = () =>
    a.page.evaluate(() => document.querySelector<HTMLImageElement>(".face .avatar-picture")?.naturalWidth);
  await until("his picture stands beside it", async () => (await face()) === 44);
});

story.test("the page behind bob's name: whether he is there, and the name that alice gives him", async () => {
  await a.openChat("bobby");
  await bob.command("presence", { text: "away" });
  const presence = (where: string) => readText(a.page, where);
  await until("it is said that he is away", async () => (await presence(".head-presence")) === "Away");
  await a.press("About Bobby");
  await until("his page is open", async () => (await presence(".about-presence")) === "Away");
  assert.equal(await presence(".about-whole"), BOBS);
  await a.press("Rename…");
  await a.fill("Name", "Robert");
  await a.press("Rename");
  for (const who of [a, b]) await who.seesChat(BOBS, { name: "Robert" });
  await until("what he calls himself stays beside it", async () =>
    (await readText(a.page, ".about"))?.includes("Calls themselves Bobby"),
  );
  await bob.signOut();
  await until("it is said when he was here", async () => (await presence(".about-presence")) === "Last here just now");
});

story.test("whoever erases the account from a browser erases the pictures", async () => {
  const kept = () =>
    a.page.evaluate(async () => (await caches.keys()).filter((name) => name.includes("pictures")).length);
  assert.equal(await kept(), 1);
  await a.signOut("erase");
  await until("they are gone", async () => (await kept()) === 0);
});
