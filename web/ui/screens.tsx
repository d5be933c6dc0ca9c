/** Screens that are no conversation: a script of its own, fetched (`aside.tsx`) when somebody goes to one of them. */
import type { Place } from "../model/places.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { CollectedScreen } from "./people/collected.tsx";
import { DevicesScreen } from "./people/devices.tsx";
import { PersonScreen } from "./people/person.tsx";
import { ProfileScreen } from "./people/profile.tsx";
import { RoomMembers } from "./people/room-members.tsx";
import { SettingsScreen } from "./settings/settings.tsx";

export function OtherScreen({ place }: { readonly place: Exclude<Place, { readonly screen: "chats" }> }) {
  switch (place.screen) {
    case "devices":
      return <DevicesScreen key={place.of ?? "own"} of={place.of} />;
    case "members":
      return <RoomMembers key={place.of} of={place.of} />;
    case "collected":
      return <CollectedScreen key={place.of} {...place} />;
    case "person":
      return <PersonScreen key={place.of} {...place} />;
    case "profile":
      return <ProfileScreen />;
    case "settings":
      return <SettingsScreen />;
    default:
      return missingCase(place);
  }
}
