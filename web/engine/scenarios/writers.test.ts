/**
 * Several writers over one device: what keeps them from using a message key twice. Each guard is also left out, to show
 * that the count of keys used twice does not stay at zero by itself.
 */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { OmemoMessage } from "../../../worker/contract/omemo.ts";
import { DeviceOnADisk } from "../testing/device-on-a-disk.ts";
import { usedTwice } from "../testing/message-keys.ts";
import { sealMessage } from "../omemo/send.ts";
import { openAccount, takeOver } from "../store/database.ts";
import { Store } from "../store/store.ts";
import { SupersededError, type Unit } from "../store/unit.ts";

const WRITERS = 4;
const EACH = 12;
/** A former leader that has written so many and was never refused will not be. */
const NEVER_REFUSED = 2_000;

type Work = <T>(job: (unit: Unit) => Promise<T>) => Promise<T>;

let alice: DeviceOnADisk;
let bob: DeviceOnADisk;
let engines: Store[];

beforeEach(async () => {
  engines = [];
  alice = await DeviceOnADisk.make("alice@a.example" as BareJid);
  bob = await DeviceOnADisk.make("bob@b.example" as BareJid);
  await alice.meetDevice(bob);
  assert.equal(await bob.hear(alice.self, await alice.write(bob.self, "hello")), "hello");
  assert.equal(await alice.hear(bob.self, await bob.write(alice.self, "hello too")), "hello too");
});

afterEach(async () => {
  for (const engine of engines) await engine.close();
});

/** The engine of a tab. `inTheNameOf`: it does not take over, but goes on under another one's generation. */
async function openEngine(inTheNameOf?: number): Promise<{ readonly work: Work; readonly generation: number }> {
  globalThis.indexedDB = alice.disk;
  const database = await openAccount(alice.self.jid, () => undefined);
  const generation = inTheNameOf ?? (await takeOver(database));
  const engine = await Store.over(database, generation);
  engines.push(engine);
  return { work: (job) => engine.work(job), generation };
}

const write = (work: Work, text: string): Promise<OmemoMessage> =>
  work((unit) => sealMessage(unit, alice.self, [bob.self], text));

/** Four writers in each of these engines, all at once. What is returned was committed, so it would have left. */
async function allWrite(...engines: readonly Work[]): Promise<readonly OmemoMessage[]> {
  const writers = engines.flatMap((work, engine) =>
    Array.from({ length: WRITERS }, async (_, writer) => {
      const sent: OmemoMessage[] = [];
      for (let at = 0; at < EACH; at++) sent.push(await write(work, `engine ${engine}, writer ${writer}, text ${at}`));
      return sent;
    }),
  );
  return (await Promise.all(writers)).flat();
}

/** Writes until somebody else has taken over. */
async function writesUntilRefused(work: Work): Promise<readonly OmemoMessage[]> {
  const sent: OmemoMessage[] = [];
  while (sent.length < NEVER_REFUSED) {
    try {
      sent.push(await write(work, `former leader, text ${sent.length}`));
    } catch (error) {
      if (error instanceof SupersededError) return sent;
      throw error;
    }
  }
  return assert.fail("the former leader was never refused");
}

/** How many of the messages bob can read. */
async function readByBob(messages: readonly OmemoMessage[]): Promise<number> {
  const heard = new Set<string>();
  for (const message of messages) heard.add(await bob.hear(alice.self, message));
  return [...heard].filter((text) => !/^[<(]/.test(text)).length;
}

describe("several writers in one engine", () => {
  it("with its queue of units use no message key twice, and everything can be read", async () => {
    const messages = await allWrite((await openEngine()).work);
    assert.equal(messages.length, WRITERS * EACH);
    assert.deepEqual(usedTwice(messages), []);
    assert.equal(await readByBob(messages), WRITERS * EACH);
  });

  it("WITHOUT the queue would use message keys twice, and some texts could never be read", async (t) => {
    const messages = await allWrite((job) => alice.work(job));
    const twice = usedTwice(messages).length;
    t.diagnostic(`${twice} message keys used twice by ${messages.length} messages`);
    assert.ok(twice > 0, "this scenario has to be able to use a key twice");
    assert.ok((await readByBob(messages)) < messages.length);
  });
});

describe("two engines over one database", () => {
  it("of which the later has taken over use no message key twice: the former is refused whole", async () => {
    const former = await openEngine();
    const first = await write(former.work, "before anybody else came");
    const refused = Promise.all(Array.from({ length: WRITERS }, () => writesUntilRefused(former.work)));
    const messages = await allWrite((await openEngine()).work);
    const all = [first, ...(await refused).flat(), ...messages];
    assert.deepEqual(usedTwice(all), []);
    assert.equal(await readByBob(messages), WRITERS * EACH);
  });

  it("WITHOUT a generation of its own for each would use message keys twice, though each has its queue", async (t) => {
    const former = await openEngine();
    const other = await openEngine(former.generation);
    const messages = await allWrite(former.work, other.work);
    const twice = usedTwice(messages).length;
    t.diagnostic(`${twice} message keys used twice by ${messages.length} messages`);
    assert.ok(twice > 0, "this scenario has to be able to use a key twice");
    assert.ok((await readByBob(messages)) < messages.length);
  });
});
