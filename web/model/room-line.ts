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
  const line = text(keyOf(what, by === undefined), said);
  return what.reason === undefined ? line : text("room-line--reason", { line, reason: what.reason });
}

function keyOf(what: RoomChange, alone: boolean): TextKey {
  switch (what.change) {
    case "became":
      return `room-line--${what.affiliation}${alone ? "" : "-by"}`;
    case "role":
      return `room-line--${what.role}${alone ? "" : "-by"}`;
    case "kicked":
      return alone ? "room-line--kicked" : "room-line--kicked-by";
    case "subject":
      if (what.text === "") return alone ? "room-line--no-subject" : "room-line--no-subject-by";
      return alone ? "room-line--subject" : "room-line--subject-by";
    case "name":
      return "room-line--name";
  }
}
