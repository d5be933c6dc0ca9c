/**
 * Two accounts with two devices each, and whatever may happen between them in any order: messages are delivered, lost,
 * repeated, overtaken; a browser dies in the middle of a step and finds what it had committed; one finds its database as
 * it was some time ago, reads on, and writes as a new device only (what the object's count of its sends makes sure of).
 * Steps are drawn by a seed.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { OmemoMessage } from "../../../worker/contract/omemo.ts";
import { checkBundle } from "./bundle.ts";
import { DeviceOnADisk, type Image } from "../testing/device-on-a-disk.ts";
import { keysOf } from "../testing/message-keys.ts";
import { openSessions, sealMessage, withoutSession } from "./send.ts";
import { receiveProven } from "../testing/receive-proven.ts";

const SEEDS = 12;
const STEPS = 220;
/** How many of the messages on one way may overtake each other. */
const WINDOW = 4;
/** Everybody writes so often at the end, and everything arrives. */
const CLOSING_ROUNDS = 3;

const ACCOUNTS = ["alice@a.example", "alice@a.example", "bob@b.example", "bob@b.example"] as const;

type Flight = { readonly text: string; readonly from: number; readonly to: number; readonly omemo: OmemoMessage };

/** What may happen, and how often compared with the others. */
const WEIGHTS = {
  ...{ send: 50, "die while sending": 10, deliver: 100, "die while reading": 20, lose: 10, repeat: 20 },
  ...{ "copy the disk": 10, "restore the disk": 3 },
} as const;
type StepName = keyof typeof WEIGHTS;
const DECK = (Object.keys(WEIGHTS) as StepName[]).flatMap((name) => Array.from({ length: WEIGHTS[name] }, () => name));

class World {
  readonly devices: DeviceOnADisk[];
  readonly #images = new Map<number, Image>();
  /** Devices whose disk is older than what they have done. */
  readonly #restored = new Set<number>();
  /** Messages under way, oldest first. */
  readonly flights: Flight[] = [];
  /** `device text` of all that was read. */
  readonly read = new Set<string>();
  /** Every key that left, by the place in its chain. */
  readonly #keys = new Set<string>();
  readonly #random: () => number;
  #written = 0;
  states = 0;
  restores = 0;

  constructor(devices: DeviceOnADisk[], random: () => number) {
    this.devices = devices;
    this.#random = random;
  }

  async step(): Promise<void> {
    this.states += 1;
    const name = this.#pick(DECK);
    switch (name) {
      case "send":
        return this.send(this.#anyone());
      case "die while sending":
        return this.send(this.#anyone(), true);
      case "copy the disk": {
        const at = this.#anyone();
        this.#images.set(at, await this.#at(at).image());
        return;
      }
      case "restore the disk":
        return this.#restore(this.#anyone());
      default: {
        const flight = this.#anyFlight();
        if (flight === undefined) return;
        if (name === "deliver" || name === "lose") this.flights.splice(this.flights.indexOf(flight), 1);
        if (name !== "lose") await this.deliver(flight, name === "die while reading");
      }
    }
  }

  /** To the three other devices. What a browser made and did not commit never left it. */
  async send(at: number, dies = false): Promise<void> {
    if (this.#restored.has(at)) await this.#beginAnew(at);
    const from = this.#at(at);
    const others = this.devices.filter((device) => device !== from);
    const text = `text ${this.#written++}`;
    const omemo = await from.work(async (unit) => {
      const missing = await withoutSession(
        unit,
        others.map(({ self }) => self),
      );
      const unmet = others.filter(({ self }) => missing.includes(self));
      const offers = await Promise.all(
        unmet.map(async ({ self, bundle }) => ({ device: self, bundle: (await checkBundle(bundle)) ?? assert.fail() })),
      );
      await openSessions(unit, from.self, offers, Date.now());
      return sealMessage(
        unit,
        from.self,
        others.map(({ self }) => self),
        text,
      );
    }, dies);
    if (dies) return;
    for (const { place } of keysOf(omemo)) {
      assert.ok(!this.#keys.has(place), `the key of ${place} is used twice`);
      this.#keys.add(place);
    }
    for (const other of others) this.flights.push({ text, from: at, to: this.devices.indexOf(other), omemo });
  }

  async deliver(flight: Flight, dies = false): Promise<void> {
    const [reader, writer] = [this.#at(flight.to), this.#at(flight.from)];
    const received = await reader.work(
      (unit) => receiveProven(unit, reader.self, writer.self.jid, flight.omemo, Date.now()),
      dies,
    );
    const name = `${flight.to} ${flight.text}`;
    if (this.#restored.has(flight.to)) {
      // It may have lost the keys for it, and does not know what it had read; but it reads nothing wrong.
      if (received.kind === "text") assert.equal(received.text, flight.text, name);
      return;
    }
    if (this.read.has(name)) {
      assert.equal(received.kind, "nothing", `${name} was read before`);
      return;
    }
    assert.equal(received.kind === "text" ? received.text : JSON.stringify(received), flight.text, name);
    if (!dies) this.read.add(name);
  }

  /** Everything that is under way arrives, in its order. */
  async calm(): Promise<void> {
    for (let flight = this.flights.shift(); flight !== undefined; flight = this.flights.shift()) {
      this.states += 1;
      await this.deliver(flight);
    }
  }

  async #restore(at: number): Promise<void> {
    const image = this.#images.get(at);
    if (image === undefined) return;
    await this.#at(at).restore(image);
    this.#restored.add(at);
    this.restores += 1;
  }

  /** As a new device, to which nothing is under way. */
  async #beginAnew(at: number): Promise<void> {
    this.devices[at] = await DeviceOnADisk.make(this.#at(at).self.jid);
    this.#restored.delete(at);
    this.#images.delete(at);
    this.flights.splice(0, this.flights.length, ...this.flights.filter(({ to }) => to !== at));
  }

  #anyone(): number {
    return Math.floor(this.#random() * this.devices.length);
  }

  /** One of the oldest on a way of its own. */
  #anyFlight(): Flight | undefined {
    if (this.flights.length === 0) return undefined;
    const { from, to } = this.#pick(this.flights);
    const sameWay = this.flights.filter((flight) => flight.from === from && flight.to === to);
    return this.#pick(sameWay.slice(0, WINDOW));
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)] ?? assert.fail("nothing to pick from");
  }

  #at(at: number): DeviceOnADisk {
    return this.devices[at] ?? assert.fail(`no device ${at}`);
  }
}

describe("two accounts with two devices each", () => {
  it("read everything that arrives, once, and use no key twice, whatever happens in whatever order", async (t) => {
    let states = 0;
    let texts = 0;
    let restores = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const devices: DeviceOnADisk[] = [];
      for (const jid of ACCOUNTS) devices.push(await DeviceOnADisk.make(jid as BareJid));
      const world = new World(devices, generator(seed));
      try {
        for (let step = 0; step < STEPS; step++) await world.step();
        await world.calm();
        for (let round = 0; round < CLOSING_ROUNDS; round++) {
          for (const at of ACCOUNTS.keys()) await world.send(at);
          await world.calm();
        }
      } catch (error) {
        throw new Error(`seed ${seed}, state ${world.states}`, { cause: error });
      }
      states += world.states;
      texts += world.read.size;
      restores += world.restores;
    }
    t.diagnostic(`${states} states of ${SEEDS} interleavings, ${restores} disks restored, ${texts} texts read`);
    assert.ok(restores > 0);
  });
});

/** Mulberry32: the same numbers for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
