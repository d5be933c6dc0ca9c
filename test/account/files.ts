/** Files on their way through a real Worker, for the tests of their road. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { request } from "node:http";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { FILE_ROUTES, type FileSlot, type SlotWanted, TICKET_HEADER } from "../../worker/contract/media.ts";
import type { BareJid, EntryId } from "../../worker/contract/names.ts";
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import type { Stack } from "../stack.ts";
import { say } from "./people.ts";

const PIECE = 64 * 1024;

/** A place for one file. @throws where there is none */
export async function slotOf(browser: ScriptedBrowser, wanted: SlotWanted): Promise<FileSlot> {
  const slot = await browser.call("fileSlot", wanted);
  assert.ok(slot.ok, JSON.stringify(slot));
  return slot.value;
}

/** Puts a file and names it in clear to somebody: its link and the message. */
export async function share(browser: ScriptedBrowser, chat: BareJid, bytes: Uint8Array<ArrayBuffer>) {
  const { ticket, url } = await slotOf(browser, { size: bytes.length });
  const put = await browser.putFile(ticket, bytes);
  assert.ok(put.ok, JSON.stringify(put));
  return { url, message: await name(browser, chat, url) };
}

/** Says a text; which entry that is. */
export async function name(browser: ScriptedBrowser, chat: BareJid, text: string): Promise<EntryId> {
  const said = await say(browser, chat, text);
  assert.ok(said.ok, JSON.stringify(said));
  return said.value.id;
}

/** Why nothing comes. */
export async function failureOf(response: Response | Promise<Response>): Promise<Failure | undefined> {
  const answer = await response;
  if (!answer.headers.get("content-type")?.includes("json")) return undefined;
  const result = (await answer.json()) as { readonly ok: boolean; readonly error?: Failure };
  return result.error;
}

/**
 * Puts so many bytes, one after the other, that nobody holds at once; `announced` instead of that many, `false`: not at all;
 * `halfway` is waited for when a half has gone. The answer, and the SHA-256 of what was sent. @throws when the connection ends before there is one
 */
export async function stream(
  browser: ScriptedBrowser,
  ticket: string,
  size: number,
  {
    announced = size,
    halfway,
    signal,
  }: { announced?: number | false; halfway?: () => Promise<void> | void; signal?: AbortSignal } = {},
) {
  const hash = createHash("sha256");
  async function* pieces() {
    for (let sent = 0; sent < size; sent += PIECE) {
      const piece = new Uint8Array(Math.min(PIECE, size - sent)).fill(sent / PIECE);
      hash.update(piece);
      yield piece;
      if (sent < size / 2 && sent + PIECE >= size / 2) await halfway?.();
    }
  }
  const headers = { ...browser.headers, [TICKET_HEADER]: ticket, ...lengthOf(announced) };
  const answer = new Promise<Result<unknown>>((resolve, reject) => {
    const put = request(browser.url + FILE_ROUTES.put, {
      method: "PUT",
      agent: false,
      headers,
      ...(signal && { signal }),
    });
    put.on("error", reject);
    put.on("response", (response) => void text(response).then((said) => resolve(JSON.parse(said)), reject));
    const source = Readable.from(pieces());
    // Whoever answers early wants no more of it.
    put.on("response", () => source.destroy());
    source.pipe(put, { end: announced === false || size >= announced });
  });
  return { answer: await answer, hash: hash.digest("hex") };
}

function lengthOf(announced: number | false): Record<string, string> {
  return announced === false ? {} : { "content-length": `${announced}` };
}

/** SHA-256 of what comes, and how much that is. */
export async function drain(response: Response) {
  const hash = createHash("sha256");
  let length = 0;
  for await (const chunk of response.body ?? []) {
    hash.update(chunk);
    length += chunk.length;
  }
  return { hash: hash.digest("hex"), length };
}

/** What the runtime of a stack holds in memory, in bytes: now, and at most since the last `forget`. */
export async function memoryOf(stack: Stack) {
  // Of its own: others of this machine may have one at the same port, in another network.
  const folder = dirname(stack.workerLog);
  const ids = (await readdir("/proc")).filter((id) => /^\d+$/.test(id));
  for (const id of ids) {
    const line = await readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "");
    if (line.includes(`${folder}/`) && line.includes("--socket-addr")) return memory(id);
  }
  throw new Error("no runtime of this stack");
}

function memory(id: string) {
  const read = async (field: string): Promise<number> => {
    const status = await readFile(`/proc/${id}/status`, "utf8");
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * 1024;
  };
  return {
    now: () => read("VmRSS"),
    most: () => read("VmHWM"),
    // proc(5): 5 sets the peak back to what it is now.
    forget: () => writeFile(`/proc/${id}/clear_refs`, "5"),
  };
}
