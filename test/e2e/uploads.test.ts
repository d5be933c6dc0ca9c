/** Files that go on: their tab is closed, their browser is killed, the network goes; and what stands beside them. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import type { ElementHandle } from "puppeteer-core";
import { TcpProxy } from "../faults/proxy.ts";
import { ALICE, BOB } from "../stack.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import { filesBelow } from "./canaries.ts";
import type { Person } from "./person.ts";
import { png } from "./png.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const BASE_PORT = await claimPorts();
const PROXY_PORT = BASE_PORT + 10;
const home = `http://localhost:${PROXY_PORT}`;
/** Between alice and Alcove. */
const proxy = new TcpProxy(PROXY_PORT, BASE_PORT + 3);
before(() => proxy.start());
after(() => proxy.stop());

const story = Story.stage({ name: "uploads", basePort: BASE_PORT, endpoint: "starttls" });
/** Larger than all that stands between a page and whoever takes no more of it. */
const LARGE_BYTES = 20_000_000;
/** Of a file, but more than of anything else. */
const A_PART_BYTES = 1_000_000;

let a: Person;
let bob: Person;
const folder = await mkdtemp(join(tmpdir(), "alcove-uploads-"));
const profile = join(folder, "profile");
after(() => rm(folder, { recursive: true, force: true }));

async function chooses(who: Person, ...files: readonly (readonly [name: string, bytes: Buffer])[]): Promise<void> {
  const before = await who.page.evaluate(() => document.querySelectorAll(".tray-file").length);
  const paths: string[] = [];
  for (const [name, bytes] of files) {
    paths.push(join(folder, name));
    await writeFile(join(folder, name), bytes);
  }
  const input = (await who.page.$("input[type=file]")) as ElementHandle<HTMLInputElement> | null;
  assert.ok(input);
  await input.uploadFile(...paths);
  await until("they are in the tray", () =>
    who.page.evaluate((count) => document.querySelectorAll(".tray-file").length === count, before + files.length),
  );
}

const rows = (who: Person) =>
  who.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("[data-key]")].map((row) => {
      const image = row.querySelector<HTMLImageElement>(".file-open img");
      if (image !== null) return `picture ${image.naturalWidth}`;
      return (row.querySelector(".file-name, .words") ?? row).textContent ?? "";
    }),
  );
const sees = (who: Person, words: string, count = 1) =>
  until(
    `${who.called} sees ${words} ${count} times`,
    async () => (await rows(who)).filter((row) => row.includes(words)).length === count,
    { describe: () => rows(who) },
  );
/** Of the file that is on its way, where it is: between nothing and all. */
const isUnderway = (who: Person) =>
  until(`${who.called} sees that it is on its way`, () =>
    who.page.evaluate(() => {
      const way = document.querySelector<HTMLProgressElement>(".file-line progress");
      return way !== null && way.value > 0 && way.value < way.max;
    }),
  );
/** Its message is there, with something that can be done with it: it is on its way no more. */
const isThere = (who: Person, name: string, can = /Get it|Save/) =>
  until(
    `${name} is no longer on its way`,
    () =>
      who.page.evaluate(
        (wanted, offers) => {
          const lines = [...document.querySelectorAll<HTMLElement>(".file-line")];
          const line = lines.find((one) => one.textContent?.includes(wanted) === true);
          const act = line?.querySelector<HTMLElement>(".file-act");
          const button = act?.querySelector("button");
          const words = `${button?.textContent ?? ""} ${button?.getAttribute("aria-label") ?? ""}`;
          return act?.querySelector("progress") === null && new RegExp(offers).test(words);
        },
        name,
        can.source,
      ),
    { describe: () => rows(who) },
  );

/** It is on its way, and stands in the middle of it until the gate is opened. */
async function sendsAPart(who: Person, name: string): Promise<void> {
  await chooses(who, [name, randomBytes(LARGE_BYTES)]);
  proxy.gate(A_PART_BYTES);
  await who.press("Send");
  await isUnderway(who);
}

story.test(
  "a picture has its place, its size and its colours before it is here; nothing moves when it comes",
  async () => {
    [a, bob] = await Promise.all([
      story.signedIn(ALICE, { called: "alice", profile, home }),
      story.signedIn(BOB, { called: "bob" }),
    ]);
    await a.openChat("bob");
    await a.send("first a word");
    await bob.openChat("alice");
    await bob.sees("first a word");
    await bob.page.evaluate(() => {
      const seen = new Set<string>();
      Object.assign(globalThis, { seen });
      const look = () => {
        for (const frame of document.querySelectorAll<HTMLElement>(".file-frame")) {
          const { width, height } = frame.getBoundingClientRect();
          seen.add(`${Math.round(width)} × ${Math.round(height)}`);
          if (frame.querySelector(".file-tiny canvas") !== null) seen.add("colours");
        }
        requestAnimationFrame(look);
      };
      look();
    });
    await chooses(a, ["lake.png", png(200, 120)]);
    await a.press("Send");
    await sees(bob, "picture 200");
    const seen = await bob.page.evaluate(() => [...(globalThis as unknown as { seen: Set<string> }).seen].toSorted());
    assert.deepEqual(seen, ["200 × 200", "colours"]);
  },
);

story.test(
  "words beside files go after them, as a message that every app shows; files of any name keep it",
  async () => {
    await chooses(a, ["one.png", png(40, 10)], ["Bericht (2).pdf", Buffer.from("%PDF-1.7 a report")]);
    await a.fill("Message", "at the lake");
    await a.press("Send");
    for (const words of ["at the lake", "picture 40"]) await sees(bob, words);
    assert.deepEqual((await rows(bob)).slice(-3), ["picture 40", "Bericht (2).pdf", "at the lake"]);
  },
);

story.test("what waits in the tray has an order, by keys; one is left out, and the rest goes in it", async () => {
  await chooses(a, ["first.txt", Buffer.from("1")], ["second.txt", Buffer.from("2")], ["third.txt", Buffer.from("3")]);
  const tray = () =>
    a.page.evaluate(() =>
      [...document.querySelectorAll(".tray-file .file-name")].map((name) => name.textContent).join(),
    );
  await a.page.focus('button[aria-label^="Move third.txt"]');
  await a.page.keyboard.press("ArrowLeft");
  await a.page.keyboard.press("Home");
  await until("it is the first", async () => (await tray()) === "third.txt,first.txt,second.txt", { describe: tray });
  await story.looksAt(a);
  await a.press("Remove second.txt");
  await a.press("Remove first.txt");
  await until("one is left", async () => (await tray()) === "third.txt", { describe: tray });
  await chooses(a, ["fourth.txt", Buffer.from("4")]);
  await a.page.focus('button[aria-label^="Move fourth.txt"]');
  await a.page.keyboard.press("ArrowLeft");
  await a.press("Send");
  await sees(bob, "third.txt");
  assert.deepEqual((await rows(bob)).slice(-2), ["fourth.txt", "third.txt"]);
});

story.test("a picture is passed on as it is: the same file under the same key, nothing is uploaded again", async () => {
  const blobs = async () => (await filesBelow(story.stack.xmpp.state)).filter((path) => path.endsWith(".bin")).length;
  const before = await blobs();
  await a.page.evaluate(() => document.querySelector<HTMLElement>(".file-open")?.click());
  await a.press("Forward…");
  await a.clicks('.forward-to[data-jid="bob@localhost"]');
  await sees(bob, "picture 200", 2);
  await sees(a, "picture 200", 2);
  assert.equal(await blobs(), before);
});

story.test("people see how much files take in their browser, say how much they may, and let them go", async () => {
  await bob.opensSettings();
  const words = () =>
    bob.page.evaluate(() => document.querySelector("[data-section=browser]")?.textContent?.replace(/\s+/g, " ") ?? "");
  await until("some are kept", async () => /Pictures and files\d+ files, /.test(await words()), { describe: words });
  await story.looksAt(bob);
  await bob.clicks("[data-setting=files] .segment:first-child");
  await until("none are", async () => (await words()).includes("None are kept here."), { describe: words });
  await bob.clicks("[data-setting=files] .segment:nth-child(3)");
  await bob.reload();
  await bob.openChat("alice");
  await sees(bob, "picture 200", 2);
});

story.test("another tab shows how far a file is; where its own tab is closed, that one brings it, once", async () => {
  const tab = await story.secondTab(a);
  await tab.openChat("bob");
  await sendsAPart(a, "closed.bin");
  await isUnderway(tab);
  story.forget(a);
  await a.page.close({ runBeforeUnload: false });
  a = tab;
  proxy.gate(undefined);
  await isThere(a, "closed.bin");
  await sees(bob, "closed.bin");
});

story.test("after a reload in the middle it goes on by itself", async () => {
  await sendsAPart(a, "reloaded.bin");
  await a.reload();
  proxy.gate(undefined);
  await a.openChat("bob");
  await isThere(a, "reloaded.bin");
  await sees(bob, "reloaded.bin");
});

story.test(
  "a browser that is killed in the middle goes on when it is back: one message, one file that opens",
  async () => {
    // Chromium writes cookies every half a minute: closed in order it has written down who is signed in.
    await a.close();
    story.forget(a);
    a = await story.person({ called: "alice once more", profile, home });
    await a.isConnected();
    await a.openChat("bob");
    await sendsAPart(a, "killed.bin");
    story.forget(a);
    const gone = new Promise((resolve) => a.page.browser().once("disconnected", resolve));
    a.page.browser().process()?.kill("SIGKILL");
    await gone;
    proxy.gate(undefined);
    a = await story.person({ called: "alice again", profile, home });
    await a.isConnected();
    await a.openChat("bob");
    await isThere(a, "killed.bin");
    await sees(bob, "killed.bin");
    await bob.page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>(".file-line button.link")].at(-1)?.click(),
    );
    await isThere(bob, "killed.bin", /Save/);
    for (const name of ["closed.bin", "reloaded.bin", "killed.bin"]) await sees(bob, name, 1);
  },
);

story.test("a file that is stopped, in whichever tab, is sent to nobody and leaves nothing", async () => {
  const tab = await story.secondTab(a);
  await tab.openChat("bob");
  await sendsAPart(a, "stopped.bin");
  await isUnderway(tab);
  await tab.press("Stop");
  proxy.gate(undefined);
  for (const who of [a, tab]) await sees(who, "stopped.bin", 0);
  const left = () =>
    a.page.evaluate(async () => {
      const opening = indexedDB.open("alcove-uploads:alice@localhost");
      const database = await new Promise<IDBDatabase>((resolve) => {
        opening.onsuccess = () => resolve(opening.result);
      });
      const counts = ["uploads", "pieces"].map((name) => database.transaction(name).objectStore(name).count());
      const numbers = await Promise.all(
        counts.map((count) => new Promise((resolve) => (count.onsuccess = () => resolve(count.result)))),
      );
      database.close();
      return numbers.join();
    });
  await until("nothing is kept of any", async () => (await left()) === "0,0", { describe: left });
  await tab.closeTab();
  story.forget(tab);
  await a.send("that was all");
  await bob.sees("that was all");
  await sees(bob, "stopped.bin", 0);
});

story.test("a file that has vanished since it was chosen says so, and the others go", async () => {
  await chooses(a, ["vanishing.bin", randomBytes(200_000)], ["staying.bin", randomBytes(1_000)]);
  await rm(join(folder, "vanishing.bin"));
  await a.press("Send");
  await sees(bob, "staying.bin");
  const words = () => a.page.evaluate(() => document.body.textContent ?? "");
  await until("it says so", async () => /changed, or went away, while it was being sent/.test(await words()));
  await a.press("Delete");
  await sees(a, "vanishing.bin", 0);
  await sees(bob, "vanishing.bin", 0);
});

story.test("what the server has of all that are files without names, and nothing in clear", async () => {
  const stored = (await filesBelow(story.stack.xmpp.state)).filter((path) => path.includes("http_file_share"));
  assert.ok(stored.length > 0);
  for (const path of stored) assert.doesNotMatch(path, /closed|reloaded|killed|lake/);
});
