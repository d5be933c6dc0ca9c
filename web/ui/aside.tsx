/** What is on no first screen: one script of its own, fetched when it is wanted or a moment after the first screen stands. */
import type { ComponentProps } from "preact";
import type { App } from "../model/app.ts";
import type { Place } from "../model/places.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { Dialogs } from "./dialogs/dialogs.tsx";
import { Invited as InvitedNote, takeInvitation as take } from "./gate/invited.tsx";
import { DevicesScreen } from "./people/devices.tsx";
import { PersonScreen } from "./people/person.tsx";
import { ProfileScreen } from "./people/profile.tsx";
import { RoomMembers } from "./people/room-members.tsx";

/** A screen that is no conversation. */
export function AsideScreen({ place }: { readonly place: Exclude<Place, { readonly screen: "chats" }> }) {
  switch (place.screen) {
    case "devices":
      return <DevicesScreen key={place.of ?? "own"} of={place.of} />;
    case "members":
      return <RoomMembers key={place.of} of={place.of} />;
    case "person":
      return <PersonScreen key={place.of} of={place.of} />;
    case "profile":
      return <ProfileScreen />;
    default:
      return missingCase(place);
  }
}

/** The dialog that is open, if any. */
export function AsideDialog() {
  return <Dialogs />;
}

/** See `gate/invited.tsx`. */
export function Invited(properties: ComponentProps<typeof InvitedNote>) {
  return <InvitedNote {...properties} />;
}

/** See `takeInvitation` of `gate/invited.tsx`. */
export function takeInvitation(app: App, token: string): void {
  take(app, token);
}
