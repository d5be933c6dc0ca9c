import type { RoomChange } from "../../../worker/contract/rooms.ts";
import { roomLine } from "../../model/room-line.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";

/** What has happened in a room. */
export function RoomLine({ what }: { readonly what: RoomChange }) {
  return <bdi>{roomLine(what, useValue(useApp().chats))}</bdi>;
}
