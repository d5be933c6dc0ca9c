/** Sealed roads between own browsers that know each other, and what an object gets out of standing between them. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BareJid, DeviceId, RoadId } from "../../../worker/contract/names.ts";
import { fromBase64, toBase64 } from "../../../worker/shared/base64.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { Account } from "../account.ts";
import { type Bytes, randomBytes } from "../bytes.ts";
import { createIdentity } from "../omemo/identity.ts";
import type { Trust } from "../protocol/account.ts";
import { addressOf, type PinRow } from "../store/device-rows.ts";
import type { RoadReason, SiblingChannel } from "./channel.ts";
import { type Before, Roads } from "./roads.ts";
import { readPiece, SAYS } from "./talk.ts";

const ALICE = "alice@a.example" as BareJid;

type Said = { readonly to: DeviceId; readonly road: RoadId; readonly bytes: string; readonly from: DeviceId };

/** An object between some browsers of one account; `meddle` is what it does to what is said. */
class Line {
  readonly ends = new Map<DeviceId, Roads>();
  readonly said: Said[] = [];
  meddle: (said: Said) => readonly Said[] = (said) => [said];

  hand({ to, ...said }: Said): void {
    const piece = readPiece(said);
    if (piece !== undefined) void this.ends.get(to)?.heard(piece);
  }
}

type End = {
  readonly device: DeviceId;
  readonly roads: Roads;
  readonly identityKey: Bytes;
  readonly pins: Map<string, PinRow>;
};

async function end(line: Line, number: number): Promise<End> {
  const device = number as DeviceId;
  const { publicKey: identityKey, agreement } = await createIdentity();
  const pins = new Map<string, PinRow>();
  const others = [1, 2, 3].filter((other) => other !== number);
  const account = {
    self: { jid: ALICE, device, identityKey, agreement },
    cache: { pins },
    live: {
      removed: [],
      browsers: others.map((other) => ({
        device: other,
        attached: line.ends.has(other as DeviceId),
        signedOut: false,
      })),
    },
    remote: {
      call: async (_name: string, args: Omit<Said, "from">) => {
        const said = { ...args, from: device };
        line.said.push(said);
        if (!line.ends.has(args.to)) return { ok: false, error: { kind: "malformed" } };
        for (const one of line.meddle(said)) line.hand(one);
        return { ok: true, value: { done: true } };
      },
    },
  };
  Object.defineProperty(account.live, "browsers", {
    get: () => others.map((other) => ({ device: other, attached: line.ends.has(other as DeviceId), signedOut: false })),
  });
  const roads = new Roads(account as unknown as Account, { openWithinMs: OPEN_WITHIN_MS });
  line.ends.set(device, roads);
  return { device, roads, identityKey, pins };
}

function pin(at: End, of: Pick<End, "device" | "identityKey">, trust: Trust): void {
  const address = addressOf(ALICE, of.device);
  at.pins.set(address, { address, jid: ALICE, device: of.device, identityKey: of.identityKey, firstSeen: 0, trust });
}

async function until(what: () => boolean): Promise<void> {
  for (let turn = 0; !what(); turn++) {
    if (turn > 2_000) throw new Error("it did not come about");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Of ends in one process, on a crowded machine. */
const OPEN_WITHIN_MS = 5_000;

let line: Line;
let a: End;
let b: End;
let got: { readonly channel: SiblingChannel; readonly reason: RoadReason }[];

beforeEach(async () => {
  line = new Line();
  [a, b] = [await end(line, 1), await end(line, 2)];
  pin(a, b, "verified");
  pin(b, a, "verified");
  got = [];
  b.roads.onRoad((channel, reason) => got.push({ channel, reason }));
});

afterEach(() => {
  for (const roads of line.ends.values()) roads.stop();
});

async function opened(): Promise<{ readonly here: SiblingChannel; readonly there: SiblingChannel }> {
  const answer = await a.roads.open(b.device);
  assert.ok(answer.ok);
  await until(() => got.length > 0);
  const [there] = got;
  assert.ok(there !== undefined);
  return { here: answer.value, there: there.channel };
}

describe("a sealed road", () => {
  it("carries messages of any size in order both ways, and holds a sender up whose other end takes nothing", async () => {
    const { here, there } = await opened();
    assert.deepEqual([here.initiator, there.initiator, here.peer, there.peer], [true, false, b.device, a.device]);
    const sent = Array.from({ length: 40 }, (_, n) => new Uint8Array(n % 3 === 0 ? here.maxBytes : n).fill(n));
    let left = 0;
    const sending = (async () => {
      for (const message of sent) {
        await here.send(message);
        left += 1;
      }
    })();
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(left < 10, `${left} have left for an end that takes nothing`);
    const taken: Bytes[] = [];
    const back: Bytes[] = [];
    here.onMessage((message) => void back.push(message));
    there.onMessage(async (message) => {
      taken.push(message);
      await there.send(message.slice(0, 1));
    });
    await sending;
    await until(() => taken.length === sent.length && back.length === sent.length);
    assert.deepEqual(taken, sent);
    await assert.rejects(here.send(new Uint8Array(here.maxBytes + 1)), RangeError);
  });

  it("nothing of what travels is readable, and the largest message is one call", async () => {
    const { here, there } = await opened();
    const before = line.said.length;
    const words = new TextEncoder().encode("canary ".repeat(2_000));
    there.onMessage(() => undefined);
    await here.send(words);
    await here.send(new Uint8Array(here.maxBytes));
    const bytes = line.said.slice(before).filter(({ from }) => from === a.device);
    assert.equal(bytes.length, 2);
    assert.ok(bytes.every(({ bytes: text }) => !atob(text).includes("canary") && text.length <= 128 * 1024));
  });

  it("both ask at one moment: one road, both have it", async () => {
    const fromB: SiblingChannel[] = [];
    a.roads.onRoad((channel) => fromB.push(channel));
    const [one, other] = await Promise.all([a.roads.open(b.device), b.roads.open(a.device)]);
    assert.ok(one.ok && other.ok);
    await until(() => got.length === 1 && fromB.length === 1);
    assert.equal(one.value, fromB[0]);
    assert.equal(other.value, got[0]?.channel);
    assert.notEqual(one.value.initiator, other.value.initiator);
  });

  it("asked for again it is the same road; closed it ends at both ends, and another one can follow", async () => {
    const { here, there } = await opened();
    const again = await a.roads.open(b.device);
    assert.ok(again.ok && again.value === here);
    const ends: string[] = [];
    here.onEnd((why) => ends.push(`here ${why}`));
    there.onEnd((why) => ends.push(`there ${why}`));
    there.close();
    await until(() => ends.length === 2);
    assert.deepEqual(ends.toSorted(), ["here closed", "there closed"]);
    got = [];
    await opened();
  });

  it("an end that was loaded anew knows nothing of it: the other one is told that it is gone", async () => {
    const { here } = await opened();
    const ends: string[] = [];
    here.onEnd((why) => ends.push(why));
    const fresh = await end(line, 2);
    await here.send(new Uint8Array(4));
    await until(() => ends.length === 1);
    assert.deepEqual(ends, ["gone"]);
    fresh.roads.stop();
  });

  it("ends when the other end is no longer attached, and can be opened when it is again", async () => {
    const { here } = await opened();
    const ends: string[] = [];
    here.onEnd((why) => ends.push(why));
    a.roads.look();
    assert.deepEqual(ends, []);
    line.ends.delete(b.device);
    a.roads.look();
    assert.deepEqual(ends, ["gone"]);
    line.ends.set(b.device, b.roads);
    got = [];
    await opened();
  });

  it("hears what comes after a piece that could not be taken", async () => {
    let failures = 1;
    b.roads.onRoad(() => {
      if (failures-- > 0) throw new Error("not taken");
    });
    const failed = new Promise<void>((resolve) => {
      const heard = b.roads.heard.bind(b.roads);
      b.roads.heard = (piece) => heard(piece).catch(() => resolve());
    });
    drop(a.roads.open(b.device));
    await failed;
    a.roads.stop();
    got = [];
    await opened();
  });

  it("what was settled when one let the other in goes into its keys, and says why it is there", async () => {
    const before: Before = { run: "ab".repeat(16) as RoadId, secret: randomBytes(32) };
    b.roads.remember(a.device, before);
    const answer = await a.roads.open(b.device, "allowed-with-history", before);
    assert.ok(answer.ok);
    await until(() => got.length === 1);
    assert.equal(got[0]?.reason, "allowed-with-history");
  });

  it("with another secret from before, or none, there is no road", async () => {
    const before: Before = { run: "ab".repeat(16) as RoadId, secret: randomBytes(32) };
    assert.equal((await a.roads.open(b.device, "allowed-with-history", before)).ok, false);
    b.roads.remember(a.device, { ...before, secret: randomBytes(32) });
    const answer = a.roads.open(b.device, "allowed-with-history", before);
    assert.equal((await answer).ok, false);
    assert.deepEqual(got, []);
  });
});

describe("S12: whoever stands between own browsers", () => {
  it("T28: a browser that nobody has compared gets no road, whoever asks", async () => {
    for (const trust of ["blind", "undecided", "distrusted"] as const) {
      pin(b, a, trust);
      assert.deepEqual(b.roads.reachable(), []);
      assert.equal((await b.roads.open(a.device)).ok, false);
      assert.equal((await a.roads.open(b.device)).ok, false, `${trust} was let in`);
    }
    assert.deepEqual(got, []);
  });

  it("a browser of the object's own under a compared one's number has not its key", async () => {
    const false1 = await end(line, 1);
    pin(false1, b, "verified");
    const answer = await false1.roads.open(b.device);
    assert.equal(answer.ok, false);
    assert.deepEqual(got, []);
  });

  it("another key of the occasion in place of one of both: no road", async () => {
    for (const says of [SAYS.hail, SAYS.greeting]) {
      line.meddle = (said) => {
        const bytes = fromBase64(said.bytes);
        if (bytes?.[0] !== says) return [said];
        bytes[7] = (bytes[7] ?? 0) ^ 1;
        return [{ ...said, bytes: toBase64(bytes) }];
      };
      assert.equal((await a.roads.open(b.device)).ok, false);
      assert.deepEqual(got, []);
    }
  });

  it("a key that hides nothing in answer to a hail: whoever waits for the road is told at once", async () => {
    line.meddle = (said) => {
      if (fromBase64(said.bytes)?.[0] !== SAYS.hail || said.from !== b.device) return [said];
      const nothing = Uint8Array.of(SAYS.hail, 5, ...new Uint8Array(32), 0, ...new Uint8Array(16));
      const road = "cd".repeat(16) as RoadId;
      return [{ from: a.device, to: b.device, road, bytes: toBase64(nothing) }];
    };
    const late = new Promise((resolve) => setTimeout(resolve, 2_000, "nothing"));
    assert.deepEqual(await Promise.race([b.roads.open(a.device), late]), {
      ok: false,
      error: { kind: "not-found" },
    });
  });

  it("what no browser can have said is nothing: of another type, or longer than a call may carry", () => {
    const piece = { from: a.device, road: "cd".repeat(16) as RoadId };
    const bytes = toBase64(Uint8Array.of(SAYS.record, 1, 2));
    assert.equal(readPiece({ ...piece, bytes })?.says, SAYS.record);
    assert.equal(readPiece({ ...piece, bytes: bytes.repeat(32 * 1024 + 1) }), undefined);
    for (const other of [7, null, undefined, {}])
      assert.equal(readPiece({ ...piece, bytes: other as never }), undefined);
  });

  it("a record that is sent back to whoever sealed it is never taken for a message", async () => {
    const { here } = await opened();
    const taken: Bytes[] = [];
    here.onMessage((message) => void taken.push(message));
    line.meddle = (said) => [said, { ...said, from: said.to, to: said.from }];
    for (const n of [1, 2, 3]) await here.send(Uint8Array.of(n));
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(taken, []);
  });

  it("a record that is changed, left out or put before another ends the road; one that is repeated does nothing", async () => {
    const records = (said: Said) => fromBase64(said.bytes)?.[0] === SAYS.record;
    const changed = (said: Said): readonly Said[] => {
      const bytes = fromBase64(said.bytes);
      if (bytes === undefined) return [];
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      return [{ ...said, bytes: toBase64(bytes) }];
    };
    let kept: Said | undefined;
    const ways: Readonly<Record<string, (said: Said) => readonly Said[]>> = {
      changed,
      "left out": () => [],
      "put before another": (said) => {
        const [first] = [kept];
        kept = said;
        return first === undefined ? [] : [said, first];
      },
    };
    for (const [name, way] of Object.entries(ways)) {
      got = [];
      kept = undefined;
      line.meddle = (said) => [said];
      const { here, there } = await opened();
      const taken: number[] = [];
      const ends: string[] = [];
      there.onMessage((message) => void taken.push(message[0] ?? -1));
      here.onEnd((why) => ends.push(why));
      there.onEnd((why) => ends.push(why));
      line.meddle = (said) => (said.from === a.device && records(said) && ends.length === 0 ? way(said) : [said]);
      for (const n of [1, 2]) await here.send(Uint8Array.of(n));
      if (name === "left out") line.meddle = (said) => [said];
      await here.send(Uint8Array.of(3));
      await until(() => ends.includes("broken") && ends.length === 2);
      assert.ok(!taken.includes(2), `${name}: ${taken.join()}`);
    }
    got = [];
    line.meddle = (said) => [said, said];
    const { here, there } = await opened();
    const taken: number[] = [];
    there.onMessage((message) => void taken.push(message[0] ?? -1));
    for (const n of [1, 2, 3]) await here.send(Uint8Array.of(n));
    await until(() => taken.length === 3);
    assert.deepEqual(taken, [1, 2, 3]);
  });

  it("T28: a whole road that was heard once opens nothing when it is played again", async () => {
    const { here, there } = await opened();
    there.onMessage(() => undefined);
    await here.send(Uint8Array.of(1));
    const heard = line.said.filter(({ from }) => from === a.device);
    here.close();
    await until(() => line.said.length > heard.length);
    got = [];
    for (const said of heard) line.hand(said);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(got, []);
  });

  it("trust that is taken back ends the road", async () => {
    const { here, there } = await opened();
    const ends: string[] = [];
    here.onEnd((why) => ends.push(`here ${why}`));
    there.onEnd((why) => ends.push(`there ${why}`));
    pin(b, a, "distrusted");
    b.roads.look();
    await until(() => ends.length === 2);
    assert.deepEqual(ends.toSorted(), ["here closed", "there distrusted"]);
  });
});
