/**
 * What is said and found around the first screens: a script of its own, fetched when it is wanted or a moment after they stand.
 * Screens and dialogs are two more, fetched when one of them is wanted.
 */
import { effect } from "@preact/signals-core";
import type { ComponentProps } from "preact";
import type { App } from "../model/app.ts";
import { drop } from "../../worker/shared/drop.ts";
import { searchOf } from "../model/search/message-search.ts";
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
import { fetchLater } from "./page/later.ts";
import { followNotifications } from "./page/notifier.ts";
import { followRinging } from "./page/ringing.ts";
import { Landmarks } from "./landmarks.tsx";
import { SearchPanel } from "./search/search-panel.tsx";

/** What is wanted less often is a script each, which shares with this one what both need: it is here by then. */
export async function fetchScreens(): Promise<typeof import("./screens.tsx")> {
  await fetchLater("screens");
  return import("./screens.tsx");
}

/** As `fetchScreens`. */
export async function fetchDialogs(): Promise<typeof import("./every-dialog.tsx")> {
  await fetchLater("every-dialog");
  return import("./every-dialog.tsx");
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
