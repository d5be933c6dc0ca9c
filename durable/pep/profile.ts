/** What we call ourselves and how we look, published for those who may see our presence (XEP-0172, XEP-0084). */
import type { NewPicture } from "../../worker/contract/calls.ts";
import type { Result } from "../../worker/contract/failures.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { PictureId } from "../../worker/contract/names.ts";
import { fromBase64 } from "../../worker/shared/base64.ts";
import { toHex } from "../../worker/shared/hex.ts";
import { pictureId } from "../../worker/shared/picture.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import { failureOfRequest, type RequestResult } from "../link/iq.ts";
import type { PictureEvent } from "../ingest/stanza-event.ts";
import type { Stores } from "../store/stores.ts";
import {
  buildMetadata,
  buildNoMetadata,
  buildPicture,
  isPictureOf,
  NS_AVATAR_DATA,
  NS_AVATAR_METADATA,
} from "../xep/avatar.ts";
import { buildNick, NS_NICK } from "../xep/nick.ts";
import { CONTACTS_NODE } from "../xep/pubsub.ts";
import { buildDeleteNode } from "../xep/pubsub-owner.ts";
import { publishItem } from "./publish.ts";

type Done = Result<{ readonly done: true }>;
type Link = Pick<CurrentLink, "request">;

const DONE: Done = { ok: true, value: { done: true } };
const MALFORMED: Done = { ok: false, error: { kind: "malformed" } };

/** Empty: nothing any more. The server's event says the same once more. Fails with `offline`, `peer-refused`. */
export async function setNick(stores: Stores, link: Link, nick: string): Promise<Done> {
  const name = nick.trim();
  const answer = await publishItem(link, NS_NICK, buildNick(name), CONTACTS_NODE);
  if (!answer.ok) return failed(answer);
  stores.turn(() => stores.contacts.setNick(stores.meta.account, name === "" ? undefined : name));
  return DONE;
}

/**
 * Its bytes first, then what is told of it (XEP-0084 §4.1); without one nothing is told any more, and the bytes go. Fails
 * with `offline`, `peer-refused`, `malformed`.
 */
export async function setPicture(stores: Stores, link: Link, picture: NewPicture | undefined): Promise<Done> {
  const told = (id?: PictureEvent["id"]) =>
    stores.turn(() =>
      stores.contacts.setPicture({ kind: "picture", jid: stores.meta.account, by: "node", ...(id && { id }) }),
    );
  if (picture === undefined) {
    const answer = await publishItem(link, NS_AVATAR_METADATA, buildNoMetadata(), CONTACTS_NODE);
    if (!answer.ok) return failed(answer);
    told();
    // Nobody is shown it any more, but who kept its name could still fetch it: that it is gone is said only where it is.
    const gone = await link.request(buildDeleteNode(NS_AVATAR_DATA));
    return gone.ok || isMissing(gone.error) ? DONE : failed(gone);
  }
  const { type, data, width, height } = picture;
  const checked = await checkPicture(picture);
  if (checked === undefined) return MALFORMED;
  const { id, bytes } = checked;
  const kept = await publishItem(link, NS_AVATAR_DATA, buildPicture(id, data), CONTACTS_NODE);
  if (!kept.ok) return failed(kept);
  const metadata = buildMetadata({ id, type, bytes, width, height });
  const answer = await publishItem(link, NS_AVATAR_METADATA, metadata, CONTACTS_NODE);
  if (!answer.ok) return failed(answer);
  told(id);
  return DONE;
}

/** A picture's name and its length in bytes; undefined where it is not what it says, or too large. */
export async function checkPicture({
  type,
  data,
}: NewPicture): Promise<{ readonly id: PictureId; readonly bytes: number } | undefined> {
  const bytes = fromBase64(data);
  if (bytes === undefined || bytes.length > LIMITS.ownPictureBytes || !isPictureOf(type, data)) return undefined;
  const id = pictureId(toHex(new Uint8Array(await crypto.subtle.digest("SHA-1", bytes))));
  return id && { id, bytes: bytes.length };
}

function isMissing(error: (RequestResult & { readonly ok: false })["error"]): boolean {
  return error.kind === "stanza-error" && error.condition === "item-not-found";
}

function failed(answer: RequestResult & { readonly ok: false }): Done {
  return { ok: false, error: failureOfRequest(answer.error) };
}
