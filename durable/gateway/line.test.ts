/** How the gateway stays online and what it does where it cannot: a server that is scripted, lives of the object that end. */
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { Time } from "../../worker/contract/names.ts";
import { Line, type LineLink } from "./line.ts";
import type { Remembered } from "./pauses.ts";
import { personOf } from "./settings.ts";

const JID = "push@gateway.example/x";
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const STANDS = { ok: true, value: { jid: JID } } as const;
const refused = (kind: Failure["kind"], detail?: string) =>
  ({ ok: false, error: { kind, ...(detail !== undefined && { detail }) } }) as const;

let answer: Result<{ readonly jid: string }>;
let kept: Remembered | undefined;
let configuration: string;
let dialled: number;
let alarmAt: Time | undefined;
let end: (failure: Failure) => void;
let line: Line;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["Date", "setTimeout"], now: 1_000_000_000_000 });
  [answer, kept, configuration, dialled, alarmAt] = [STANDS, undefined, "a", 0, undefined];
  wake();
});

/** The object, again: it remembers nothing but what it has stored. */
function wake(): void {
  line = new Line({
    dial: async (closed) => {
      dialled += 1;
      end = closed;
      const link: LineLink = {
        lastByteAt: Date.now(),
        requestAck: () => undefined,
        cut: () => undefined,
        send: () => true,
      };
      return { link, opened: Promise.resolve(answer) };
    },
    pauses: {
      load: async () => kept,
      save: async (remembered) => {
        kept = remembered;
      },
      configuration: async () => configuration,
    },
    heard: () => undefined,
    setAlarm: async (at) => {
      alarmAt = at;
    },
  });
}

/** Until everything that needs no time is done. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  mock.timers.tick(0);
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** As the platform does: at its alarm, in a new life; then how long it waits. */
async function ring(): Promise<number> {
  mock.timers.tick(Math.max(0, (alarmAt ?? assert.fail("it never rings again")) - Date.now()));
  wake();
  await line.beat();
  await settled();
  return (alarmAt ?? 0) - Date.now();
}

test("it stands, rings with every heartbeat, and opens one stream", async () => {
  assert.deepEqual(await line.ask(), { standing: { jid: JID, since: Date.now() } });
  await settled();
  await line.ask();
  assert.equal(dialled, 1);
  assert.ok(alarmAt !== undefined && alarmAt <= Date.now() + MINUTE_MS);
});

test("what passes by itself is tried again within minutes, ever more seldom", async () => {
  answer = refused("refused", "xmpp.example.org");
  assert.deepEqual(await line.ask(), { failure: { kind: "refused", detail: "xmpp.example.org" } });
  await settled();
  assert.ok((alarmAt ?? 0) <= Date.now() + 1_000);
  assert.equal(kept, undefined);
  for (let n = 0; n < 12; n += 1) {
    mock.timers.tick(5 * MINUTE_MS);
    await line.beat();
    await settled();
  }
  assert.equal(dialled, 13);
  assert.ok((alarmAt ?? 0) >= Date.now() + 2 * MINUTE_MS);
});

for (const kind of ["wrong-password", "only-plain", "domain-refused"] as const)
  test(`${kind}: whoever asks, in whichever life of the object, it is tried after an hour, then after ever more of them`, async () => {
    answer = refused(kind);
    for (let asked = 0; asked < 3; asked += 1) {
      assert.deepEqual(await line.ask(), { failure: { kind } });
      await settled();
      mock.timers.tick(15 * MINUTE_MS);
      wake();
    }
    assert.equal(dialled, 1);
    const pauses: number[] = [];
    for (let n = 0; n < 6; n += 1) pauses.push(await ring());
    assert.deepEqual(
      pauses.map((pause) => pause / HOUR_MS),
      [2, 4, 8, 16, 24, 24],
    );
    assert.equal(dialled, 7);
    answer = STANDS;
    await ring();
    assert.deepEqual([(await line.ask()).standing?.jid, kept], [JID, undefined]);
  });

test("another password, or another deployment, is tried at once", async () => {
  answer = refused("wrong-password");
  await line.ask();
  await settled();
  [configuration, answer] = ["b", STANDS];
  wake();
  assert.equal((await line.ask()).standing?.jid, JID);
  assert.equal(kept, undefined);
});

test("two that hold one address do not throw each other out for ever: who was replaced waits, longer each time, and says so", async () => {
  await line.ask();
  await settled();
  const pauses: number[] = [];
  for (let n = 0; n < 3; n += 1) {
    end({ kind: "stream-replaced" });
    await settled();
    assert.deepEqual(await line.ask(), { failure: { kind: "stream-replaced" } });
    pauses.push(((alarmAt ?? 0) - Date.now()) / MINUTE_MS);
    mock.timers.tick((alarmAt ?? 0) - Date.now());
    await line.beat();
    await settled();
    assert.equal((await line.ask()).standing?.jid, JID);
  }
  assert.deepEqual(pauses, [10, 20, 40]);
  // It stood for long: the other one is gone.
  mock.timers.tick(HOUR_MS);
  end({ kind: "stream-replaced" });
  await settled();
  assert.equal(((alarmAt ?? 0) - Date.now()) / MINUTE_MS, 10);
});

test("a server that lets in and ends at once is not dialled without end", async () => {
  await line.ask();
  for (let n = 0; n < 12; n += 1) {
    end({ kind: "connection-lost" });
    await settled();
    mock.timers.tick(Math.max(0, (alarmAt ?? 0) - Date.now()));
    await line.beat();
    await settled();
  }
  end({ kind: "connection-lost" });
  await settled();
  assert.ok((alarmAt ?? 0) >= Date.now() + 2 * MINUTE_MS);
});

test("a clock that was put back keeps nobody waiting", async () => {
  answer = refused("wrong-password");
  await line.ask();
  await settled();
  kept = { ...(kept ?? assert.fail()), until: Date.now() + 48 * HOUR_MS };
  wake();
  await line.ask();
  assert.equal(dialled, 2);
});

test("more rounds than the platform makes are a failure with their number, and no keys are made", async () => {
  const person = personOf({ address: "push@gateway.example", password: "secret" } as never);
  const challenge = (iterations: number) =>
    ({ mechanism: "SCRAM-SHA-1", salt: "QSXCR+Q6sek8bf92", iterations }) as never;
  assert.deepEqual(await person.keysFor(challenge(100_001)), refused("server-not-proven", "100001 iterations"));
  assert.equal((await person.keysFor(challenge(100_000))).ok, true);
});
