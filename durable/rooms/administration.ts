/** What a room is (XEP-0030), and making it a private one (XEP-0045 §10.1): questions to the room and their answers. */
import type { Element } from "@xmpp/xml";
import type { BareJid, Result, RoomMember } from "../../worker/contract.ts";
import { failureOfRequest, type RequestOptions, type RequestResult } from "../link/iq.ts";
import type { OutboxRow } from "../store/outbox.ts";
import { parseInfo, requestInfo } from "../xep/disco.ts";
import { buildMember, MEMBER_AFFILIATIONS, parseMembers, requestMembers } from "../xep/muc-admin.ts";
import { buildInvitation } from "../xep/muc-invite.ts";
import { buildInstantRoom, buildPrivateRoom, parseRoomForm, requestRoomForm } from "../xep/muc-owner.ts";

export interface RoomLink {
  readonly live: boolean;
  send(stanza: Element): boolean;
  /** A finished stanza of the outbox. */
  write(row: OutboxRow): boolean;
  request(iq: Element, options?: RequestOptions): Promise<RequestResult>;
}

/**
 * The features the room announces (XEP-0030); none where it answers with an error, as one that does not exist yet.
 * Undefined where no answer came.
 */
export async function featuresOf(link: RoomLink, room: BareJid): Promise<readonly string[] | undefined> {
  const answer = await link.request(requestInfo(room));
  if (!answer.ok) return answer.error.kind === "stanza-error" ? [] : undefined;
  return parseInfo(answer.value)?.features ?? [];
}

/** The room we have just made, for members alone. A service that takes no form opens it as it thinks best. */
export async function makePrivate(link: RoomLink, room: BareJid): Promise<void> {
  const asked = await link.request(requestRoomForm(room));
  const form = asked.ok ? parseRoomForm(asked.value) : undefined;
  const answer = form && (await link.request(buildPrivateRoom(room, form)));
  if (!answer?.ok) await link.request(buildInstantRoom(room));
}

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
    if (!answer.ok) return { ok: false, error: failureOfRequest(answer.error) };
    const jids = parseMembers(answer.value);
    if (!jids) return { ok: false, error: { kind: "peer-refused", detail: "no list" } };
    for (const jid of [...some, ...jids]) members.push({ jid, affiliation });
  }
  return { ok: true, value: { members } };
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
    const made = await link.request(buildMember(room, jid));
    if (!made.ok) {
      const { error } = made;
      if (error.kind !== "stanza-error") return { ok: false, error: { kind: "offline" } };
      return { ok: false, error: { kind: "peer-refused", detail: "not allowed" } };
    }
  }
  if (!link.send(buildInvitation(room, jid))) return { ok: false, error: { kind: "offline" } };
  return { ok: true, value: { done: true } };
}
