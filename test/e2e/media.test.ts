/** Pictures and files between two people: alice in two browsers, bob in one and with another app beside it. */
import assert from "node:assert/strict";
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ElementHandle } from "puppeteer-core";
import { slotOf } from "../account/files.ts";
import { BOB as BOBS, browserOf } from "../account/people.ts";
import { Conference, roomNamed } from "../account/conference.ts";
import type { PythonPeer } from "../interop/python-peer.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { ALICE, BOB } from "../stack.ts";
import { filesBelow } from "./canaries.ts";
import type { Person } from "./person.ts";
import { png } from "./png.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "media", endpoint: "starttls" });
const ALICES = "alice@localhost";
const CANARY = `canary-${crypto.randomUUID()}`;

let a: Person;
let b: Person;
let bob: Person;
let python: PythonPeer;
let script: ScriptedBrowser | undefined;
let folder: string;

/** Puts files into the tray, as somebody who chooses them. */
async function chooses(who: Person, ...files: readonly (readonly [name: string, bytes: Buffer])[]): Promise<void> {
  folder ??= await mkdtemp(join(tmpdir(), "alcove-media-"));
  const paths = await Promise.all(
    files.map(async ([name, bytes]) => {
      const path = join(folder, name);
      await writeFile(path, bytes);
      return path;
    }),
  );
  const input = (await who.page.$("input[type=file]")) as ElementHandle<HTMLInputElement> | null;
  assert.ok(input);
  await input.uploadFile(...paths);
  await until("they are in the tray", () =>
    who.page.evaluate((count) => document.querySelectorAll(".tray-file").length === count, files.length),
  );
}

/** How wide each picture on the screen is, oldest first. */
const pictures = (who: Person) =>
  who.page.evaluate(() =>
    [...document.querySelectorAll<HTMLImageElement>(".file-open img")].map((image) =>
      image.complete ? image.naturalWidth : 0,
    ),
  );
const seesPictures = (who: Person, ...widths: readonly number[]) =>
  until(
    `${who.called} sees pictures of ${widths.join(", ")}`,
    async () => (await pictures(who)).join() === widths.join(),
    {
      describe: () => pictures(who),
    },
  );
/** What lines of files say. */
const lines = (who: Person) =>
  who.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>(".file-line .file-words")].map((words) => words.textContent),
  );

story.test(
  "alice sends bob a picture: both of her browsers and his show it, and the server has nothing but noise",
  async () => {
    [a, bob] = await Promise.all([
      story.signedIn(ALICE, { called: "alice in A" }),
      story.signedIn(BOB, { called: "bob" }),
    ]);
    b = await story.signedIn(ALICE, { called: "alice in B" });
    python = await story.peer(BOB);
    await a.openChat("bob");
    await a.send("first a word");
    await bob.openChat("alice");
    await bob.sees("first a word");
    await b.openChat("bob");
    await b.sees("first a word");
    await chooses(a, [`${CANARY}.png`, png(64, 120, { words: CANARY })]);
    await story.looksAt(a);
    await a.press("Send");
    for (const who of [a, bob, b]) await seesPictures(who, 64);
    const stored = (await filesBelow(story.stack.xmpp.state)).filter((path) => path.includes("http_file_share"));
    const blobs = stored.filter((path) => path.endsWith(".bin"));
    assert.equal(blobs.length, 1);
    for (const path of stored) {
      const bytes = await readFile(path);
      assert.ok(!bytes.includes(CANARY), "neither name nor note");
      assert.ok(!bytes.subarray(0, 8).equals(png(1, 1).subarray(0, 8)), "no picture");
    }
  },
);

story.test(
  "another app gets the link as the whole text, and what it decrypts is the picture without its notes",
  async () => {
    const link = await until("it has the link", () => python.texts(ALICES).find((text) => text.startsWith("aesgcm:")));
    const [, place = "", digits = ""] = /^aesgcm:\/\/(\S+)#([0-9a-f]{88})$/.exec(link) ?? [];
    assert.notEqual(place, "", link.replace(/#.*/s, "#…"));
    const sealed = Buffer.from(await (await fetch(`http://${place}`)).arrayBuffer());
    const [iv, key] = [Buffer.from(digits.slice(0, 24), "hex"), Buffer.from(digits.slice(24), "hex")];
    const open = createDecipheriv("aes-256-gcm", key, iv);
    open.setAuthTag(sealed.subarray(-16));
    const plain = Buffer.concat([open.update(sealed.subarray(0, -16)), open.final()]);
    assert.ok(plain.subarray(0, 8).equals(png(1, 1).subarray(0, 8)));
    assert.ok(!plain.includes(CANARY));
  },
);

story.test("after a reload the picture comes out of the browser, and nobody is asked for it", async () => {
  const asked: string[] = [];
  bob.page.on("request", (request) => {
    if (request.url().includes("/api/media/")) asked.push(request.url());
  });
  // A picture is shown first and kept then.
  const kept = () =>
    bob.page.evaluate(async () => {
      const names = (await caches.keys()).filter((name) => name.includes("files"));
      const files = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return files.flat().length;
    });
  await until("it is kept", async () => (await kept()) > 0);
  asked.length = 0;
  await bob.reload();
  await bob.openChat("alice");
  await seesPictures(bob, 64);
  assert.deepEqual(asked, []);
});

story.test(
  "four at once arrive in their order; what is no picture is a line, and is got and saved by a press",
  async () => {
    await chooses(
      bob,
      ["one.png", png(40, 10)],
      ["two.png", png(44, 20)],
      ["three.png", png(48, 30)],
      ["report.pdf", Buffer.from(`%PDF-1.7 ${CANARY}`)],
    );
    await bob.press("Send");
    for (const who of [bob, a, b]) {
      await seesPictures(who, 64, 40, 44, 48);
      await until("and a line", async () => (await lines(who)).length === 1);
    }
    assert.match((await lines(bob)).join(), /report\.pdf/, "here it is called as it was");
    assert.match((await lines(a)).join(), /\.pdf/);
    await a.press("Get it");
    await until("it can be saved", () =>
      a.page.evaluate(() => document.querySelector(".file-line .icon-save") !== null),
    );
  },
);

story.test(
  "in a room for everybody a picture goes in clear, without its notes; others see it when they ask for it",
  async () => {
    const room = roomNamed("market");
    await new Conference(story.stack).create(room.name, { anonymous: "1" });
    for (const who of [a, bob]) {
      await who.joinsRoom(room.jid);
      await who.isEncryption("open");
    }
    await chooses(a, ["stall.png", png(66, 7, { words: CANARY })]);
    await a.press("Send");
    await seesPictures(a, 66);
    await until("bob has its frame", () => bob.page.evaluate(() => document.querySelector(".file-frame") !== null));
    assert.deepEqual(await pictures(bob), []);
    await bob.press("Show");
    await seesPictures(bob, 66);
    const stored = (await filesBelow(story.stack.xmpp.state)).filter((path) => path.endsWith(".bin"));
    const all = await Promise.all(stored.map((path) => readFile(path)));
    const shown = all.filter((bytes) => bytes.subarray(0, 8).equals(png(1, 1).subarray(0, 8)));
    assert.equal(shown.length, 1, "it is the only one that the server can see");
    assert.ok(shown.every((bytes) => !bytes.includes(CANARY)));
    for (const [who, name] of [
      [a, "bob"],
      [bob, "alice"],
    ] as const)
      await who.openChat(name);
  },
);

/** Where bytes lie that an independent script has put there. */
async function puts(bytes: Buffer, ending?: string): Promise<string> {
  script ??= await browserOf(story.stack, BOBS);
  const { ticket, url } = await slotOf(script, { size: bytes.length, ...(ending && { ending }) });
  const answer = await script.putFile(ticket, new Uint8Array(bytes));
  assert.ok(answer.ok, JSON.stringify(answer));
  return url.replace(/^https?:/, "aesgcm:");
}

function sealed(plain: Buffer, iv: Buffer, key: Buffer): Buffer {
  const seal = createCipheriv("aes-256-gcm", key, iv);
  return Buffer.concat([seal.update(plain), seal.final(), seal.getAuthTag()]);
}

story.test(
  "what cannot go says why before anything leaves, and stays in the tray; what is dropped or pasted comes there, too",
  async () => {
    await chooses(a, ["nothing.txt", Buffer.alloc(0)], ["too-large.bin", Buffer.alloc(33 * 1024 * 1024, 1)]);
    const tray = () => a.page.evaluate(() => document.querySelector(".tray")?.textContent ?? "");
    await until(
      "both reasons are there",
      async () => /it has 0 bytes/.test(await tray()) && /takes up to 34 MB/.test(await tray()),
    );
    await story.looksAt(a);
    const before = (await pictures(a)).length;
    await a.page.evaluate(
      (bytes) => {
        const data = () => {
          const all = new DataTransfer();
          all.items.add(new File([Uint8Array.from(bytes)], "given.png", { type: "image/png" }));
          return all;
        };
        const pane = document.querySelector("main.pane");
        pane?.dispatchEvent(new DragEvent("drop", { dataTransfer: data(), bubbles: true, cancelable: true }));
        const paste = new ClipboardEvent("paste", { clipboardData: data(), bubbles: true, cancelable: true });
        document.querySelector("textarea")?.dispatchEvent(paste);
      },
      [...png(90, 5)],
    );
    await until("four are in the tray", () =>
      a.page.evaluate(() => document.querySelectorAll(".tray-file").length === 4),
    );
    await a.press("Send");
    await until("two have gone", async () => (await pictures(a)).length === before + 2);
    assert.match(await tray(), /nothing\.txt[\s\S]*too-large\.bin/);
    for (const name of ["nothing.txt", "too-large.bin"]) await a.press(`Remove ${name}`);
    assert.equal(await tray(), "");
    await until("bob sees both", async () => (await pictures(bob)).length === before + 2);
  },
);

story.test("a file that is larger than what is encrypted in one go arrives whole", async () => {
  await chooses(a, ["long.bin", randomBytes(30_000_000)]);
  await a.press("Send");
  await until("bob has its line", async () => (await lines(bob)).length === 2);
  await bob.press("Get it");
  const saved = () => bob.page.evaluate(() => document.querySelectorAll(".file-line .icon-save").length === 2);
  await until("it has come, and its tag is right", saved);
  assert.match((await lines(bob)).join(), /30 MB/);
});

story.test("a picture is looked at as large as the window, and the one before is a key away", async () => {
  await a.page.evaluate(() => [...document.querySelectorAll<HTMLElement>(".file-open")].at(-1)?.click());
  const shown = () =>
    a.page.evaluate(() => document.querySelector<HTMLImageElement>(".viewer-stage img")?.naturalWidth ?? 0);
  await until("it is there", async () => (await shown()) === 90);
  await story.looksAt(a);
  const width = () => a.page.evaluate(() => document.querySelector(".viewer-stage img")?.clientWidth ?? 0);
  const before = await width();
  await a.page.mouse.move(590, 380);
  await a.page.mouse.wheel({ deltaY: -600 });
  await until("the wheel makes it larger", async () => (await width()) > before);
  await a.page.mouse.wheel({ deltaY: 6_000 });
  await until("and as large as the window again", async () => (await width()) === before);
  await a.page.keyboard.press("ArrowLeft");
  await a.page.keyboard.press("ArrowLeft");
  await until("it is the one before those two", async () => (await shown()) === 48);
  await a.page.keyboard.press("Escape");
  await until("the conversation is back", () => a.page.evaluate(() => document.querySelector(".viewer") === null));
});

story.test(
  "an independent script's files are shown: 12 and 16 bytes of IV, capital letters, with an ending and without",
  async () => {
    await a.openChat("bob");
    for (const [at, ivBytes, ending, capital] of [
      [0, 12, "png", false],
      [1, 16, undefined, true],
      [2, 16, "png", false],
      [3, 12, undefined, true],
    ] as const) {
      const before = (await pictures(a)).length;
      const [iv, key] = [randomBytes(ivBytes), randomBytes(32)];
      const place = await puts(sealed(png(70 + at, 99), iv, key), ending);
      const digits = Buffer.concat([iv, key]).toString("hex");
      await python.send(ALICES, `${place}#${capital ? digits.toUpperCase() : digits}`);
      await until(`alice sees picture ${at}`, async () => (await pictures(a)).length === before + 1, {
        describe: () => pictures(a),
      });
      assert.equal((await pictures(a)).at(-1), 70 + at);
    }
  },
);

story.test(
  "a file that the server has lost, and one that is damaged, say so and nothing of them is shown",
  async () => {
    const shown = (await pictures(a)).length;
    const [iv, key] = [randomBytes(12), randomBytes(32)];
    const digits = Buffer.concat([iv, key]).toString("hex");
    const bytes = sealed(png(80, 99), iv, key);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    const place = await puts(bytes, "png");
    const says = (words: RegExp) =>
      until(`alice reads ${words}`, async () =>
        words.test(await a.page.evaluate(() => document.body.textContent ?? "")),
      );
    await python.send(ALICES, `${place}#${digits}`);
    await says(/The file is damaged/);
    await python.send(ALICES, `${place.replace(/[^/]+\/[^/]+$/, "nothing/here.png")}#${digits}`);
    await says(/no longer there|does not hand it over/);
    assert.equal((await pictures(a)).length, shown);
    await rm(folder, { recursive: true, force: true });
  },
);
