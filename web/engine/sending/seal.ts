/** Makes the final bytes of a stored text, inside one unit of work. */
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid, ClientId, DeviceId } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import { audienceOf, OPEN_TO_ALL, roomEncryption } from "../rooms/audience.ts";
import type { CheckedBundle } from "../omemo/bundle.ts";
import { nextNumber } from "../object/send-counter.ts";
import { recipients } from "../omemo/devices.ts";
import type { Bytes } from "../bytes.ts";
import { cipherKeyOf } from "../omemo/message.ts";
import { openSessions, sealMessage, sealTransport, withoutSession } from "../omemo/send.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import { leftOutOf } from "../omemo/left-out.ts";
import { type Candidate, planSending } from "../omemo/trust.ts";
import { mayEncryptTo, noteWrittenTo, readersIn } from "../omemo/trust-pins.ts";
import { believe } from "../reading/opening.ts";
import { changeChat, chatOf, putMessage } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";
import type { LeftOut } from "../protocol/account.ts";
import { type DeviceAddress, isSameDevice, addressOf } from "../store/device-rows.ts";
import type { MessageRow, OutboxRow } from "../store/conversation-rows.ts";

type Offer = { readonly device: DeviceAddress; readonly bundle: CheckedBundle };

/**
 * What became of the devices with which there was no session. `offers`: what could be fetched. `late`: these could not be
 * asked for yet, as too many of their owner's were; they are left out, and where nobody else can read it, it waits for them.
 */
export type LookedUp = {
  readonly asked: readonly DeviceAddress[];
  readonly offers: readonly Offer[];
  readonly late: readonly DeviceAddress[];
  /** Lists have changed too often: devices that came meanwhile are left out rather than asked for. */
  readonly last: boolean;
};

export type SealingAccount = Pick<Account, "self" | "cache" | "directory" | "live">;

/**
 * `missing`: these devices need a session first; none named: nobody can read it. `held`: nothing may be encrypted, or not
 * yet. `blocked`: somebody has to decide first about a device, or the room takes nothing.
 */
export type SealOutcome =
  | { readonly kind: "sealed"; readonly row: OutboxRow }
  | { readonly kind: "held" }
  | { readonly kind: "blocked"; readonly failure: Failure }
  | { readonly kind: "missing"; readonly devices: readonly DeviceAddress[] }
  /** Room, or lists, have changed while devices were asked for: everything is to be asked again. */
  | { readonly kind: "changed" };

/**
 * Encrypts a waiting row for everybody it is meant for. Without `lookedUp` only when there is a session with every device;
 * with it for those that can be reached, at least one of the contact's. In clear only where the person has confirmed it here
 * and no device of the contact can be used.
 */
export async function sealStored(
  unit: Unit,
  account: SealingAccount,
  row: OutboxRow,
  lookedUp?: LookedUp,
): Promise<SealOutcome> {
  const { self, cache, directory } = account;
  const bundles = lookedUp?.offers;
  const stored = await unit.get("outbox", row.client);
  if (stored !== undefined && stored.content !== undefined) return { kind: "sealed", row: stored };
  const message = await unit.get("messages", row.client);
  if (stored === undefined || message?.body.kind !== "text") return { kind: "missing", devices: [] };
  if (cache.behind || (await unit.meta("numbers")) === undefined) return { kind: "held" };
  const audience = audienceOf(account, row.chat);
  switch (audience.kind) {
    case "refused":
      return { kind: "blocked", failure: audience.failure };
    case "unknown":
      return { kind: "held" };
    case "exposed":
      return expose(unit, account, stored, message.body.text);
    case "clear":
      return message.encrypted
        ? { kind: "blocked", failure: OPEN_TO_ALL }
        : finishInClear(unit, stored, message, message.body.text, false);
    case "people":
      break;
    default:
      missingCase(audience);
  }
  const { jids } = audience;
  const room = cache.rooms.has(row.chat);
  const ours = cache.deviceLists.get(self.jid)?.devices;
  const asked = jids.every((jid) => directory.isConfirmed(jid) && (room || cache.deviceLists.has(jid)));
  const current = asked && directory.isConfirmed(row.chat) && directory.isConfirmed(self.jid);
  if ((ours === undefined || !current) && bundles === undefined) return { kind: "missing", devices: [] };
  // Somebody may have come or gone while devices were asked for.
  if (room && !current) return { kind: "changed" };
  const listOf = (jid: BareJid): readonly DeviceId[] => cache.deviceLists.get(jid)?.devices ?? [];
  const everybody = [
    ...jids.flatMap((jid) => recipients(self, jid, listOf(jid), [])),
    ...recipients(self, self.jid, [], ours ?? []),
  ].filter((device, at, all) => all.findIndex((other) => isSameDevice(other, device)) === at);
  // Who was taken off a list while bundles were on their way is not met any more.
  const offers = (bundles ?? []).filter(({ device }) => everybody.some((other) => isSameDevice(other, device)));
  for (const { device, bundle } of offers) await believe(unit, self, device, bundle.identityKey);
  const unmet = new Set(
    await withoutSession(
      unit,
      offers.map(({ device }) => device),
    ),
  );
  await openSessions(
    unit,
    self,
    offers.filter(({ device }) => unmet.has(device)),
    Date.now(),
  );
  const plan = planSending(self.jid, await readersIn(unit, self.jid, everybody), row.chat === self.jid);
  const notes = row.chat === self.jid;
  if (plan.kind === "blocked") {
    // It leaves by itself once somebody has seen the device; notes to ourselves wait for one that may have them.
    if (plan.why === "new-device" || notes) return { kind: "held" };
    // A key that is not trusted never leads to clear text: consent counts only where there is no device at all.
    if (plan.why !== "no-device") return { kind: "blocked", failure: { kind: plan.why } };
  }
  const to = plan.kind === "send" ? plan.to : [];
  const missing = new Set<DeviceAddress>(await withoutSession(unit, to));
  const reachable = to.filter((device) => !missing.has(device));
  if (missing.size > 0 && lookedUp === undefined) return { kind: "missing", devices: [...missing] };
  const reached = new Set(reachable.map(({ jid }) => jid));
  if (notes && reachable.length === 0) return { kind: "held" };
  const isLate = (jid: BareJid) => lookedUp?.late.some((device) => device.jid === jid) === true;
  const nobody = !jids.some((jid) => reached.has(jid));
  const isUnasked = (device: DeviceAddress) => lookedUp?.asked.some((one) => isSameDevice(one, device)) === false;
  // A device that came meanwhile is met before anything leaves: nobody is left out, or written to in clear, for that.
  if ([...missing].some(isUnasked) && (nobody || lookedUp?.last !== true)) return { kind: "changed" };
  if (nobody && jids.some(isLate)) return { kind: "held" };
  if (nobody) return expose(unit, account, stored, message.body.text);
  const excluded = plan.kind === "send" ? plan.excluded : [];
  const left = new Set(excluded.map(({ jid }) => jid));
  for (const jid of jids) {
    if (reached.has(jid)) directory.unreachable.delete(jid);
    // Who is left out because of a key is reachable: the person is asked to decide about the key.
    else if (!left.has(jid) && !isLate(jid)) directory.unreachable.add(jid);
  }
  const omemo = await sealMessage(unit, self, reachable, message.body.text, message.body.details);
  await noteWrittenTo(unit, reachable);
  const number = await nextNumber(unit);
  const readers = reachable.map(({ jid, device }) => ({ jid, device }));
  const finished: OutboxRow = {
    ...stored,
    stage: "finished",
    number,
    readers,
    content: { kind: "omemo", omemo },
  };
  unit.put("outbox", finished);
  const cipherKey = await cipherKeyOf(self, omemo);
  await putMessage(unit, {
    ...message,
    encrypted: true,
    cipherKey,
    leftOut: await named(unit, excluded, [...missing]),
  });
  // Devices that can be used end an earlier consent to write in clear.
  await changeChat(unit, row.chat, { encrypted: true, exposed: false });
  return { kind: "sealed", row: finished };
}

/** The devices that get no key, as the person is told; undefined: every listed one gets a key. */
async function named(
  unit: Unit,
  excluded: readonly Candidate[],
  unreached: readonly DeviceAddress[],
): Promise<readonly LeftOut[] | undefined> {
  const addresses = [...excluded, ...unreached].map(({ jid, device }) => addressOf(jid, device));
  const pins = await Promise.all(addresses.map((address) => unit.get("pins", address)));
  const left = leftOutOf(excluded, unreached, (address) => pins[addresses.indexOf(address)]);
  return left.length === 0 ? undefined : left;
}

async function expose(
  unit: Unit,
  { directory, cache }: Pick<Account, "directory" | "cache">,
  stored: OutboxRow,
  text: string,
): Promise<SealOutcome> {
  const room = cache.rooms.has(stored.chat);
  if (!room) directory.unreachable.add(stored.chat);
  const message = await unit.get("messages", stored.client);
  // A text that was to be encrypted stays so: consent counts for what is written, or sent again, after it.
  const consented = (await chatOf(unit, stored.chat)).exposed && message?.encrypted === false;
  return consented ? finishInClear(unit, stored, message, text, true) : { kind: "missing", devices: [] };
}

/** `exposed`: the person has agreed that it is not encrypted; false: the room is open by nature. */
async function finishInClear(
  unit: Unit,
  stored: OutboxRow,
  message: MessageRow,
  text: string,
  exposed: boolean,
): Promise<SealOutcome> {
  const number = await nextNumber(unit);
  const file = message.shared && { file: message.shared };
  const finished: OutboxRow = {
    ...stored,
    stage: "finished",
    number,
    content: { kind: "clear", text, exposed, ...file },
  };
  unit.put("outbox", finished);
  await putMessage(unit, { ...message, encrypted: false });
  return { kind: "sealed", row: finished };
}

/**
 * Whether what is written now would leave in clear: the person agreed here, and no device of the contact can be used; or
 * it is a room for everybody.
 */
export function isExposed(account: SealingAccount, chat: BareJid): boolean {
  const { cache, directory } = account;
  const room = cache.rooms.get(chat);
  if (room !== undefined) return ["open", "exposed"].includes(roomEncryption(account, room));
  const devices = cache.deviceLists.get(chat)?.devices;
  const usable = devices !== undefined && devices.length > 0 && !directory.unreachable.has(chat);
  return cache.chats.get(chat)?.exposed === true && !usable;
}

/** A finished row without content for one device with which there is a session. */
export async function prepareTransport(
  unit: Unit,
  { self, cache }: Pick<Account, "self" | "cache">,
  to: DeviceAddress,
  client: ClientId,
  order: number,
  added?: Bytes,
): Promise<void> {
  if (cache.behind || (await unit.meta("numbers")) === undefined) return;
  if ((await withoutSession(unit, [to])).length > 0 || !(await mayEncryptTo(unit, to))) return;
  const omemo = await sealTransport(unit, self, to, added);
  unit.put("outbox", {
    client,
    order,
    chat: to.jid,
    purpose: "transport",
    stage: "finished",
    number: await nextNumber(unit),
    content: { kind: "omemo", omemo },
  });
}
