/** The words of what has happened in a room: one line, whoever did it named where the room says so. */
import type { RoomChange } from "../../worker/contract/rooms.ts";
import { text, type TextKey } from "../i18n/menus.ts";
import { shownName } from "../words/names.ts";
import { nameOf } from "./chats.ts";

type Chats = Parameters<typeof nameOf>[1];

/** `chats`: what those are called who are not there. */
export function roomLine(what: RoomChange, chats: Chats): string {
  const name = what.jid === undefined ? shownName(what.nick ?? "", "?") : nameOf(what.jid, chats);
  const by = what.by === undefined ? undefined : shownName(what.by, "?");
  const said = { name, by: by ?? "", text: "text" in what ? what.text : "" };
  const line = text(keyOf(what, whoDid(what)), said);
  return what.reason === undefined ? line : text("room-line--reason", { line, reason: what.reason });
}

/** Who is named beside whom it is about: nobody, somebody, or the reader - who may be whom it is about instead, or both. */
type Who = "" | "-by" | "-by-you" | "-you" | "-you-by";

function whoDid({ by, byUs, ofUs }: RoomChange): Who {
  // What we have done to ourselves needs no "yourself".
  if (ofUs === true) return by === undefined || byUs === true ? "-you" : "-you-by";
  if (byUs === true) return "-by-you";
  return by === undefined ? "" : "-by";
}

function keyOf(what: RoomChange, who: Who): TextKey {
  switch (what.change) {
    case "became":
      return `room-line--${what.affiliation}${who}`;
    case "role":
      return `room-line--${what.role}${who}`;
    case "kicked":
      return `room-line--kicked${who}`;
    case "subject": {
      const topic = what.text === "" ? "room-line--no-subject" : "room-line--subject";
      return who === "-you" || who === "-you-by" ? topic : `${topic}${who}`;
    }
    case "name":
      return "room-line--name";
  }
}
