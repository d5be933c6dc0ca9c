/** What sort of room it is, by its own word (XEP-0045 §6.4). What is only half said is not said: nobody knows it then. */
import type { BareJid } from "../../worker/contract/names.ts";
import { cut } from "../../worker/shared/cut.ts";
import type { RequestError } from "../link/iq.ts";
import { type DiscoInfo, parseInfo, requestInfo } from "../xep/disco.ts";
import { MEMBERS_ONLY, NON_ANONYMOUS } from "../xep/muc.ts";
import type { RoomLink } from "./administration.ts";

/** What a room announces (XEP-0030, XEP-0128): its features, and its name where it has one. */
export type Announced = {
  readonly features: readonly string[];
  readonly name?: string;
  /** Whoever may speak may say what it is about (§8.1). */
  readonly anySubject?: true;
};

/**
 * `told`: by the room itself. `missing`: there is no such room (yet). `unknown`: an error, half an answer, or none in time:
 * that says nothing about who can read there. `lost`: the stream has ended.
 */
export type RoomAnswer =
  | { readonly kind: "told"; readonly announced: Announced }
  | { readonly kind: "missing" | "unknown" | "lost" };

/** Whose addresses are hidden, and from whom (§15.3, and names of older servers). */
const HIDING = ["muc_semianonymous", "muc_anonymous", "muc_fullyanonymous", "muc_fully_anonymous"];
const NAME_LENGTH_MAX = 200;

/** Asks the room what it is. */
export async function askRoom(link: Pick<RoomLink, "request">, room: BareJid): Promise<RoomAnswer> {
  const answer = await link.request(requestInfo(room));
  if (!answer.ok) return { kind: saidBy(answer.error) };
  const announced = announcedBy(parseInfo(answer.value));
  return announced ? { kind: "told", announced } : { kind: "unknown" };
}

/** What an answer says of a room; undefined where it is not the whole of it, or not a room's. */
export function announcedBy(info: DiscoInfo | undefined): Announced | undefined {
  const room = info?.identities.find(({ category }) => category === "conference");
  if (info === undefined || room === undefined) return undefined;
  const says = (features: readonly string[]) => features.some((feature) => info.features.includes(feature));
  // Gateways, whose rooms are of another type, announce no such words: their rooms are open by nature.
  const whole = room.type === "text" ? info.features.some((name) => name.startsWith("muc_")) : info.features.length > 0;
  const half = says([MEMBERS_ONLY]) && !says([NON_ANONYMOUS, ...HIDING]);
  if (!whole || half) return undefined;
  const name = cut(room.name?.trim() ?? "", NAME_LENGTH_MAX);
  return { features: info.features, ...(name && { name }), ...(letsAnybodySay(info) && { anySubject: true }) };
}

/** §15.3.2 and, as Prosody calls it, §15.3.3. */
const CHANGE_SUBJECT = ["muc#roominfo_changesubject", "muc#roomconfig_changesubject"];

function letsAnybodySay({ forms }: DiscoInfo): boolean {
  const fields = forms.flatMap((form) => form.fields);
  return fields.some(({ name, values }) => CHANGE_SUBJECT.includes(name) && ["1", "true"].includes(values[0] ?? ""));
}

function saidBy(error: RequestError): "missing" | "unknown" | "lost" {
  if (error.kind === "lost") return "lost";
  return error.kind === "stanza-error" && error.condition === "item-not-found" ? "missing" : "unknown";
}
