/** Turning a stored text into finished bytes, inside one unit of work. */
import type { BareJid, ClientId, Failure } from "../../worker/contract.ts";
import type { Account } from "./account.ts";
import type { CheckedBundle } from "./omemo/bundle.ts";
import { nextNumber } from "./numbers.ts";
import { recipients } from "./omemo/devices.ts";
import { ciphertextHash } from "./omemo/message.ts";
import { openSession, sealMessage, sealTransport, withoutSession } from "./omemo/send.ts";
import type { DeviceAddress } from "./omemo/sessions.ts";
import { planSending } from "./omemo/trust.ts";
import { candidatesIn, mayEncryptTo } from "./omemo/trust-pins.ts";
import { changeChat, chatOf, putMessage } from "./store/messages.ts";
import { addressOf, type OutboxRow } from "./store/schema.ts";
import type { Unit } from "./store/unit.ts";

export type Offer = { readonly device: DeviceAddress; readonly bundle: CheckedBundle };

export type SealingAccount = Pick<Account, "self" | "mirror" | "unreachable" | "isConfirmed">;

/**
 * `missing`: these devices need a session first; none named: nobody can read it. `held`: nothing may be encrypted, or not
 * yet. `blocked`: somebody has to decide first about a device.
 */
export type SealOutcome =
  | { readonly kind: "sealed"; readonly row: OutboxRow }
  | { readonly kind: "held" }
  | { readonly kind: "blocked"; readonly failure: Failure }
  | { readonly kind: "missing"; readonly devices: readonly DeviceAddress[] };

/**
 * Encrypts a waiting row for everybody it is meant for. Without `bundles` only when there is a session with every
 * device; with `bundles` (what could be fetched) for those that can be reached, at least one of the contact's. In clear
 * only where the person has confirmed it here and no device of the contact can be used.
 */
export async function sealStored(
  unit: Unit,
  account: SealingAccount,
  row: OutboxRow,
  bundles?: readonly Offer[],
): Promise<SealOutcome> {
  const { self, mirror, unreachable } = account;
  const stored = await unit.get("outbox", row.client);
  if (stored !== undefined && stored.content !== undefined) return { kind: "sealed", row: stored };
  const message = await unit.get("messages", row.client);
  if (stored === undefined || message?.body.kind !== "text") return { kind: "missing", devices: [] };
  if (mirror.behind || (await unit.meta("numbers")) === undefined) return { kind: "held" };
  const theirs = mirror.deviceLists.get(row.chat)?.devices;
  const ours = mirror.deviceLists.get(self.jid)?.devices;
  const current = account.isConfirmed(row.chat) && account.isConfirmed(self.jid);
  if ((ours === undefined || theirs === undefined || !current) && bundles === undefined) {
    return { kind: "missing", devices: [] };
  }
  const everybody = recipients(self, row.chat, theirs ?? [], ours ?? []);
  for (const { device, bundle } of bundles ?? []) {
    const [missing] = await withoutSession(unit, [device]);
    if (missing !== undefined) await openSession(unit, self, device, bundle, Date.now());
  }
  const plan = planSending(self.jid, await candidatesIn(unit, everybody), row.chat === self.jid);
  // Never in clear because of a key: only where there is no device at all a consent counts.
  if (plan.kind === "blocked" && plan.why !== "no-device") return { kind: "blocked", failure: { kind: plan.why } };
  const to = plan.kind === "send" ? plan.to : [];
  const missing = await withoutSession(unit, to);
  const reachable = to.filter((device) => !missing.includes(device));
  const readable = reachable.some(({ jid }) => jid === row.chat);
  if (missing.length > 0 && bundles === undefined) return { kind: "missing", devices: missing };
  if (!readable) return expose(unit, account, stored, message.body.text);
  unreachable.delete(row.chat);
  const omemo = await sealMessage(unit, self, reachable, message.body.text);
  const number = await nextNumber(unit);
  const finished: OutboxRow = { ...stored, stage: "finished", number, content: { kind: "omemo", omemo } };
  unit.put("outbox", finished);
  const hash = await ciphertextHash(omemo.iv, omemo.payload ?? "");
  await putMessage(unit, { ...message, encrypted: true, cipherKey: `${addressOf(self.jid, self.device)}\n${hash}` });
  // Devices that can be used end an earlier consent to write in clear.
  await changeChat(unit, row.chat, { encrypted: true, exposed: false });
  return { kind: "sealed", row: finished };
}

async function expose(
  unit: Unit,
  { unreachable }: Pick<Account, "unreachable">,
  stored: OutboxRow,
  text: string,
): Promise<SealOutcome> {
  unreachable.add(stored.chat);
  const message = await unit.get("messages", stored.client);
  // What was written under a lock stays under it: a consent counts for what is written, or sent again, after it.
  const consented = (await chatOf(unit, stored.chat)).exposed && message?.encrypted === false;
  if (!consented) return { kind: "missing", devices: [] };
  const number = await nextNumber(unit);
  const finished: OutboxRow = { ...stored, stage: "finished", number, content: { kind: "clear", text, exposed: true } };
  unit.put("outbox", finished);
  await putMessage(unit, { ...message, encrypted: false });
  return { kind: "sealed", row: finished };
}

/** Whether what is written now would leave in clear: the person agreed here, and no device of the contact can be used. */
export function isExposed({ mirror, unreachable }: Pick<Account, "mirror" | "unreachable">, chat: BareJid): boolean {
  const devices = mirror.deviceLists.get(chat)?.devices;
  const usable = devices !== undefined && devices.length > 0 && !unreachable.has(chat);
  return mirror.chats.get(chat)?.exposed === true && !usable;
}

/** A finished row without content for one device with which there is a session. */
export async function prepareTransport(
  unit: Unit,
  { self, mirror }: Pick<Account, "self" | "mirror">,
  to: DeviceAddress,
  client: ClientId,
  order: number,
): Promise<void> {
  if (mirror.behind || (await unit.meta("numbers")) === undefined) return;
  if ((await withoutSession(unit, [to])).length > 0 || !(await mayEncryptTo(unit, to))) return;
  const omemo = await sealTransport(unit, self, to);
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
