/** Running a room (XEP-0045 §8 to §10): who is what in it, whom it keeps out, what it is about, its password, its end. */
import type { Element } from "@xmpp/xml";
import type { CallArguments } from "../../worker/contract/calls.ts";
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { Banned } from "../../worker/contract/rooms.ts";
import { failureOfRequest, type RequestError } from "../link/iq.ts";
import { buildAffiliation, buildRole, parseBanned, requestBanned } from "../xep/muc-admin.ts";
import { buildDestruction, buildLocking, parseRoomForm, requestRoomForm } from "../xep/muc-owner.ts";
import type { RoomLink } from "./administration.ts";

type Done = Result<{ readonly done: true }>;
type Asking = Pick<RoomLink, "request">;

const DONE: Done = { ok: true, value: { done: true } };
const NOT_ALLOWED: Failure = { kind: "peer-refused", detail: "not allowed" };

/** Fails with `offline`, and with `peer-refused`: `not allowed`, `last owner` (§10.4, §10.7), `not accepted`. */
export async function affiliate(link: Asking, wanted: CallArguments<"affiliate">): Promise<Done> {
  const { room, jid, affiliation, reason } = wanted;
  return ask(link, buildAffiliation(room, jid, affiliation, reason), { conflict: "last owner" });
}

/** Fails with `offline`, and with `peer-refused`: `not allowed`, `not there`, `not accepted`. */
export async function setRole(link: Asking, { room, nick, role, reason }: CallArguments<"setRole">): Promise<Done> {
  // §8.2: of oneself, and of somebody above oneself, a service says `conflict` or `not-allowed`.
  return ask(link, buildRole(room, nick, role, reason), { conflict: "not allowed", "item-not-found": "not there" });
}

/** Fails with `offline`, `peer-refused`. */
export async function banned(link: Asking, room: BareJid): Promise<Result<{ readonly banned: readonly Banned[] }>> {
  const all: Banned[] = [];
  const part = (iq: Element) => all.push(...(parseBanned(iq) ?? []));
  const answer = await link.request(requestBanned(room), { part });
  if (!answer.ok) return { ok: false, error: refusal(answer.error, {}) };
  all.push(...(parseBanned(answer.value) ?? []));
  return { ok: true, value: { banned: all } };
}

/** Whoever enters from now on is asked for it; empty: for nothing. Fails with `offline`, `peer-refused`. */
export async function setPassword(link: Asking, room: BareJid, password: string): Promise<Done> {
  const asked = await link.request(requestRoomForm(room));
  if (!asked.ok) return { ok: false, error: refusal(asked.error, {}) };
  const form = parseRoomForm(asked.value);
  const locking = form && buildLocking(room, form, password);
  return locking ? ask(link, locking, {}) : { ok: false, error: { kind: "peer-refused", detail: "no passwords" } };
}

/** Fails with `offline`, `peer-refused`. */
export async function destroy(link: Asking, wanted: CallArguments<"destroyRoom">): Promise<Done> {
  return ask(link, buildDestruction(wanted.jid, wanted.reason, wanted.instead), {});
}

async function ask(link: Asking, iq: Element, words: Readonly<Record<string, string>>): Promise<Done> {
  const answer = await link.request(iq);
  return answer.ok ? DONE : { ok: false, error: refusal(answer.error, words) };
}

/** §15.5, and what services answer that are less exact about it. */
const WORDS: Readonly<Record<string, string>> = {
  forbidden: "not allowed",
  "not-allowed": "not allowed",
  "not-authorized": "not allowed",
  "registration-required": "not allowed",
  "item-not-found": "no such room",
  "feature-not-implemented": "cannot",
  "service-unavailable": "cannot",
  "not-acceptable": "not accepted",
  "jid-malformed": "not accepted",
  "remote-server-not-found": "room unavailable",
  "remote-server-timeout": "room unavailable",
};

/** What a room refuses, in a detail that browsers have words for. */
export function refusal(error: RequestError, words: Readonly<Record<string, string>>): Failure {
  if (error.kind !== "stanza-error") return failureOfRequest(error);
  const { condition } = error;
  const known = [words, WORDS].find((some) => Object.hasOwn(some, condition));
  return known ? { kind: "peer-refused", detail: known[condition] ?? condition } : NOT_ALLOWED;
}
