/** What an occupant writes to us alone (XEP-0045 §7.5) is not read here: both sides are told so. */
import type { MessageEvent } from "../ingest/stanza-event.ts";
import { messageError } from "../xep/errors.ts";
import type { RoomLink } from "./administration.ts";
import type { Whisper } from "./events.ts";

/** Its author gets it back with an error; the line for the room says that somebody tried. */
export function sendBack(link: Pick<RoomLink, "send">, { room, nick, from, at, id }: Whisper): readonly MessageEvent[] {
  link.send(messageError(from, id, "not-acceptable"));
  const content = { kind: "unreadable", why: "whisper" } as const;
  return [{ kind: "message", chat: room, sender: room, outgoing: false, at, occupant: { nick }, content }];
}
