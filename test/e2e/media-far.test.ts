/** Pictures and files where they go a longer way: to a private room of three, 100 MB, of a stranger, with the server away. */
import assert from "node:assert/strict";
import { createCipheriv, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import type { ElementHandle } from "puppeteer-core";
import type { BareJid } from "../../worker/contract/names.ts";
import { roomNamed } from "../account/conference.ts";
import { slotOf } from "../account/files.ts";
import { browserOf } from "../account/people.ts";
import { ALICE, BOB } from "../stack.ts";
import { filesBelow, findTexts } from "./canaries.ts";
import { LARGE_FILES } from "../xmpp-server/large-files.ts";
import type { Person } from "./person.ts";
import { png } from "./png.ts";
import { Story } from "./story.ts";
import { PATIENCE_MS, until } from "./waiting.ts";

const CAROL = { name: "carol", password: "crescent" } as const;
const DAVE = { name: "dave", password: "driftwood" } as const;
const story = Story.stage({
  name: "media-far",
  endpoint: "starttls",
  accounts: [ALICE, BOB, CAROL, DAVE],
  friends: ["alice", "bob", "carol"],
  xmppConfig: `${LARGE_FILES}http_file_share_size_limit = 110 * 1024 * 1024
http_file_share_daily_quota = 1024 * 1024 * 1024`,
});
const ROOM = "Photo walks";
const CANARY = `canary-${crypto.randomUUID()}`;
const LARGE = 100_000_000;
const folder = await mkdtemp(join(tmpdir(), "alcove-media-far-"));
after(() => rm(folder, { recursive: true, force: true }));

let alice: Person;
let bob: Person;
let carol: Person;

async function sends(who: Person, name: string, bytes: Buffer): Promise<void> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  const input = (await who.page.$("input[type=file]")) as ElementHandle<HTMLInputElement> | null;
  assert.ok(input);
  await input.uploadFile(path);
  await until("it is in the tray", () => who.page.evaluate(() => document.querySelectorAll(".tray-file").length === 1));
  await who.press("Send");
}

/** How wide each picture on the screen is, oldest first. */
const pictures = (who: Person) =>
  who.page.evaluate(() =>
    [...document.querySelectorAll<HTMLImageElement>(".file-open img")].map((image) =>
      image.complete ? image.naturalWidth : 0,
    ),
  );
const seesPictures = (who: Person, ...widths: readonly number[]) =>
  until(`${who.called} sees pictures of ${widths.join()}`, async () => (await pictures(who)).join() === widths.join(), {
    describe: () => pictures(who),
  });

async function adds(who: Person, address: string): Promise<void> {
  await who.press("More");
  await who.press("Members");
  await who.press("Add a member…");
  await who.fill("Address", address);
  await who.press("Add member");
  await who.reads(new RegExp(address));
  await who.press("Back");
}

story.test("in a private room of three each sends a picture, and all three see all of them", async () => {
  [alice, bob, carol] = await Promise.all([
    story.signedIn(ALICE, { called: "alice" }),
    story.signedIn(BOB, { called: "bob" }),
    story.signedIn(CAROL, { called: "carol" }),
  ]);
  await alice.press("New chat");
  await alice.press("New private room…");
  await alice.fill("Name", ROOM);
  await alice.press("Create room");
  await alice.isEncryption("unavailable");
  for (const who of [bob, carol]) {
    await adds(alice, `${who.called}@localhost`);
    await until(`${who.called} is asked`, async () =>
      (await who.chats()).some(({ relation }) => relation === "request"),
    );
    // What it calls itself it tells whoever is in it.
    await who.openChat(roomNamed("photo-walks").name);
    await who.press("Accept");
  }
  for (const who of [alice, bob, carol]) await who.isEncryption("ready", "on");
  const seen: number[] = [];
  for (const [at, who] of [alice, bob, carol].entries()) {
    seen.push(50 + at);
    await sends(who, `${CANARY}-${at}.png`, png(50 + at, 20, { words: CANARY }));
    for (const reader of [alice, bob, carol]) await seesPictures(reader, ...seen);
  }
});

story.test("after a reload they come out of the browser, with the XMPP server away", async () => {
  const asked: string[] = [];
  carol.page.on("request", (request) => {
    if (request.url().includes("/api/media/")) asked.push(request.url());
  });
  // A picture is shown first and kept then.
  const kept = () =>
    carol.page.evaluate(async () => {
      const names = (await caches.keys()).filter((name) => name.includes("files"));
      const files = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return files.flat().length;
    });
  await until("all three are kept", async () => (await kept()) >= 3, { describe: kept });
  await story.stack.xmpp.kill();
  await carol.reload();
  await carol.openChat(ROOM);
  await seesPictures(carol, 50, 51, 52);
  assert.deepEqual(asked, []);
  await story.stack.xmpp.start();
  await carol.isConnected();
});

story.test("pictures and links of the room stand behind its name, and each leads to its message", async () => {
  await bob.send("the hut: https://huts.example.org/ridge");
  await alice.sees("the hut: https://huts.example.org/ridge");
  const opens = async () => {
    await alice.press("More");
    await alice.press("Members");
    await alice.press("Pictures, files and links");
  };
  await opens();
  const drawn = () =>
    alice.page.evaluate(() =>
      [...document.querySelectorAll<HTMLImageElement>(".collected-picture img")].map((image) => image.naturalWidth),
    );
  await until("all three are there, the newest first", async () => (await drawn()).join() === "52,51,50", {
    describe: drawn,
  });
  await story.looksAt(alice);
  await alice.clicks(".collected-grid li:last-child button");
  const sought = () => alice.page.evaluate(() => document.querySelector<HTMLElement>(".message.sought .file") !== null);
  await until("the first picture is shown where it stands", sought);
  await opens();
  await alice.clicks(".collected-kinds label:last-child");
  await until("its link is there", () =>
    alice.page.evaluate(
      () => document.querySelector(".collected-words a")?.textContent === "https://huts.example.org/ridge",
    ),
  );
  await story.looksAt(alice);
  await alice.press("To the message");
  await alice.sees("the hut: https://huts.example.org/ridge");
});

story.test("100 MB go from alice to bob and arrive whole", async () => {
  await alice.openChat("bob");
  await bob.openChat("alice");
  await sends(alice, `${CANARY}.bin`, randomBytes(LARGE));
  const line = () => bob.page.evaluate(() => document.querySelector(".file-line")?.textContent ?? "");
  // All else on a machine that does much at once is a matter of seconds; this is one of megabytes.
  await until("bob has its line", async () => (await line()) !== "", { withinMs: 2 * PATIENCE_MS });
  await bob.press("Get it");
  const saved = () => bob.page.evaluate(() => document.querySelector(".file-line .icon-save") !== null);
  await until("it has come, and its tag is right", saved, { describe: line });
  assert.match(await line(), /100 MB/);
});

story.test(
  "a stranger's picture is not asked for before somebody wants it; of a contact it comes by itself",
  async () => {
    const asked: string[] = [];
    alice.page.on("request", (request) => {
      if (request.url().includes("/api/media/get")) asked.push(request.url());
    });
    const dave = await story.peer(DAVE);
    const script = await browserOf(story.stack, "dave@localhost" as BareJid, DAVE.password);
    const [iv, key] = [randomBytes(12), randomBytes(32)];
    const seal = createCipheriv("aes-256-gcm", key, iv);
    const bytes = Buffer.concat([seal.update(png(77, 9)), seal.final(), seal.getAuthTag()]);
    const { ticket, url } = await slotOf(script, { size: bytes.length, ending: "png" });
    assert.ok((await script.putFile(ticket, new Uint8Array(bytes))).ok);
    await dave.send(
      "alice@localhost",
      `${url.replace(/^https?:/, "aesgcm:")}#${Buffer.concat([iv, key]).toString("hex")}`,
    );
    await alice.seesChat("dave@localhost", { relation: "stranger", unread: 1 });
    await alice.openChat("dave");
    await until("its frame is there", () => alice.page.evaluate(() => document.querySelector(".file-frame") !== null));
    await story.looksAt(alice);
    assert.deepEqual([await pictures(alice), asked], [[], []]);
    await alice.press("Show");
    await seesPictures(alice, 77);
    assert.equal(asked.length, 1);
  },
);

story.test("neither a name nor a word or a point of all that lies on the server", async () => {
  const files = await filesBelow(story.stack.xmpp.state);
  const stored = files.filter((path) => path.includes("http_file_share"));
  assert.ok(stored.filter((path) => path.endsWith(".bin")).length >= 5, stored.join());
  assert.deepEqual(await findTexts(stored, [CANARY, "image/png"]), []);
  const objects = await story.stack.objectDatabases();
  assert.deepEqual(await findTexts(objects, [CANARY]), []);
  for (const path of stored) {
    const bytes = await readFile(path);
    assert.ok(!bytes.subarray(0, 8).equals(png(1, 1).subarray(0, 8)), "no picture");
  }
});
