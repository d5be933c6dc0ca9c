/** What is on no first screen: one script of its own, fetched when it is wanted or a moment after the first screen stands. */
import type { ComponentProps } from "preact";
import type { App } from "../model/app.ts";
import type { Place } from "../model/places.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { searchOf } from "../model/search/message-search.ts";
import { Dialogs } from "./dialogs/dialogs.tsx";
import { Invited as InvitedNote, takeInvitation as take } from "./gate/invited.tsx";
import { DevicesScreen } from "./people/devices.tsx";
import { PersonScreen } from "./people/person.tsx";
import { ProfileScreen } from "./people/profile.tsx";
import { SettingsScreen } from "./settings/settings.tsx";
import { followNotifications } from "./page/notifier.ts";
import { useApp } from "./hooks/use-app.ts";
import { useValue } from "./hooks/use-value.ts";
import { RoomMembers } from "./people/room-members.tsx";
import { GoToDate } from "./search/go-to-date.tsx";
import { SearchPanel } from "./search/search-panel.tsx";
import { Switcher } from "./search/switcher.tsx";

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
    case "settings":
      return <SettingsScreen />;
    default:
      return missingCase(place);
  }
}

/** The dialog that is open, if any. */
export function AsideDialog() {
  const app = useApp();
  const dialog = useValue(app.dialog);
  const close = () => {
    app.dialog.value = undefined;
  };
  if (dialog?.kind === "switcher") return <Switcher onClose={close} />;
  return dialog?.kind === "go-to-date" ? <GoToDate chat={dialog.chat} onClose={close} /> : <Dialogs />;
}

/** Somebody turns to the search. */
export function warmSearch(app: App): void {
  searchOf(app, "list")?.warm();
}

/** What was found, in the place of the list. */
export function AsideSearch() {
  return <SearchPanel />;
}

/** See `gate/invited.tsx`. */
export function Invited(properties: ComponentProps<typeof InvitedNote>) {
  return <InvitedNote {...properties} />;
}

/** See `followNotifications` of `page/notifier.ts`. */
export function notify(app: App): void {
  followNotifications(app);
}

/** See `takeInvitation` of `gate/invited.tsx`. */
export function takeInvitation(app: App, token: string): void {
  take(app, token);
}
