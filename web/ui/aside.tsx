/** What is on no first screen: one script of its own, fetched when it is wanted or a moment after the first screen stands. */
import type { Place } from "../model/places.ts";
import { Dialogs } from "./dialogs/dialogs.tsx";
import { DevicesScreen } from "./people/devices.tsx";
import { RoomMembers } from "./people/room-members.tsx";

/** A screen that is no conversation. */
export function AsideScreen({ place }: { readonly place: Exclude<Place, { readonly screen: "chats" }> }) {
  if (place.screen === "devices") return <DevicesScreen key={place.of ?? "own"} of={place.of} />;
  return <RoomMembers key={place.of} of={place.of} />;
}

/** The dialog that is open, if any. */
export function AsideDialog() {
  return <Dialogs />;
}
