import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import type { Failure } from "../../../worker/contract/failures.ts";
import { Recording, type RecordingParts, type Take, type VoiceState } from "./recording.ts";

const RECORDED = new Blob(["recorded"]);
const PREPARED = {
  seen: { kind: "audio", type: "audio/ogg", size: 9, seconds: 2.5 },
  file: new Blob(["prepared"]),
} as const;
const HEARD = { seconds: 2.4, levels: Uint8Array.of(0, 255) };
const SETTLE_TURNS = 10;

const stateOf = (recording: Recording): VoiceState => recording.now.value;

async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await Promise.resolve();
}

function given(more: Partial<RecordingParts> = {}) {
  const acts: string[] = [];
  let [size, time] = [0, 0];
  let lose: () => void = () => undefined;
  let piece: (said: Blob) => void = () => undefined;
  const take: Take = {
    level: () => 120,
    size: () => size,
    lost: new Promise((resolve) => {
      lose = resolve;
    }),
    stop: async () => {
      acts.push("stop");
      return RECORDED;
    },
    drop: () => void acts.push("drop"),
    onPiece: (listener) => {
      piece = listener;
    },
  };
  const keeping = {
    kept: true,
    written: Promise.resolve(),
    add: (said: Blob) => acts.push(`keep ${said.size}`),
    drop: () => acts.push("forget"),
    leave: () => acts.push("leave"),
  };
  const recording = new Recording({
    open: async () => take,
    prepare: async () => PREPARED,
    listen: async () => HEARD,
    most: async () => 10_000_000,
    now: () => time,
    keep: () => undefined,
    ...more,
  });
  const grow = (bytes: number) => {
    size = bytes;
  };
  /** So much later; the clock of timers is the test's. */
  const pass = async (ms: number) => {
    time += ms;
    mock.timers.tick(ms);
    await settle();
  };
  return { recording, acts, take, keeping, lose: () => lose(), say: (said: Blob) => piece(said), grow, pass };
}

beforeEach(() => mock.timers.enable({ apis: ["setInterval"] }));
afterEach(() => mock.timers.reset());

test("one speaks, sees how long and how loud, stops, listens, and sends", async () => {
  const { recording, acts, pass } = given();
  const begun = recording.start(false);
  assert.deepEqual(stateOf(recording), { state: "asking", held: false });
  await begun;
  assert.deepEqual(stateOf(recording), { state: "recording", held: false });
  await pass(2_520);
  assert.equal(recording.elapsed.value, 2);
  assert.ok(recording.bars.value.length > 10 && recording.bars.value.every((bar) => bar === 120));
  assert.equal(await recording.finish(), true);
  const now = stateOf(recording);
  assert.ok(now.state === "ready" && now.ended === undefined);
  assert.deepEqual([now.voice.seconds, now.voice.levels, now.voice.silent], [2.5, HEARD.levels, false]);
  assert.equal(recording.taken()?.prepared, PREPARED);
  assert.deepEqual([stateOf(recording).state, recording.taken(), acts], ["idle", undefined, ["stop"]]);
});

test("a finger that slides up lets go and it goes on; what is thrown away is gone, and so is the microphone", async () => {
  const { recording, acts } = given();
  await recording.start(true);
  assert.deepEqual(stateOf(recording), { state: "recording", held: true });
  recording.lock();
  assert.deepEqual(stateOf(recording), { state: "recording", held: false });
  recording.drop();
  assert.deepEqual([stateOf(recording).state, acts], ["idle", ["drop"]]);
});

test("a finger that went before the browser has let it begin has locked it; what was thrown away does not begin", async () => {
  const { recording, acts } = given();
  const begun = recording.start(true);
  recording.lock();
  await begun;
  assert.deepEqual(stateOf(recording), { state: "recording", held: false });
  const again = recording.start(false);
  recording.drop();
  await again;
  assert.deepEqual([stateOf(recording).state, acts], ["idle", ["drop", "drop"]]);
});

test("each reason why there is no microphone is told apart", async () => {
  for (const [error, why] of [
    [new DOMException("", "NotAllowedError"), "refused"],
    [new DOMException("", "NotFoundError"), "none"],
    [new DOMException("", "NotReadableError"), "busy"],
    [new DOMException("", "NotSupportedError"), "unable"],
    [new TypeError("undefined is not a function"), "unable"],
  ] as const) {
    const { recording } = given({ open: () => Promise.reject(error) });
    await recording.start(false);
    assert.deepEqual(stateOf(recording), { state: "failed", why });
  }
});

test("a microphone that goes away, a page that is hidden: what was said is kept, and it is told", async () => {
  const lost = given();
  await lost.recording.start(false);
  lost.lose();
  await settle();
  const now = stateOf(lost.recording);
  assert.deepEqual([now.state, now.state === "ready" && now.ended], ["ready", "lost"]);
  const hidden = given();
  await hidden.recording.start(true);
  await hidden.recording.finish("hidden");
  const then = stateOf(hidden.recording);
  assert.equal(then.state === "ready" && then.ended, "hidden");
});

test("what is as long as the server takes ends there, and an hour is the longest", async () => {
  const { recording, grow, pass } = given({ most: async () => 100_000 });
  await recording.start(false);
  await settle();
  grow(80_000);
  await pass(60);
  assert.equal(stateOf(recording).state, "recording");
  grow(90_000);
  await pass(60);
  const now = stateOf(recording);
  assert.equal(now.state === "ready" && now.ended, "long");
  const long = given();
  await long.recording.start(false);
  await long.pass(3_600_000);
  const then = stateOf(long.recording);
  assert.equal(then.state === "ready" && then.ended, "long");
});

test("a server that takes no files says so before anybody has spoken long; whoever is offline may speak", async () => {
  const failure: Failure = { kind: "file", detail: "no-service" };
  const { recording, acts } = given({ most: async () => failure });
  await recording.start(false);
  await settle();
  assert.deepEqual(stateOf(recording), { state: "failed", why: failure });
  assert.ok(acts.length <= 1 && !acts.includes("stop"));
  const offline = given({ most: async () => ({ kind: "offline" }) });
  await offline.recording.start(false);
  await settle();
  assert.equal(stateOf(offline.recording).state, "recording");
  offline.recording.drop();
});

test("nothing that was recorded, and silence, are told", async () => {
  const empty: Failure = { kind: "file", detail: "empty" };
  const { recording } = given({ prepare: () => Promise.reject(empty) });
  await recording.start(false);
  assert.equal(await recording.finish(), false);
  assert.deepEqual(stateOf(recording), { state: "failed", why: empty });
  const silent = given({ listen: async () => ({ seconds: 2, levels: new Uint8Array(8) }) });
  await silent.recording.start(false);
  await silent.recording.finish();
  const now = stateOf(silent.recording);
  assert.equal(now.state === "ready" && now.voice.silent, true);
});

test("what is said is kept as it comes; thrown away it is forgotten, and sent it is kept until it is on its way", async () => {
  const disk = given();
  const { recording, acts, say } = given({ keep: () => disk.keeping });
  await recording.start(false);
  say(new Blob(["a"]));
  say(new Blob(["bc"]));
  recording.drop();
  assert.deepEqual(disk.acts, ["keep 1", "keep 2", "forget"]);
  await recording.start(false);
  assert.equal(await recording.finish(), true);
  const voice = recording.taken();
  assert.equal(voice?.keeping, disk.keeping);
  assert.deepEqual(disk.acts, ["keep 1", "keep 2", "forget"], "whoever sends it says when");
  assert.deepEqual(acts, ["drop", "stop"]);
});

test("of whoever is not signed in any more nothing is recorded, and what is kept stays", async () => {
  const disk = given();
  const { recording, acts, say } = given({ keep: () => disk.keeping });
  await recording.start(false);
  say(new Blob(["a"]));
  recording.leave();
  assert.deepEqual([stateOf(recording).state, acts, disk.acts], ["idle", ["drop"], ["keep 1", "leave"]]);
});

test("what was said on a page that has gone waits to be heard and sent, and says why", async () => {
  const { recording, keeping } = given();
  await recording.restore(RECORDED, keeping);
  const now = stateOf(recording);
  assert.ok(now.state === "ready" && now.ended === "gone" && now.voice.keeping === keeping);
});

test("where somebody speaks already it waits for another time; where nothing is to be heard in it, it goes", async () => {
  const busy = given();
  await busy.recording.start(false);
  await busy.recording.restore(RECORDED, busy.keeping);
  assert.deepEqual([stateOf(busy.recording).state, busy.acts], ["recording", []]);
  for (const [failure, acts] of [
    [{ kind: "file", detail: "empty" }, ["forget"]],
    [{ kind: "not-loaded" }, []],
  ] as const) {
    const one = given({ prepare: () => Promise.reject(failure) });
    await one.recording.restore(RECORDED, one.keeping);
    assert.deepEqual([stateOf(one.recording).state, one.acts], ["idle", acts]);
  }
});
