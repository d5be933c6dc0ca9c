/**
 * The sealed roads of this browser, one to each own browser at a time. They are opened without a person, by both identities
 * and a key of this occasion at each end, only where each has the other one's identity compared by a person (`verified`).
 *
 *   initiator                        the other one
 *   hail: key, reason, from before ->
 *                                 <- greeting: key
 *   records                      <-> records; the first one of each end shows that it has the keys
 */
import type { Result } from "../../../worker/contract/failures.ts";
import type { DeviceId, RoadId } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { Account } from "../account.ts";
import { type Bytes, concat, fromHex } from "../bytes.ts";
import { generateKeyPair, type KeyPair } from "../omemo/curve.ts";
import { type PinRow, addressOf } from "../store/device-rows.ts";
import { type Agreed, agree, bindingOf, type Own } from "./agreement.ts";
import type { RoadReason, SiblingChannel, SiblingRoads } from "./channel.ts";
import { Road } from "./road.ts";
import { newRoad, type Piece, SAYS, sayOnce, Talk } from "./talk.ts";
import { PeerTurns } from "./turns.ts";

const LABEL = "alcove road of own browsers 1";
const KEY_BYTES = 33;
const RUN_BYTES = 16;
const HAIL_BYTES = KEY_BYTES + 1 + RUN_BYTES;
const REASONS: readonly RoadReason[] = ["asked", "allowed", "allowed-with-history"];
const OPEN_WITHIN_MS = 20_000;

const UNREACHABLE = { ok: false, error: { kind: "not-found" } } as const;

/** What both have from the letting in, by its name: goes into the keys of the road that follows it. */
export type Before = { readonly run: RoadId; readonly secret: Bytes };

export type RoadsParts = {
  /** For the other end to greet back, and to show that it has the keys. */
  readonly openWithinMs?: number;
  /** It was hailed, and does not know this browser as one whose key was compared. */
  readonly stranger?: (peer: DeviceId) => void;
};

type Hail = { readonly talk: Talk; readonly ephemeral: KeyPair; readonly reason: RoadReason; readonly before?: Before };

type Line = { readonly road: RoadId; readonly channel: Road; readonly reason: RoadReason; ready: boolean };

export class Roads implements SiblingRoads {
  readonly #account: Account;
  readonly #openWithinMs: number;
  readonly #stranger: (peer: DeviceId) => void;
  /** Roads that this browser has asked for, by who it asked; those that stand. */
  readonly #hails = new Map<DeviceId, Hail>();
  readonly #lines = new Map<DeviceId, Line>();
  readonly #waiting = new Map<DeviceId, ((answer: Result<SiblingChannel>) => void)[]>();
  readonly #befores = new Map<DeviceId, Before>();
  readonly #listeners: ((channel: SiblingChannel, reason: RoadReason) => void)[] = [];
  readonly #turns = new PeerTurns();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  constructor(account: Account, { openWithinMs = OPEN_WITHIN_MS, stranger = () => undefined }: RoadsParts = {}) {
    this.#account = account;
    this.#openWithinMs = openWithinMs;
    this.#stranger = stranger;
  }

  reachable(): readonly DeviceId[] {
    const { live, self } = this.#account;
    return live.browsers.flatMap(({ device, attached, signedOut }) =>
      device !== undefined && device !== self.device && attached && !signedOut && this.#pinOf(device) !== undefined
        ? [device]
        : [],
    );
  }

  onRoad(listener: (channel: SiblingChannel, reason: RoadReason) => void): void {
    this.#listeners.push(listener);
    for (const { channel, reason, ready } of this.#lines.values()) if (ready) listener(channel, reason);
  }

  async open(peer: DeviceId, reason: RoadReason = "asked", before?: Before): Promise<Result<SiblingChannel>> {
    const line = this.#lines.get(peer);
    if (line?.ready === true) return { ok: true, value: line.channel };
    if (!this.reachable().includes(peer)) return UNREACHABLE;
    const answer = new Promise<Result<SiblingChannel>>((resolve) => {
      this.#waiting.set(peer, [...(this.#waiting.get(peer) ?? []), resolve]);
    });
    if (line === undefined && !this.#hails.has(peer)) await this.#hail(peer, reason, before);
    return answer;
  }

  /** A new browser and this one have met: the other end may open a road by what they have in common. */
  remember(peer: DeviceId, before: Before): void {
    this.#befores.set(peer, before);
  }

  /** Who is attached or trusted is another: roads to whoever is not end. */
  look(): void {
    const { browsers } = this.#account.live;
    for (const [device, { channel }] of [...this.#lines]) {
      const listed = browsers.filter((browser) => browser.device === device);
      if (this.#pinOf(device) === undefined) channel.close("distrusted");
      else if (listed.length > 0 && !listed.some(({ attached }) => attached)) channel.end("gone");
    }
  }

  /** Whether this talk is one of the roads; what belongs to none here is for others. */
  has(road: RoadId): boolean {
    const hails = [...this.#hails.values()].map(({ talk }) => talk.road);
    return [...this.#lines.values()].some((line) => line.road === road) || hails.includes(road);
  }

  /** One after the other: what follows a greeting waits for the keys that come of it. */
  heard(piece: Piece): Promise<void> {
    return this.#turns.next(piece.from, () => this.#take(piece));
  }

  async #take({ from, road, says, body }: Piece): Promise<void> {
    const line = this.#lines.get(from);
    switch (says) {
      case SAYS.hail:
        return this.#hailed(from, road, body);
      case SAYS.greeting:
        return this.#greeted(from, road, body);
      case SAYS.record:
        if (line?.road === road) return line.channel.heard(body);
        return drop(sayOnce(this.#account.remote, { peer: from, road }, SAYS.ended));
      case SAYS.ended:
        if (line?.road === road) line.channel.end("gone");
        if (this.#hails.get(from)?.talk.road === road) {
          this.#fail(from);
          this.#stranger(from);
        }
        return undefined;
      default:
        return undefined;
    }
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const { channel } of [...this.#lines.values()]) channel.close("left");
    for (const peer of [...this.#hails.keys()]) this.#fail(peer);
  }

  async #hail(peer: DeviceId, reason: RoadReason, before: Before | undefined): Promise<void> {
    const talk = new Talk(this.#account.remote, { peer, road: newRoad() }, () => this.#fail(peer));
    const hail = { talk, ephemeral: await generateKeyPair(), reason, ...(before && { before }) };
    this.#hails.set(peer, hail);
    this.#expect(() => this.#hails.get(peer) === hail && this.#fail(peer));
    const run = before === undefined ? new Uint8Array(RUN_BYTES) : fromHex(before.run);
    await talk.say(SAYS.hail, concat(hail.ephemeral.publicKey, Uint8Array.of(REASONS.indexOf(reason)), run));
  }

  /** Somebody hails. Of two that hail each other the one with the smaller number goes on. */
  async #hailed(peer: DeviceId, road: RoadId, body: Bytes): Promise<void> {
    // A call that got no answer is made again.
    if (this.#lines.get(peer)?.road === road) return undefined;
    const pin = this.#pinOf(peer);
    const mine = this.#hails.get(peer);
    const reason = REASONS[body[KEY_BYTES] ?? REASONS.length];
    if (pin === undefined || reason === undefined || body.length !== HAIL_BYTES)
      return drop(sayOnce(this.#account.remote, { peer, road }, SAYS.ended));
    if (mine !== undefined && this.#account.self.device < peer) return undefined;
    const run = body.slice(KEY_BYTES + 1);
    const before = this.#beforeOf(peer, run);
    if (reason !== "asked" && before === undefined)
      return drop(sayOnce(this.#account.remote, { peer, road }, SAYS.ended));
    mine?.talk.stop();
    this.#hails.delete(peer);
    const ephemeral = await generateKeyPair();
    const theirs = body.slice(0, KEY_BYTES);
    const agreed = await this.#agree({ peer, road, pin, ephemeral, theirs, initiator: false, reason, run, before });
    // Whoever waits for the road that was asked for here is told.
    if (agreed === undefined) return this.#fail(peer);
    const talk = new Talk(this.#account.remote, { peer, road }, () => this.#lines.get(peer)?.channel.end("gone"));
    drop(talk.say(SAYS.greeting, ephemeral.publicKey));
    this.#begin(talk, agreed, false, reason);
    return undefined;
  }

  async #greeted(peer: DeviceId, road: RoadId, body: Bytes): Promise<void> {
    const hail = this.#hails.get(peer);
    const pin = this.#pinOf(peer);
    if (hail?.talk.road !== road || pin === undefined || body.length !== KEY_BYTES) return;
    this.#hails.delete(peer);
    const { talk, ephemeral, reason, before } = hail;
    const run = before === undefined ? new Uint8Array(RUN_BYTES) : fromHex(before.run);
    const agreed = await this.#agree({
      peer,
      road,
      pin,
      ephemeral,
      theirs: body,
      initiator: true,
      reason,
      run,
      before,
    });
    if (agreed === undefined) this.#fail(peer);
    else this.#begin(talk, agreed, true, reason);
  }

  #begin(talk: Talk, agreed: Agreed, initiator: boolean, reason: RoadReason): void {
    const { peer, road } = talk;
    this.#lines.get(peer)?.channel.end("gone");
    const channel = new Road({
      talk,
      agreed,
      initiator,
      ready: () => {
        line.ready = true;
        for (const listener of this.#listeners) listener(channel, reason);
        for (const resolve of this.#taken(peer)) resolve({ ok: true, value: channel });
      },
      ended: () => {
        if (this.#lines.get(peer) === line) this.#lines.delete(peer);
        if (!line.ready) for (const resolve of this.#taken(peer)) resolve(UNREACHABLE);
      },
    });
    const line: Line = { road, channel, reason, ready: false };
    this.#lines.set(peer, line);
    this.#expect(() => !line.ready && channel.end("gone"));
  }

  async #agree(of: {
    readonly peer: DeviceId;
    readonly road: RoadId;
    readonly pin: PinRow;
    readonly ephemeral: KeyPair;
    readonly theirs: Bytes;
    readonly initiator: boolean;
    readonly reason: RoadReason;
    readonly run: Bytes;
    readonly before: Before | undefined;
  }): Promise<Agreed | undefined> {
    const { jid, device, identityKey, agreement } = this.#account.self;
    const own: Own = { account: jid, device, identityKey, agreement };
    const { peer, road, pin, ephemeral, theirs, initiator, reason, run, before } = of;
    const here = [device, identityKey, ephemeral.publicKey] as const;
    const there = [peer, pin.identityKey, theirs] as const;
    const said = initiator ? [...here, ...there] : [...there, ...here];
    const binding = await bindingOf(LABEL, jid, road, ...said, reason, run);
    try {
      const keys = { identityKey: pin.identityKey, ephemeral: theirs };
      return await agree({ own, ephemeral, theirs: keys, initiator, binding, before: before?.secret });
    } catch (error) {
      if (error instanceof RangeError || error instanceof DOMException) return undefined;
      throw error;
    }
  }

  /** Its pin, where a person has compared its key and it shows no other. */
  #pinOf(device: DeviceId): PinRow | undefined {
    const { self, cache, live } = this.#account;
    const pin = cache.pins.get(addressOf(self.jid, device));
    return pin?.trust === "verified" && pin.shown === undefined && !live.removed.includes(device) ? pin : undefined;
  }

  #beforeOf(peer: DeviceId, run: Bytes): Before | undefined {
    const before = this.#befores.get(peer);
    return before !== undefined && fromHex(before.run).every((byte, at) => byte === run[at]) ? before : undefined;
  }

  #fail(peer: DeviceId): void {
    this.#hails.get(peer)?.talk.stop();
    this.#hails.delete(peer);
    for (const resolve of this.#taken(peer)) resolve(UNREACHABLE);
  }

  #taken(peer: DeviceId): readonly ((answer: Result<SiblingChannel>) => void)[] {
    const waiting = this.#waiting.get(peer) ?? [];
    this.#waiting.delete(peer);
    return waiting;
  }

  #expect(late: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      late();
    }, this.#openWithinMs);
    this.#timers.add(timer);
  }
}
