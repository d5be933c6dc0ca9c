/** Asking, where names are long and where nobody answers any more. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import type { EntryId } from "../../../worker/contract/names.ts";
import type { Bytes } from "../bytes.ts";
import { Asker } from "./asker.ts";
import { type HandoverFrame, readFrame } from "./frames.ts";
import type { Hole } from "./holes.ts";
import { ALICE, OwnBrowser, row, until } from "./testing/own-browser.ts";

const MAX_BYTES = 90_000;

let firefox: OwnBrowser;

beforeEach(async () => {
  firefox = new OwnBrowser(2, "Firefox on Linux", 2_000);
  await firefox.open();
});

afterEach(() => firefox.close());

function askerWith(send: (message: Bytes) => Promise<void>, silentMs?: number): Asker {
  const filling = { account: ALICE, from: "Chrome on Mac" };
  return new Asker({ store: firefox.store, filling, send, maxBytes: MAX_BYTES, silentMs });
}

function holesWith(archiveKey: (n: number) => string | undefined, count: number): readonly Hole[] {
  return Array.from({ length: count }, (_, at) => {
    const key = archiveKey(at + 1);
    return { ...row(at + 1), id: `entry-${at + 1}` as EntryId, ...(key !== undefined && { archiveKey: key }) };
  });
}

it("a room whose names are long and packed into little: what is asked fits on the road, and all of it is asked", async () => {
  const letter = () => String.fromCharCode(0x4e00 + Math.floor(Math.random() * 20_000));
  const holes = holesWith((n) => `room@r.example\n${n}${Array.from({ length: 240 }, letter).join("")}`, 300);
  const asked: string[] = [];
  const asker = askerWith(async (message) => {
    assert.ok(message.length <= MAX_BYTES, `${message.length} bytes`);
    const frame = await readFrame(message);
    if (frame?.kind !== "ask") return;
    asked.push(...frame.names.map(({ id }) => id ?? ""));
    const answers = frame.names.map(() => "unknown" as const);
    setTimeout(() => void asker.answers({ kind: "answers", ask: frame.ask, from: 0, answers }));
  });
  const { how, unknown } = await asker.ask(holes, undefined, true);
  assert.equal(how, "answered");
  assert.deepEqual(
    asked,
    holes.map(({ id }) => id),
  );
  assert.deepEqual(unknown, holes);
});

it("nothing is answered: it is tried whether the other end is there, until it is over, and never without a question", async () => {
  let sent = 0;
  const frames: (HandoverFrame | undefined)[] = [];
  const asker = askerWith(async (message) => {
    sent += 1;
    frames.push(await readFrame(message));
  }, 10);
  const asking = asker.ask(holesWith(() => undefined, 1));
  await until(() => frames.length >= 3);
  assert.deepEqual(
    frames.slice(0, 3).map((frame) => frame?.kind),
    ["ask", undefined, undefined],
    "an older release reads it as nothing, too",
  );
  asker.end();
  assert.equal((await asking).how, "ended");
  const before = sent;
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.ok(sent <= before + 1, `${sent - before} were sent when it was over`);
});
