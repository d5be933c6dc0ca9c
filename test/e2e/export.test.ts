/** What this browser can read is saved as a file, by a browser that asks where and by one that downloads; and as a sealed copy. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ElementHandle } from "puppeteer-core";
import { ALICE, BOB } from "../stack.ts";
import { findTexts } from "./canaries.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "export", endpoint: "starttls" });
const PASSPHRASE = "three words, and a fourth";
const SAID = "meet me at <b>nine</b> & bring 'rope'";

let a: Person;
let folder: string;

/** Chromium asks a person for a place, which no test can answer: so it downloads, as other browsers do. */
async function saves(format: string): Promise<string> {
  for (const file of await readdir(folder)) await rm(join(folder, file));
  await a.opensSettings();
  await a.press("Save what is readable here…");
  await a.reads(/Whoever has this file can read everything in it/);
  await a.choose(format);
  await story.looksAt(a);
  await a.press("Save");
  await a.reads(/Saved, with 2 messages/);
  const whole = async () => (await readdir(folder)).find((file) => /\.(html|jsonl)$/.test(file));
  const file = await until("the file is there", whole);
  await a.press("Close");
  return readFile(join(folder, file), "utf8");
}

story.test("alice saves what she can read as a page, in which everything is text", async () => {
  let b: Person;
  [a, b] = await Promise.all([story.signedIn(ALICE, { called: "alice" }), story.signedIn(BOB, { called: "bob" })]);
  await Promise.all([a.openChat("bob"), b.openChat("alice")]);
  await a.isEncryption("ready", "on");
  await a.send("when?");
  await b.sees("when?");
  await b.send(SAID);
  await a.sees(SAID);
  folder = await mkdtemp(join(tmpdir(), "alcove-export-"));
  await a.page.evaluateOnNewDocument(() => Object.assign(globalThis, { showSaveFilePicker: undefined }));
  const devtools = await a.page.createCDPSession();
  await devtools.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: folder });
  await a.reload();
  await a.isConnected();
  const page = await saves("To read: a page for any browser (HTML)");
  assert.ok(page.includes("meet me at &lt;b&gt;nine&lt;/b&gt; &amp; bring &#39;rope&#39;"));
  assert.match(page, /default-src 'none'/);
  assert.doesNotMatch(page, /<b>nine/);
});

story.test("and for programs, a message a line", async () => {
  const lines = (await saves("For programs: one message a line (JSON Lines)")).trimEnd().split("\n");
  const records = lines.map((line) => JSON.parse(line) as { readonly type: string; readonly text?: string });
  assert.deepEqual(
    records.flatMap(({ type, text }) => (type === "message" ? [text] : [])),
    ["when?", SAID],
  );
  assert.deepEqual([records[0]?.type, records.at(-1)?.type], ["export", "end"]);
});

story.test(
  "under a passphrase: another browser, that was given nothing, reads the file in, and nobody else does",
  async () => {
    await a.opensSettings();
    await a.press("Save what is readable here…");
    await a.choose("For another browser of yours: encrypted with a passphrase");
    await a.fill("Passphrase", PASSPHRASE);
    await a.press("Save");
    await a.reads(/Saved, with 2 messages/);
    const file = join(
      folder,
      await until("the file is there", async () => (await readdir(folder)).find((name) => name.endsWith(".alcove"))),
    );
    await a.press("Close");
    await a.leaveChat();
    assert.deepEqual(await findTexts([file], ["when?", SAID, "bob@localhost"]), []);
    const other = await story.signedIn(ALICE, { called: "alice in another browser" });
    const reads = async (passphrase: string) => {
      await other.opensSettings();
      await other.press("Read in a file from another browser…");
      const input = await other.page.waitForSelector("dialog input[type=file]");
      await (input as ElementHandle<HTMLInputElement> | null)?.uploadFile(file);
      await other.fill("Passphrase", passphrase);
      await other.press("Read in");
    };
    await reads("another passphrase altogether");
    await other.reads(/The passphrase is another one/);
    await other.press("Cancel");
    await reads(PASSPHRASE);
    await other.reads(/2 messages can be read now that could not/);
    await other.press("Close");
    await other.openChat("bob");
    for (const text of ["when?", SAID]) await other.sees(text);
    await story.leaves(other);
    await rm(folder, { recursive: true });
  },
);

story.test("a file that is written as it comes is given up, and what cannot be written is said", async () => {
  await a.page.evaluate(() => {
    const told: string[] = [];
    const createWritable = async () => ({
      write: async () => {
        told.push("write");
        throw new DOMException("no room", "QuotaExceededError");
      },
      close: async () => told.push("close"),
      abort: async () => told.push("abort"),
    });
    Object.assign(globalThis, { told, showSaveFilePicker: async () => ({ createWritable }) });
  });
  await a.opensSettings();
  await a.press("Save what is readable here…");
  await a.press("Save");
  await a.reads(/Perhaps there is no room for it/);
  const told = await a.page.evaluate(() => (globalThis as unknown as { told: readonly string[] }).told);
  assert.deepEqual(told, ["write", "abort"]);
  await a.press("Close");
});

/** One as it is built into a computer, which asks nobody and knows the PRF extension; there as long as this page. */
async function hasAuthenticator({ page }: Person): Promise<void> {
  const session = await page.createCDPSession();
  await session.send("WebAuthn.enable");
  const kind = { protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal" } as const;
  const asks = { hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  const options = { ...kind, ...asks, hasPrf: true, automaticPresenceSimulation: true };
  await session.send("WebAuthn.addVirtualAuthenticator", { options });
}

/** Nine words, as they stand on the screen. */
let words: readonly string[];

story.test("alice has a sealed copy kept, after two of its words were typed", async () => {
  await a.opensSettings();
  await a.press("Sealed copy…");
  await a.reads(/whoever gets the recovery key and what this server keeps can read all of it/);
  await a.press("Continue");
  await a.page.waitForSelector(".recovery-words li");
  words = await a.page.$$eval(".recovery-words li", (items) => items.map(({ textContent }) => textContent ?? ""));
  await story.looksAt(a);
  await hasAuthenticator(a);
  await a.press("Keep it in a passkey as well");
  await a.reads(/A passkey keeps it, too/);
  await a.press("I have kept it");
  const asked = await a.page.$$eval("dialog label", (labels) => labels.map(({ textContent }) => textContent ?? ""));
  await a.press("Switch on");
  await a.reads(/That is another word/);
  for (const label of asked) await a.fill(label, words[Number(label.replace("Word ", "")) - 1] ?? "");
  await a.press("Switch on");
  await a.reads(/This browser keeps the copy up to date[\s\S]*Messages\s+2\b/);
  await story.looksAt(a);
  await a.press("Close");
});

story.test(
  "erased and signed in anew, it has none of them; the passkey that kept the key brings them back",
  async () => {
    await a.signOut("erase");
    await a.signIn(ALICE);
    await a.reads(/There is a sealed copy of your messages/);
    await a.press("Restore…");
    await a.press("Restore with the passkey");
    await a.reads(/2 messages can be read now that could not/);
    await a.press("Close");
    await a.openChat("bob");
    await a.seesInOrder(["when?", SAID]);
  },
);

story.test("with that browser gone a new one, which nobody lets in, reads the old messages by the words", async () => {
  await a.close();
  a = await story.signedIn(ALICE, { called: "alice, new" });
  await a.reads(/There is a sealed copy of your messages/);
  await a.press("Restore…");
  await a.fill("Recovery key: nine words", words.with(4, words[4] === "babab" ? "dadad" : "babab").join(" "));
  await a.press("Restore");
  await a.reads(/One of the words is another one/);
  await a.fill("Recovery key: nine words", words.join(" "));
  await a.press("Restore");
  await a.reads(/2 messages can be read now that could not/);
  await a.press("Close");
  await a.openChat("bob");
  await a.seesInOrder(["when?", SAID]);
});

story.test("and deletes the copy, which nothing is left of", async () => {
  await a.opensSettings();
  await a.press("Sealed copy…");
  await a.press("Delete it…");
  await a.press("Delete");
  await a.reads(/Off\. Lets a new browser read old messages/);
});
