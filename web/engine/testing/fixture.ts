/** A network with people and their browsers, for tests that need several: what they sent can be seen, withheld and forged. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { SendArguments } from "../../../worker/contract/calls.ts";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import type { OmemoMessage } from "../../../worker/contract/omemo.ts";
import type { DeviceItem } from "../protocol/account.ts";
import type { ChatSummary } from "../protocol/conversations.ts";
import { ScriptedNetwork } from "./scripted-network.ts";
import type { ScriptedObject } from "./scripted-object.ts";
import { TestBrowser, until } from "./browser.ts";

export const ALICE = "alice@a.example" as BareJid;
export const BOB = "bob@b.example" as BareJid;
export const CAROL = "carol@c.example" as BareJid;

/** Several times as long as the longest of `HASTY`, so that whoever comes back late from the disk is heard, too. */
const QUIET_MS = 400;

export class Fixture {
  readonly network = new ScriptedNetwork();
  readonly #opened: TestBrowser[] = [];

  /** Signed in, published, and let in by the other browsers of the account. */
  async browser(jid: BareJid, name = "Chrome on Linux"): Promise<TestBrowser> {
    const made = this.unsigned(name);
    await made.signIn(jid);
    return made;
  }

  /** Not signed in yet. */
  unsigned(name = "Chrome on Linux"): TestBrowser {
    const made = new TestBrowser(this.network, name);
    this.#opened.push(made);
    return made;
  }

  /** Waits until browsers and objects have nothing more to say: what was put off has been done. */
  async quiet(): Promise<void> {
    for (let before = -1; before !== this.network.traffic; ) {
      before = this.network.traffic;
      await sleep(QUIET_MS);
    }
  }

  async end(): Promise<void> {
    for (const { engine } of this.#opened) await engine.stop();
  }

  object(jid: BareJid): ScriptedObject {
    return this.network.object(jid);
  }

  /** Everything that left an account towards a conversation. */
  sent(from: BareJid, to: BareJid): readonly SendArguments[] {
    return this.object(from).sends.filter(({ chat }) => chat === to);
  }

  /** Without the key transports, which leave when they are due. */
  texts(from: BareJid, to: BareJid): readonly SendArguments[] {
    return this.sent(from, to).filter(({ content }) => content.kind !== "omemo" || content.omemo.payload !== undefined);
  }

  /** What of it can be read on the way. */
  sentInClear(from: BareJid, to: BareJid): readonly SendArguments[] {
    return this.sent(from, to).filter(({ content }) => content.kind === "clear");
  }

  /** The newest encrypted text of it. */
  lastText(from: BareJid, to: BareJid): OmemoMessage {
    const found = this.sent(from, to).findLast(({ content }) => content.kind === "omemo" && content.omemo.payload);
    return found?.content.kind === "omemo" ? found.content.omemo : assert.fail("nothing encrypted has left");
  }

  /** What somebody has encrypted and sent, and nobody was given. */
  async withheld(from: TestBrowser, to: BareJid, text: string): Promise<OmemoMessage> {
    const { object } = from.remote;
    object.carries = false;
    const before = this.sent(object.jid, to).length;
    await from.send({ chat: to, text });
    await until(() => this.sent(object.jid, to).length > before);
    object.carries = true;
    return this.lastText(object.jid, to);
  }

  /** Two browsers have written to each other, so both hold a session that is complete. */
  async acquaint(one: TestBrowser, other: TestBrowser): Promise<void> {
    const [here, there] = [one.remote.object.jid, other.remote.object.jid];
    await one.send({ chat: there, text: "hello" });
    await until(async () => (await other.texts(here)).at(-1) === "hello");
    await other.send({ chat: here, text: "hello too" });
    await until(async () => (await one.texts(there)).at(-1) === "hello too");
  }

  /** A browser has read everything that is in the log of its account. */
  async hasReadAll(who: TestBrowser): Promise<void> {
    const { acknowledged, log } = who.remote.object;
    await until(() => acknowledged.get(who.remote.browser) === log.length);
  }

  /** A message that another person's device made, under the number of a device of somebody else. */
  forge(made: OmemoMessage, by: BareJid, device: DeviceId, to: BareJid): void {
    this.object(to).deliver({ chat: by, sender: by, content: { kind: "omemo", omemo: { ...made, sid: device } } });
  }
}

type TwoPeople = { readonly fixture: Fixture; readonly alice: TestBrowser; readonly bob: TestBrowser };

/** Alice and Bob, a browser each; they have not written to each other. */
export async function twoPeople(): Promise<TwoPeople> {
  const fixture = new Fixture();
  const bob = await fixture.browser(BOB);
  const alice = await fixture.browser(ALICE);
  return { fixture, alice, bob };
}

/** The same, and they have: "hello", "hello too". */
export async function twoAcquainted(): Promise<TwoPeople> {
  const people = await twoPeople();
  await people.fixture.acquaint(people.alice, people.bob);
  return people;
}

/** Two browsers of alice, and bob; they have not written to each other. */
export async function twoBrowsers(): Promise<{
  readonly fixture: Fixture;
  readonly firefox: TestBrowser;
  readonly chrome: TestBrowser;
  readonly bob: TestBrowser;
}> {
  const fixture = new Fixture();
  const bob = await fixture.browser(BOB, "Chrome on Windows");
  const firefox = await fixture.browser(ALICE, "Firefox on Linux");
  const chrome = await fixture.browser(ALICE);
  return { fixture, firefox, chrome, bob };
}

export function summaryOf(of: TestBrowser, chat: BareJid): ChatSummary | undefined {
  return of.engine.snapshot().chats.find(({ jid }) => jid === chat);
}

/** The devices that a message carries a key for. */
export function readersOf({ keys }: OmemoMessage): readonly DeviceId[] {
  return keys.map(({ rid }) => rid).toSorted((a, b) => a - b);
}

/** What a browser shows of somebody's device. */
export async function shownDevice(by: TestBrowser, jid: BareJid, device: DeviceId): Promise<DeviceItem> {
  const shown = (await by.engine.devices({ jid })).devices.find((one) => one.device === device);
  return shown ?? assert.fail("the device is not shown");
}

/** A person decides about the key that a device has shown first. */
export async function decides(
  by: TestBrowser,
  jid: BareJid,
  device: DeviceId,
  trust: "verified" | "distrusted",
): Promise<void> {
  const { fingerprint = "" } = await shownDevice(by, jid, device);
  assert.deepEqual(await by.engine.decide({ jid, device, fingerprint, trust }), { ok: true, value: { done: true } });
}

/** The newest own message of a conversation has failed; why. */
export async function failureOf(of: TestBrowser, chat: BareJid): Promise<string | undefined> {
  await until(
    async () => (await of.items(chat)).at(-1)?.state === "failed",
    async () => `nothing has failed: ${(await of.items(chat)).map(({ state }) => state).join()}`,
  );
  return (await of.items(chat)).at(-1)?.failure?.kind;
}
