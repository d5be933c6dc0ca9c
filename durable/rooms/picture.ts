/** The picture of a room: in its card (XEP-0054), as far as its service keeps one; the room tells everybody (XEP-0153). */
import type { NewPicture } from "../../worker/contract/calls.ts";
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { checkPicture } from "../pep/profile.ts";
import type { Stores } from "../store/stores.ts";
import { buildCardPhoto, requestCard } from "../xep/vcard.ts";
import type { RoomLink } from "./administration.ts";
import { refusal } from "./running.ts";

type Done = Result<{ readonly done: true }>;

const MALFORMED: Done = { ok: false, error: { kind: "malformed" } };

/** Without one it has none any more. Fails with `offline`, `peer-refused`, `malformed`. */
export async function setRoomPicture(
  stores: Stores,
  link: Pick<RoomLink, "request">,
  room: BareJid,
  picture: NewPicture | undefined,
): Promise<Done> {
  const checked = picture && (await checkPicture(picture));
  if (picture !== undefined && checked === undefined) return MALFORMED;
  const card = await link.request(requestCard(room));
  // A room without a card is one without a picture; what cannot be read is not written over.
  const none = !card.ok && card.error.kind === "stanza-error" && card.error.condition === "item-not-found";
  if (!card.ok && !none) return { ok: false, error: refusal(card.error, {}) };
  const kept = await link.request(buildCardPhoto(room, card.ok ? card.value : undefined, picture));
  if (!kept.ok) return { ok: false, error: refusal(kept.error, {}) };
  stores.turn(() => stores.rooms.setPicture(room, checked?.id));
  return { ok: true, value: { done: true } };
}
