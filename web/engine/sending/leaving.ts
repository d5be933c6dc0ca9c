/**
 * What was sealed may wait for long before it leaves: the object was away, or the page closed. Meanwhile a device may have
 * been taken off its owner's list, or refused here, because it is in strange hands: it must not get the key that was made for
 * it before (S3, S4). The keys of a message do not depend on each other, so that one is left out and all else stays as it is.
 */
import { within } from "../../../worker/shared/within.ts";
import type { Account } from "../account.ts";
import { inParallel } from "../in-parallel.ts";
import { isTrusted } from "../omemo/trust.ts";
import { trustOf } from "../omemo/trust-pins.ts";
import type { OutboxRow } from "../store/conversation-rows.ts";
import { addressOf, type DeviceAddress } from "../store/device-rows.ts";
import type { Unit } from "../store/unit.ts";

/** How long a message waits for lists that may have changed: somebody's server that is silent holds up nobody else's. */
const ASKED_FOR_MS = 3_000;
const ASKED_AT_ONCE = 10;

/** `less`: without some of its keys. `nobody`: none but ourselves could read it any more. */
export type Leaving = { readonly kind: "as-sealed" | "nobody" } | { readonly kind: "less"; readonly row: OutboxRow };

/** What of a finished row may leave, by what is known of its readers now. */
export async function leavingOf(
  unit: Unit,
  { self, cache }: Pick<Account, "self" | "cache">,
  row: OutboxRow,
): Promise<Leaving> {
  const { content, readers, chat } = row;
  if (content?.kind !== "omemo" || readers === undefined) return { kind: "as-sealed" };
  const still = await Promise.all(readers.map((reader) => isStill(unit, cache, reader)));
  if (still.every(Boolean)) return { kind: "as-sealed" };
  const left = readers.filter((_, at) => still[at]);
  if (!left.some(({ jid }) => jid !== self.jid || chat === self.jid)) return { kind: "nobody" };
  const keys = content.omemo.keys.filter((_, at) => still[at]);
  return {
    kind: "less",
    row: { ...row, readers: left, content: { kind: "omemo", omemo: { ...content.omemo, keys } } },
  };
}

/** Listed, trusted, and not one that has left and come back unseen. An empty list was lost, nobody was taken off it. */
async function isStill(unit: Unit, cache: Account["cache"], { jid, device }: DeviceAddress): Promise<boolean> {
  const listed = cache.deviceLists.get(jid)?.devices ?? [];
  const pin = await unit.get("pins", addressOf(jid, device));
  const known = pin !== undefined && isTrusted(trustOf(pin)) && pin.newcomer !== true;
  return known && (listed.length === 0 || listed.includes(device));
}

/** Lists change unheard while the socket is away: those of the readers of what waits are asked for, within a limit in time. */
export async function askAgain({ directory, store }: Account, rows: readonly OutboxRow[]): Promise<void> {
  const people = new Set(rows.flatMap(({ readers }) => readers?.map(({ jid }) => jid) ?? []));
  const unsure = [...people].filter((jid) => !directory.isConfirmed(jid));
  if (unsure.length === 0) return;
  const asked = inParallel(unsure, ASKED_AT_ONCE, (jid) => directory.devices(jid, false));
  store.inBackground(asked);
  await within(
    asked.catch(() => undefined),
    ASKED_FOR_MS,
    undefined,
  );
}
