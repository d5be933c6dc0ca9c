/** A history goes from one browser into a file under a passphrase, and from that into another one. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Bytes } from "../bytes.ts";
import { writeHistory } from "../exporting/sealed.ts";
import type { BrowserId, DeviceId } from "../../../worker/contract/names.ts";
import { importHistory } from "./importing.ts";
import { ALICE, OwnBrowser, row } from "./testing/own-browser.ts";

const PASSPHRASE = "correct horse battery";
let chrome: OwnBrowser;
let firefox: OwnBrowser;

beforeEach(async () => {
  chrome = new OwnBrowser(1, "Chrome on Mac", 1_000);
  firefox = new OwnBrowser(2, "Firefox on Linux", 2_000);
  await chrome.open();
  await firefox.open();
});

afterEach(async () => {
  await chrome.close();
  await firefox.close();
});

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

async function written(): Promise<Bytes> {
  const parts: Bytes[] = [];
  await writeHistory(chrome.store.database, PASSPHRASE, async (bytes) => {
    parts.push(bytes);
  });
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function readIn(file: Bytes, passphrase = PASSPHRASE) {
  const self = { jid: ALICE, device: 2 as DeviceId, createdAt: 0, browser: "" as BrowserId };
  const account = { self, store: firefox.store } as unknown as Parameters<typeof importHistory>[0];
  return importHistory(account, new Blob([file]), passphrase);
}

describe("a history in a file", () => {
  it("fills in what another browser cannot read, once and by itself, and says what became of it", async () => {
    await chrome.put(numbers(400).map((n) => row(n, { text: `text ${n}` })));
    await firefox.put([...numbers(399).map((n) => row(n)), row(401)]);
    const file = await written();
    assert.deepEqual(await readIn(file), {
      ok: true,
      value: { how: "read", filled: 399, known: 0, elsewhere: 1, bad: 0, whole: true },
    });
    assert.deepEqual((await firefox.texts()).slice(-2), ["text 399", "<before-device>"]);
    assert.equal((await firefox.rows())[0]?.handedBy, "");
    assert.deepEqual(await readIn(file), {
      ok: true,
      value: { how: "read", filled: 0, known: 399, elsewhere: 1, bad: 0, whole: true },
    });
  });

  it("says nothing to whoever has another passphrase, and holds no word in clear", async () => {
    await chrome.put([row(1, { text: "a canary of gold" })]);
    const file = await written();
    assert.ok(!new TextDecoder("latin1").decode(file).includes("canary"));
    assert.deepEqual(await readIn(file, "another passphrase"), { ok: true, value: { how: "wrong-passphrase" } });
    assert.deepEqual(await readIn(new Uint8Array(100)), { ok: true, value: { how: "not-a-history" } });
  });

  it("costs what is damaged its own chunk, and says that something is missing", async () => {
    await chrome.put(numbers(400).map((n) => row(n, { text: `text ${n}` })));
    await firefox.put(numbers(400).map((n) => row(n)));
    const file = await written();
    const damaged = file.slice();
    // In the second chunk of two, before the end.
    const at = file.length - 400;
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    const answer = await readIn(damaged);
    assert.ok(answer.ok && answer.value.how === "read");
    assert.deepEqual([answer.value.filled, answer.value.whole], [300, false]);
    const cut = await readIn(file.slice(0, -10));
    assert.ok(cut.ok && cut.value.how === "read" && !cut.value.whole);
    assert.equal(cut.value.filled, 100, "what was there was read all the same");
  });
});
