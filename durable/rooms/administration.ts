/** Making a room a private one (XEP-0045 §10.1), its members, invitations: questions to the room and their answers. */
import type { Element } from "@xmpp/xml";
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { RoomMember } from "../../worker/contract/rooms.ts";
import { failureOfRequest, type RequestError, type RequestOptions, type RequestResult } from "../link/iq.ts";
import type { OutboxRow } from "../store/outbox.ts";
import { refusalOf } from "./refusals.ts";
import { buildAffiliation, MEMBER_AFFILIATIONS, parseMembers, requestMembers } from "../xep/muc-admin.ts";
import { buildInvitation } from "../xep/muc-invite.ts";
import { buildInstantRoom, buildPrivateRoom, buildRenaming, parseRoomForm, requestRoomForm } from "../xep/muc-owner.ts";

export interface RoomLink {
  readonly live: boolean;
  send(stanza: Element): boolean;
  /** A finished stanza of the outbox. */
  write(row: OutboxRow): boolean;
  request(iq: Element, options?: RequestOptions): Promise<RequestResult>;
}

/**
 * The room we have just made, for members alone, called `name`. A service that takes no form opens it as it thinks best. False:
 * the stream has ended meanwhile.
 */
export async function makePrivate(link: Pick<RoomLink, "request">, room: BareJid, name?: string): Promise<boolean> {
  const asked = await link.request(requestRoomForm(room));
  const form = asked.ok ? parseRoomForm(asked.value) : undefined;
  const answer = form && (await link.request(buildPrivateRoom(room, form, name)));
  if (answer?.ok) return true;
  if ([asked, answer].some((one) => one?.ok === false && one.error.kind === "lost")) return false;
  const opened = await link.request(buildInstantRoom(room));
  return opened.ok || opened.error.kind !== "lost";
}

const NOT_ALLOWED: Failure = { kind: "peer-refused", detail: "not allowed" };

/** Calls the room otherwise (XEP-0045 §10.2). Fails with `offline`, and with `peer-refused` where we may not. */
export async function renameRoom(
  link: Pick<RoomLink, "request">,
  room: BareJid,
  name: string,
): Promise<Result<{ readonly done: true }>> {
  const asked = await link.request(requestRoomForm(room));
  const form = asked.ok ? parseRoomForm(asked.value) : undefined;
  const renaming = form && buildRenaming(room, form, name);
  const answer = asked.ok && renaming ? await link.request(renaming) : asked;
  if (answer.ok) return renaming ? { ok: true, value: { done: true } } : { ok: false, error: NOT_ALLOWED };
  return { ok: false, error: answer.error.kind === "stanza-error" ? NOT_ALLOWED : failureOfRequest(answer.error) };
}

const NO_LIST: Failure = { kind: "peer-refused", detail: "no list" };
/** XEP-0045 §9.5: what services answer that give the list to admins alone. */
const KEPT: readonly string[] = ["forbidden", "not-allowed", "not-authorized"];

/** Owners, admins and members, there or not (XEP-0045 §9.5, §10.5, §10.8). Fails with `offline`, `peer-refused`, `malformed`. */
export async function membersOf(
  link: Pick<RoomLink, "request">,
  room: BareJid,
): Promise<Result<{ readonly members: readonly RoomMember[] }>> {
  const answers = await Promise.all(
    MEMBER_AFFILIATIONS.map(async (affiliation) => {
      const some: BareJid[] = [];
      const part = (iq: Element) => some.push(...(parseMembers(iq) ?? []));
      return { affiliation, some, answer: await link.request(requestMembers(room, affiliation), { part }) };
    }),
  );
  const members: RoomMember[] = [];
  for (const { affiliation, some, answer } of answers) {
    // Every list is needed: a member on the missing one would be left out of the encryption.
    if (!answer.ok) return { ok: false, error: untold(answer.error) };
    const jids = parseMembers(answer.value);
    if (!jids) return { ok: false, error: NO_LIST };
    for (const jid of [...some, ...jids]) members.push({ jid, affiliation });
  }
  return { ok: true, value: { members } };
}

/** `forbidden` and its like are told as they are: the list is kept from us. What may pass by itself is worth waiting for. */
function untold(error: RequestError): Failure {
  if (error.kind !== "stanza-error") return failureOfRequest(error);
  if (KEPT.includes(error.condition)) return { kind: "peer-refused", detail: error.condition };
  return refusalOf(error.condition).final ? NO_LIST : { kind: "offline" };
}

/**
 * Makes somebody a member of a room, unless they belong to it already, and invites them (XEP-0045 §9.3, §7.8.2). Fails with
 * `offline`, and with `peer-refused` where we may not.
 */
export async function inviteTo(
  link: Pick<RoomLink, "request" | "send">,
  room: BareJid,
  jid: BareJid,
): Promise<Result<{ readonly done: true }>> {
  const known = await membersOf(link, room);
  // Setting `member` would demote an admin or owner.
  if (!known.ok || !known.value.members.some((member) => member.jid === jid)) {
    const made = await link.request(buildAffiliation(room, jid, "member"));
    if (!made.ok) {
      const { error } = made;
      if (error.kind !== "stanza-error") return { ok: false, error: { kind: "offline" } };
      return { ok: false, error: NOT_ALLOWED };
    }
  }
  if (!link.send(buildInvitation(room, jid))) return { ok: false, error: { kind: "offline" } };
  return { ok: true, value: { done: true } };
}
