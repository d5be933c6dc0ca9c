/** What is on no first screen: one script of its own, fetched when it is wanted or a moment after the first screen stands. */
import { effect } from "@preact/signals-core";
import type { ComponentProps } from "preact";
import type { App } from "../model/app.ts";
import type { Place } from "../model/places.ts";
import { drop } from "../../worker/shared/drop.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { searchOf } from "../model/search/message-search.ts";
import { Dialogs } from "./dialogs/dialogs.tsx";
import { Consent as ConsentAsked } from "./gate/consent.tsx";
import { EraseLocked as EraseLockedScreen } from "./gate/erase-locked.tsx";
import { Erasing as ErasingScreen } from "./gate/erasing.tsx";
import { Invited as InvitedNote, takeLink as take } from "./gate/invited.tsx";
import { Register as RegisterScreen } from "./gate/register.tsx";
import { menus } from "./conversation/later-menus.ts";
import { Relation as RelationShown } from "./conversation/relation.tsx";
import { LeftRoom as Left } from "./conversation/room-left.tsx";
import { RoomNotices as AboutRoom } from "./conversation/room-notices.tsx";
import { Stopped as NoWords, StoppedRoom as NoWordsInRoom } from "./conversation/stopped.tsx";
import { TrustBanner as Trust } from "./conversation/trust-banner.tsx";
import { Notices as AllNotices } from "./parts/notices.tsx";
import { PasswordAgain as AgainForm } from "./parts/password-again.tsx";
import { CollectedScreen } from "./people/collected.tsx";
import { DevicesScreen } from "./people/devices.tsx";
import { PersonScreen } from "./people/person.tsx";
import { ProfileScreen } from "./people/profile.tsx";
import { SettingsScreen } from "./settings/settings.tsx";
import { followNotifications } from "./page/notifier.ts";
import { followRinging } from "./page/ringing.ts";
import { useApp } from "./hooks/use-app.ts";
import { useValue } from "./hooks/use-value.ts";
import { RoomPersonDialog } from "./people/room-acts.tsx";
import { RoomMembers } from "./people/room-members.tsx";
import { Landmarks } from "./landmarks.tsx";
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

/** The dialog that is open, if any. */
export function AsideDialog() {
  const app = useApp();
  const dialog = useValue(app.dialog);
  const close = () => {
    app.dialog.value = undefined;
  };
  if (dialog?.kind === "switcher") return <Switcher onClose={close} />;
  if (dialog?.kind === "room-person") return <RoomPersonDialog {...dialog} onClose={close} />;
  return dialog?.kind === "go-to-date" ? <GoToDate chat={dialog.chat} onClose={close} /> : <Dialogs />;
}

/** See `landmarks.tsx`. */
export function AsideLandmarks(properties: ComponentProps<typeof Landmarks>) {
  return <Landmarks {...properties} />;
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

/** See `parts/banners.ts`, as all that follow. */
export function Notices() {
  return <AllNotices />;
}

export function TrustBanner(properties: ComponentProps<typeof Trust>) {
  return <Trust {...properties} />;
}

export function RoomNotices(properties: ComponentProps<typeof AboutRoom>) {
  return <AboutRoom {...properties} />;
}

export function Relation(properties: ComponentProps<typeof RelationShown>) {
  return <RelationShown {...properties} />;
}

export function Stopped(properties: ComponentProps<typeof NoWords>) {
  return <NoWords {...properties} />;
}

export function StoppedRoom(properties: ComponentProps<typeof NoWordsInRoom>) {
  return <NoWordsInRoom {...properties} />;
}

export function LeftRoom(properties: ComponentProps<typeof Left>) {
  return <Left {...properties} />;
}

export function PasswordAgain(properties: ComponentProps<typeof AgainForm>) {
  return <AgainForm {...properties} />;
}

/** See `followNotifications` of `page/notifier.ts`; and what was on its way when a page went is taken up, once that can be done. */
export function notify(app: App): void {
  followNotifications(app);
  followRinging(app);
  effect(() => {
    const later = menus.now.value;
    if (later.state === "here" && app.account.value !== undefined) drop(later.part.resumeUploads(app));
  });
}

/** See `takeLink` of `gate/invited.tsx`. */
export function takeLink(app: App): void {
  take(app);
}

/** See `gate/erase-locked.tsx`. */
export function EraseLocked(properties: ComponentProps<typeof EraseLockedScreen>) {
  return <EraseLockedScreen {...properties} />;
}

/** See `gate/consent.tsx`. */
export function Consent(properties: ComponentProps<typeof ConsentAsked>) {
  return <ConsentAsked {...properties} />;
}

/** See `gate/erasing.tsx`. */
export function Erasing(properties: ComponentProps<typeof ErasingScreen>) {
  return <ErasingScreen {...properties} />;
}

/** See `gate/register.tsx`. */
export function Register(properties: ComponentProps<typeof RegisterScreen>) {
  return <RegisterScreen {...properties} />;
}
