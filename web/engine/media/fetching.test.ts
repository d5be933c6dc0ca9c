import assert from "node:assert/strict";
import { test } from "node:test";
import { toHex } from "../../../worker/shared/hex.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { randomBytes } from "../bytes.ts";
import type { PageId } from "../protocol/files.ts";
import { dropOpened, NewFile } from "../store/private-disk.ts";
import { ScriptedDisk } from "../testing/scripted-disk.ts";
import { show } from "./fetching.ts";
import { encryptFile } from "./gcm.ts";

const ALICE = "alice@a.example" as BareJid;
const PAGE = "page" as unknown as PageId;
/** Larger than what is in memory at once. */
const LARGE = 17 * 1024 * 1024;

test("what was decrypted when nobody wants it any more is named to the page, which closes it", async (context) => {
  const key = { key: randomBytes(32), iv: randomBytes(12) };
  const sealed = await encryptFile(new Uint8Array(LARGE).fill(200), key);
  const headers = { "x-used": `${Date.now()}` };
  const cache = { match: async () => new Response(new Blob([sealed]), { headers }) };
  Object.defineProperty(globalThis, "caches", { configurable: true, value: { open: async () => cache } });
  const disk = new ScriptedDisk();
  const end = disk.begin();
  try {
    const stop = new AbortController();
    // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
    const { close } = NewFile.prototype;
    context.mock.method(NewFile.prototype, "close", async function (this: NewFile) {
      const file = await close.call(this);
      stop.abort();
      return file;
    });
    const source = { url: "https://files.example/a", key: `${toHex(key.iv)}${toHex(key.key)}` };
    const fetching = { account: ALICE, page: PAGE, signal: stop.signal, told: () => undefined };
    const answer = await show({ kind: "show", source }, fetching).catch((error: unknown) => ({ error }));
    assert.ok(stop.signal.aborted);
    if ("shown" in answer) await dropOpened(ALICE, PAGE, answer.shown.opened ?? "");
    assert.deepEqual(disk.sizes(), []);
  } finally {
    end();
    Reflect.deleteProperty(globalThis, "caches");
  }
});
