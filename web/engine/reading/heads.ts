/**
 * What this browser was told, in a few bytes: the log is cut into blocks, and each has a hash over its entries. The account's
 * browsers send each other the hashes of the newest blocks, encrypted, in messages without a text. An object that tells one
 * of them something else, in another order, or not at all, makes them differ (S12).
 */
import type { Entry, MessageEntry } from "../../../worker/contract/entries.ts";
import type { Seq, Time } from "../../../worker/contract/names.ts";
import { type Bytes, concat } from "../bytes.ts";
import { isPruned } from "./binding.ts";
import { digestOf } from "../omemo/message.ts";
import { mayEncryptTo } from "../omemo/trust-pins.ts";
import type { DeviceAddress } from "../store/device-rows.ts";
import type { Blocks } from "../store/schema.ts";
import type { Unit } from "../store/unit.ts";
import { objectNow } from "../object/object-clock.ts";

/** Entries of one block, and blocks that are remembered and told. */
const BLOCK = 32;
const TOLD = 8;
const HASH_BYTES = 16;
/** Ciphertext is kept for 42 days at least. */
const COMPARED_FOR_MS = 30 * 24 * 60 * 60 * 1_000;
/** Behind the sixteen random bytes of a key transport. */
const AT = 16;
const VERSION = 1;
const HOLE = "hole";
const SKIPPED = "";
const HEADER_BYTES = 5;
/** Others are told no more often than this. */
const AGAIN_MS = 6 * 60 * 60 * 1_000;

/** Takes in what was read, in the unit that stores it. */
export async function noteTold(unit: Unit, epoch: string, entries: readonly Entry[]): Promise<void> {
  let blocks = (await unit.meta("blocks")) ?? emptyOf(epoch);
  if (blocks.epoch !== logOf(epoch)) blocks = emptyOf(epoch);
  const before = blocks.done;
  for (const entry of entries) blocks = await withEntry(blocks, entry);
  unit.put("meta", { ...blocks, fresh: blocks.done !== before });
}

function emptyOf(epoch: string): Blocks {
  return { name: "blocks", epoch: logOf(epoch), last: 0 as Seq, done: [] };
}

/** A browser for which the log began anew has an epoch of its own, and the same log. */
function logOf(epoch: string): string {
  return epoch.split(".")[0] ?? epoch;
}

async function withEntry(blocks: Blocks, entry: Entry): Promise<Blocks> {
  const { seq } = entry;
  if (!isComparable(entry)) {
    return { ...blocks, last: seq, open: undefined, done: withSkipped(blocks.done, Math.ceil(seq / BLOCK)) };
  }
  const before = hashBefore(blocks, seq);
  if (before === undefined) return { ...blocks, last: seq, open: undefined };
  const hash = await hashOf(`${before}\n${await textOf(entry)}`);
  if (seq % BLOCK !== 0) return { ...blocks, last: seq, open: hash };
  const done = [...blocks.done, { block: seq / BLOCK, hash }].slice(-TOLD);
  return { ...blocks, last: seq, open: undefined, done };
}

/** Of what was read of the block; undefined where its beginning was not read here, or not hashed. */
function hashBefore({ last, open }: Blocks, seq: Seq): string | undefined {
  const start = seq - ((seq - 1) % BLOCK);
  if (seq === start) return "";
  if (last === seq - 1) return open;
  // The log has no holes: what stands before this entry was left out.
  return last >= start - 1 && (last < start || open !== undefined) ? HOLE : undefined;
}

/** What is old may have been pruned before it was read here; where the storage is full, also what is not old. */
function isComparable(entry: Entry): boolean {
  return entry.kind !== "message" || (entry.at >= objectNow() - COMPARED_FOR_MS && !isPruned(entry));
}

/** This block was read and has no hash: another browser, which read it earlier, may have one. */
function withSkipped(done: Blocks["done"], block: number): Blocks["done"] {
  return done.at(-1)?.block === block ? done : [...done, { block, hash: SKIPPED }].slice(-TOLD);
}

/** The same in every browser: without the keys, which differ, and the archive's id, which may be learned later. */
async function textOf(entry: Entry): Promise<string> {
  if (entry.kind !== "message") return JSON.stringify(entry);
  const { id, seq, position, at, chat, sender, occupant, originId, replaces, reply } = entry;
  const content = await contentOf(entry);
  return JSON.stringify([id, seq, position, at, chat, sender, occupant, originId, replaces, reply, content]);
}

async function contentOf({ content }: MessageEntry): Promise<unknown> {
  return content.kind === "omemo" ? [content.omemo.sid, await digestOf(content.omemo)] : content;
}

async function hashOf(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(digest.slice(0, HASH_BYTES), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What is to be told of the newest blocks; undefined: nothing new, or others were told a while ago. Notes that it was. */
export async function takeHeads(unit: Unit, now: Time): Promise<Bytes | undefined> {
  const blocks = await unit.meta("blocks");
  const hashed = (blocks?.done ?? []).filter(({ hash }) => hash !== SKIPPED);
  const newest = hashed.at(-1);
  if (blocks === undefined || newest === undefined) return undefined;
  if (newest.block === blocks.toldUpTo || (blocks.toldAt ?? 0) > now - AGAIN_MS) return undefined;
  unit.put("meta", { ...blocks, fresh: false, toldUpTo: newest.block, toldAt: now });
  const log = await hashOf(blocks.epoch);
  const parts = hashed.map(({ block, hash }) => concat(numberOf(block), bytesOf(hash)));
  return concat(Uint8Array.of(VERSION), bytesOf(log).slice(0, HEADER_BYTES - 1), ...parts);
}

/** Compares what an own browser was told with what this one was: the content of a message without a text of its device. */
export async function compareHeads(unit: Unit, from: DeviceAddress, inner: Bytes): Promise<void> {
  const told = inner.slice(AT);
  const blocks = await unit.meta("blocks");
  if (told[0] !== VERSION || blocks === undefined || !(await mayEncryptTo(unit, from))) return;
  const log = bytesOf(await hashOf(blocks.epoch)).slice(0, HEADER_BYTES - 1);
  if (!log.every((byte, at) => byte === told[at + 1])) return;
  const width = 4 + HASH_BYTES;
  for (let at = HEADER_BYTES; at + width <= told.length; at += width) {
    const block = new DataView(told.buffer, told.byteOffset + at).getUint32(0);
    const theirs = told.slice(at + 4, at + width);
    const ours = blocks.done.find((one) => one.block === block);
    const leftOut = ours === undefined && isWithin(blocks, block);
    if (ours?.hash === SKIPPED) continue;
    if (!leftOut && (ours === undefined || bytesOf(ours.hash).every((byte, index) => byte === theirs[index]))) continue;
    const key = `differs:${from.device}`;
    unit.put("notices", { key, dismissed: false, notice: { kind: "differs", key, device: from.device } });
    return;
  }
}

/** Those before and after it were read here. */
function isWithin({ done }: Blocks, block: number): boolean {
  return done.some((one) => one.block < block) && done.some((one) => one.block > block);
}

function numberOf(value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function bytesOf(hex: string): Bytes {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
