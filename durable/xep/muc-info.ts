// XEP-0045: Multi-User Chat, version 1.35.1. What a room says of itself before anybody enters it (§6.4, §15.5.4)

import { LIMITS } from "../../worker/contract/limits.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { RoomDetails } from "../../worker/contract/rooms.ts";
import type { DiscoInfo } from "./disco.ts";
import { integer } from "./element.ts";
import { MEMBERS_ONLY, NON_ANONYMOUS } from "./muc.ts";

const ROOM_INFO = "http://jabber.org/protocol/muc#roominfo";
const OPEN = "muc_open";
const PASSWORD = "muc_passwordprotected";
const NO_PASSWORD = "muc_unsecured";
const HIDING = ["muc_semianonymous", "muc_anonymous", "muc_fullyanonymous"];
const PEOPLE_MAX = 1_000_000;

/** Undefined where it is no room's answer. Of two features that exclude each other one is said, or neither. */
export function roomDetails(jid: BareJid, info: DiscoInfo | undefined): RoomDetails | undefined {
  const identity = info?.identities.find(({ category }) => category === "conference");
  if (info === undefined || identity === undefined) return undefined;
  const says = (...features: readonly string[]) => features.some((feature) => info.features.includes(feature));
  const form = info.forms.find(({ type }) => type === ROOM_INFO);
  const field = (name: string) => form?.fields.find((one) => one.name === `muc#roominfo_${name}`)?.values[0];
  return detailsOf(jid, {
    name: identity.name,
    description: field("description"),
    people: integer(field("occupants"), 0, PEOPLE_MAX),
    membersOnly: says(MEMBERS_ONLY) || (says(OPEN) ? false : undefined),
    password: says(PASSWORD) || (says(NO_PASSWORD) ? false : undefined),
    hides: says(...HIDING) || (says(NON_ANONYMOUS) ? false : undefined),
  });
}

type Said = { readonly [Key in keyof Omit<RoomDetails, "jid" | "missing">]: RoomDetails[Key] | undefined };

/** What is said, as far as it may be shown: names and descriptions of strangers have bounds. */
export function detailsOf(jid: BareJid, said: Said): RoomDetails {
  const short = (text: string | undefined, max: number) => text?.trim().slice(0, max) || undefined;
  const all: Said = {
    ...said,
    name: short(said.name, LIMITS.roomNameLength),
    description: short(said.description, LIMITS.roomDescriptionLength),
  };
  return { jid, ...(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as object) };
}
