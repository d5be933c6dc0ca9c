/** The account's single values, each with its own type; nothing else reads or writes the `meta` table. */
import type { Failure } from "../../worker/contract/failures.ts";
import type { CopyEnded } from "../../worker/contract/copy.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { BareJid, Base64, BrowserId, DeviceId, Seq, Time } from "../../worker/contract/names.ts";
import { toHex } from "../../worker/shared/hex.ts";
import type { LimitMemory, StanzaLimit } from "../link/limit.ts";
import type { Invitation } from "../xep/muc-invite.ts";
import type { SealedCredentials } from "./sealing.ts";

/**
 * Why nothing runs, and until when: remembered, so that an object that hibernates or is reset does not start over. Without
 * `until` nothing is tried by itself any more.
 */
export type RetryState = { readonly failures: number; readonly failure: Failure; readonly until?: Time };

export interface RetryMemory {
  load(): RetryState | undefined;
  save(state: RetryState | undefined): void;
}

/** `day`: days since 1970 (UTC). `slots`, `downloads`: how many were begun; `bytes`: of both. */
export type FilesToday = {
  readonly day: number;
  readonly slots: number;
  readonly downloads: number;
  readonly bytes: number;
  /** Looks at what is behind a link. */
  readonly previews?: number;
};

/** Up to here every browser had everything at that time. */
export type PruneMark = { readonly at: Time; readonly seq: Seq };

type MetaValues = {
  /** The account this object was made for; never changes. */
  account: BareJid;
  /** Names this log. A wiped storage gets another one. */
  epoch: string;
  /** Browsers that had read another log, and how often: each starts that log anew for itself. */
  "own-epochs": readonly { readonly browser: BrowserId; readonly epoch: string; readonly times: number }[];
  /** Stable resource: a server replaces the old session instead of keeping two. */
  resource: string;
  /** The operator has let this account in by name, whatever its domain. */
  invited: boolean;
  /** Names this account's only client to its server (XEP-0388), which gives tokens to it and keeps its resource. */
  "user-agent": string;
  credentials: SealedCredentials;
  /** The account is to be online with no browser attached. */
  "stay-online": boolean;
  /** It is not, and looks in now and then instead; and how that was the last time (`connection/looking-in.ts`). */
  "looks-in": boolean;
  look: { readonly at: Time; readonly empty: number; readonly position: number };
  /** Where the server was told to push to, by which name, when (`durable/gateway/server-push.ts`); and when that has woken it last. */
  "server-push": { readonly jid: string; readonly node: string; readonly pass: string; readonly at: Time };
  woken: Time;
  /** Only while it is: the key to `credentials` itself. Whoever reads this storage can then sign in. */
  "sealing-key": Base64;
  /** Devices of erased browsers that the server may still list. */
  "erased-devices": readonly DeviceId[];
  /** Devices of browsers that were away for too long: off the list, until they come back and publish again. */
  "dormant-devices": readonly DeviceId[];
  /** Devices of other apps that the person took off the account: they are not let back. */
  "removed-devices": readonly DeviceId[];
  /** The server speaks SCRAM: never again give it the password itself. */
  "scram-seen": boolean;
  /** What SCRAM left was of no use the last time it was tried: where the server gives tokens, one is wanted. */
  "keys-unfit": boolean;
  /** It has signed in again without a person. */
  "keys-fit": boolean;
  /** What the server said it can do, when it was last asked. */
  "server-features": readonly string[];
  /** The largest stanza that the server takes. */
  "stanza-limit": StanzaLimit;
  /** The retry state, under its name of before. */
  setback: RetryState;
  /** Counts the changes of what the person has chosen (`choices.ts`). */
  "choices-revision": number;
  /** The sealed copy that was deleted last, and by which browser. */
  "copy-ended": CopyEnded;
  /** Rooms that somebody asks us into. */
  invitations: readonly Invitation[];
  /** How much of what strangers may send is used up (`strangers.ts`). */
  strangers: Time;
  /** The same of what is said in rooms (`room-budgets.ts`). */
  "room-budgets": Readonly<Record<string, Time>>;
  /** How far every browser had come, a mark a day (`pruning.ts`), and up to where ciphertext is gone. */
  "prune-marks": readonly PruneMark[];
  "pruned-to": Seq;
  /** How much of what may be pushed is used up (`durable/push/delivery.ts`). */
  pushes: Time;
  "strangers-pushes": Time;
  "perhaps-pushes": Time;
  /** What of files has passed on this day (`durable/files/today.ts`). */
  "files-today": FilesToday;
  /** Origins of the slots that the account's server gave, where the deployment names that server. */
  "slot-origins": readonly string[];
  /** When the last browser left; undefined while one is attached. */
  "left-at": number;
  /** When the stream was last let go because nobody looks (`resting.ts`); undefined while somebody does. */
  "rested-at": Time;
  /** Since when nobody looks at any browser, where contacts are told (`own-presence.ts`), and since when they were told that. */
  "unlooked-since": Time;
  "told-away": Time;
  /** Written and deleted to see whether there is room (`making-room.ts`). */
  room: string;
};

const RESOURCE_BYTES = 6;

export class Meta {
  readonly #sql: SqlStorage;
  /** It never changes, and is asked for with every stanza. */
  #account: BareJid | undefined;
  /** Asked for with every frame of a browser. */
  #epoch: string | undefined;
  #resource: string | undefined;
  #userAgent: string | undefined;
  #invited = false;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Undefined where it was never set, or deleted. */
  get<Key extends keyof MetaValues>(key: Key): MetaValues[Key] | undefined {
    const row = this.#sql.exec<{ value: string }>("select value from meta where key = ?", key).toArray()[0];
    return row && (JSON.parse(row.value) as MetaValues[Key]);
  }

  set<Key extends keyof MetaValues>(key: Key, value: MetaValues[Key]): void {
    this.#sql.exec("insert or replace into meta (key, value) values (?, ?)", key, JSON.stringify(value));
  }

  /** That there is an owner, as far as that is known without a look at the storage. */
  get bound(): boolean {
    return this.#account !== undefined;
  }

  /** Undefined before the first sign-in: until a password was proved at the server, this object belongs to no account. */
  get owner(): BareJid | undefined {
    this.#account ??= this.get("account");
    return this.#account;
  }

  /** The same where there is one. Throws before the first sign-in. */
  get account(): BareJid {
    const { owner } = this;
    if (owner === undefined) throw new Error("this object has no account yet");
    return owner;
  }

  /** From now on this object is that account's, for good. */
  bind(account: BareJid): void {
    if (this.#invited) this.set("invited", true);
    if (this.get("account") !== undefined) return;
    this.set("account", account);
    this.set("resource", this.resource);
    this.set("user-agent", this.userAgent);
  }

  /** Whether the list of domains says nothing about this account. */
  get invited(): boolean {
    return this.#invited || this.get("invited") === true;
  }

  /** The Worker has let it in to try, by name; stored with the account once the password is proved. */
  invite(): void {
    this.#invited = true;
  }

  /** Made at the first use. */
  get epoch(): string {
    this.#epoch ??= this.get("epoch") ?? this.#newEpoch();
    return this.#epoch;
  }

  #newEpoch(): string {
    const epoch = crypto.randomUUID();
    this.set("epoch", epoch);
    this.#epoch = epoch;
    return epoch;
  }

  /** Made at the first use, stored by the first sign-in that succeeds. */
  get resource(): string {
    this.#resource ??= this.get("resource") ?? newResource();
    return this.#resource;
  }

  /** Made at the first use, stored with the account; accounts older than this value get it at their next use. */
  get userAgent(): string {
    const known = this.#userAgent ?? this.get("user-agent");
    this.#userAgent = known ?? crypto.randomUUID();
    if (known === undefined && this.get("account") !== undefined) this.set("user-agent", this.#userAgent);
    return this.#userAgent;
  }

  readonly retry: RetryMemory = {
    load: () => this.get("setback"),
    save: (state) => (state ? this.set("setback", state) : this.delete("setback")),
  };

  readonly limit: LimitMemory = {
    load: () => this.get("stanza-limit"),
    save: (limit) => (limit ? this.set("stanza-limit", limit) : this.delete("stanza-limit")),
  };

  /** A device that is used no more: it leaves the list, and its bundle the server, now or on the next stream. */
  unlist(device: DeviceId | undefined): void {
    if (device === undefined) return;
    this.set("erased-devices", [...(this.get("erased-devices") ?? []), device]);
  }

  /** A device that its owner took off the account: it is taken off again whenever it comes back, and browsers are told (S4). */
  removeForGood(device: DeviceId | undefined): void {
    if (device === undefined) return;
    const removed = (this.get("removed-devices") ?? []).filter((id) => id !== device);
    this.set("removed-devices", [...removed, device].slice(-LIMITS.devicesPerJid));
    this.unlist(device);
  }

  /** The last browser has left; the first time counts. */
  leave(now: Time): void {
    if (this.get("left-at") === undefined) this.set("left-at", now);
  }

  delete(key: keyof MetaValues): void {
    this.#sql.exec("delete from meta where key = ?", key);
  }
}

function newResource(): string {
  return `alcove-${toHex(crypto.getRandomValues(new Uint8Array(RESOURCE_BYTES)))}`;
}
