/**
 * Looks up devices that were never met and have written: whether their owner's list holds them, and which key their bundle
 * shows. Then what they wrote is opened, if it names that key. While nobody can be asked it waits (S6).
 */
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import { inParallel } from "../in-parallel.ts";
import { believe } from "./opening.ts";
import { retryUnknown } from "./unknown-authors.ts";
import { addressOf, type DeviceAddress } from "../store/device-rows.ts";

const ASKED_AT_ONCE = 8;
/** What was asked in vain is asked again after so long, or when its owner's list has changed. */
const AGAIN_MS = 10 * 60 * 1_000;

/** After something could not be asked, though the link seems to stand. */
const RETRY_MS = 30_000;

export class Proofs {
  readonly #account: Account;
  /** By `jid.device`: when it was last asked for. */
  readonly #asked = new Map<string, number>();
  readonly #asking = new Set<string>();
  #retry: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(account: Account) {
    this.#account = account;
    account.store.onCommit(({ held }) => held && this.wake());
  }

  /** Looks up what can be. */
  wake(): void {
    if (this.#stopped) return;
    const due = this.#account.cache.unproven.filter((device) => this.#isDue(device));
    if (due.length === 0) return;
    for (const { jid, device } of due) this.#asking.add(addressOf(jid, device));
    this.#account.store.inBackground(this.#lookUpAll(due));
  }

  /** Somebody's device list is another one, or everybody's may be. */
  changed(jid?: BareJid): void {
    for (const address of this.#asked.keys()) {
      if (jid === undefined || address.startsWith(`${jid}.`)) this.#asked.delete(address);
    }
    this.wake();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
  }

  #isDue({ jid, device }: DeviceAddress): boolean {
    const address = addressOf(jid, device);
    return !this.#asking.has(address) && (this.#asked.get(address) ?? 0) < Date.now() - AGAIN_MS;
  }

  async #lookUpAll(due: readonly DeviceAddress[]): Promise<void> {
    const people = [...new Set(due.map(({ jid }) => jid))];
    // Those of one person one after the other: their list is asked for once.
    await inParallel(people, ASKED_AT_ONCE, async (person) => {
      for (const of of due.filter(({ jid }) => jid === person)) {
        const address = addressOf(of.jid, of.device);
        try {
          if (await lookUp(this.#account, of)) this.#asked.set(address, Date.now());
          else this.#tryLater();
        } finally {
          this.#asking.delete(address);
        }
      }
    });
  }

  #tryLater(): void {
    clearTimeout(this.#retry);
    if (!this.#stopped) this.#retry = setTimeout(() => this.wake(), RETRY_MS);
  }
}

/** Looks up one of them, and opens what it wrote. False: nobody could be asked, or not now. */
export async function lookUp(account: Account, of: DeviceAddress): Promise<boolean> {
  const { directory, self, store, cache } = account;
  const known = await directory.devices(of.jid, false);
  const listed = known.ok && !known.value.includes(of.device) ? await directory.devices(of.jid, true) : known;
  if (!listed.ok) return listed.error.kind !== "offline";
  if (!listed.value.includes(of.device)) return true;
  const answer = await directory.bundle(of);
  if (answer.kind !== "usable") return answer.kind === "unusable";
  const { identityKey } = answer.bundle;
  await store.work((unit) => believe(unit, self, of, identityKey));
  for (const { jid, members } of [...cache.rooms.values()]) {
    if (members?.some((member) => member.jid === of.jid)) await retryUnknown(account, jid);
  }
  return true;
}
