/** What a room is (XEP-0030), and making it a private one (XEP-0045 §10.1): questions to the room and their answers. */
import type { Element } from "@xmpp/xml";
import type { BareJid } from "../worker/contract.ts";
import type { RequestResult } from "./link/iq.ts";
import { parseInfo, requestInfo } from "./xep/disco.ts";
import { buildInstantRoom, buildPrivateRoom, parseRoomForm, requestRoomForm } from "./xep/muc-owner.ts";

export interface RoomLink {
  readonly live: boolean;
  send(stanza: Element): boolean;
  sendText(stanza: string): boolean;
  request(iq: Element): Promise<RequestResult>;
}

/**
 * What the room announces; none where it says nothing of itself, because it is to be made first or keeps to itself.
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
