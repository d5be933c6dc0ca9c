/** Where the reader is, and which dialog is open. */
import type { Failure } from "../../worker/contract/failures.ts";
import type { BareJid, BrowserId, DeviceId } from "../../worker/contract/names.ts";
import { peerOf } from "../../worker/shared/jid.ts";
import type { MessageItem } from "../engine/protocol/conversations.ts";

/** Where the reader is. Goes into the browser's history, so Back works. */
export type Place =
  | { readonly screen: "chats"; readonly chat?: BareJid }
  /** Own devices, or a contact's. */
  | { readonly screen: "devices"; readonly of?: BareJid }
  /** What contacts see of us. */
  | { readonly screen: "profile" }
  /** Who is behind a name. */
  | { readonly screen: "person"; readonly of: BareJid }
  | { readonly screen: "settings" }
  /** Who belongs to a room. */
  | { readonly screen: "members"; readonly of: BareJid };

export type DialogView =
  | { readonly kind: "new-chat" }
  /** To the first message of a day. */
  | { readonly kind: "go-to-date"; readonly chat: BareJid }
  /** The quick switcher. */
  | { readonly kind: "switcher" }
  | { readonly kind: "create-room" }
  /** `room`: this one, which asks for a password. */
  | { readonly kind: "join-room"; readonly room?: BareJid }
  | { readonly kind: "room-nick"; readonly room: BareJid }
  | { readonly kind: "rename-room"; readonly room: BareJid }
  /** `tried`: whom it was tried to add already. */
  | {
      readonly kind: "invite";
      readonly room: BareJid;
      readonly tried?: { readonly address: string; readonly failure: Failure };
    }
  | { readonly kind: "leave-room"; readonly room: BareJid }
  /** No contact any more; nothing more from them; nothing of it here any more. */
  | { readonly kind: "rename-contact" | "remove-contact" | "block" | "delete-chat"; readonly jid: BareJid }
  /** Who is blocked or was declined. */
  | { readonly kind: "kept-away" }
  | { readonly kind: "sign-out" }
  /** An invitation to this deployment was opened by somebody who is here. */
  | { readonly kind: "invited-already" }
  /** Sign out another browser of this account. `gone`: it has signed out by itself and kept its device. */
  | { readonly kind: "revoke"; readonly browser: BrowserId; readonly name: string; readonly gone: boolean }
  | { readonly kind: "revoke-others" }
  | { readonly kind: "shortcuts" }
  | { readonly kind: "stay-online" }
  /** Staying online is off, and the key that was kept for it could not be made worthless. */
  | { readonly kind: "not-renewed" }
  | { readonly kind: "message-info"; readonly item: MessageItem }
  /** Take an own message back. */
  | { readonly kind: "delete-message"; readonly item: MessageItem }
  /** Say it in another conversation; have it no more in this browser. */
  | { readonly kind: "forward" | "forget-message"; readonly item: MessageItem }
  /** This browser was rolled back: erase it and begin as a new device. */
  | { readonly kind: "start-anew" }
  | { readonly kind: "expose"; readonly chat: BareJid }
  /** What is known of one device, and what can be decided about it. */
  | {
      readonly kind: "device";
      readonly jid: BareJid;
      readonly device: DeviceId | undefined;
      /** One that has no device yet is known by this. */
      readonly browser?: BrowserId | undefined;
    }
  | { readonly kind: "rename-browser"; readonly browser: BrowserId; readonly name: string }
  /** Our fingerprints to be scanned, or a contact's to be pasted. */
  | { readonly kind: "own-link" }
  /** The same, for whoever does not know us yet. */
  | { readonly kind: "invite-somebody" }
  /** `link`: the one that led here; `compare`: it was scanned, so nothing is left to ask. */
  | { readonly kind: "verify-link"; readonly jid: BareJid; readonly link?: string; readonly compare?: boolean };

/** What bounds a search (`search/query.ts`). `value`: as it is typed, an address where one was chosen. */
export type SearchFilter = { readonly kind: "from" | "in" | "before" | "after" | "has"; readonly value: string };

/** The list of conversations, with none open. */
export const NOWHERE: Place = { screen: "chats" };

/** An entry of the browser's history. `account`: whose place it is; nobody else's Back and Forward may lead there. */
export type HistoryEntry = {
  readonly account: string | undefined;
  readonly place: Place;
  /** A step of its own, above the list. */
  readonly pushed: boolean;
};

/** Undefined where nothing is kept, or something that this release does not know. */
export function readHistoryEntry(state: unknown): HistoryEntry | undefined {
  const { account, place, pushed } = fieldsOf(state);
  const known = readPlace(place);
  return known && { account: textOf(account), place: known, pushed: pushed === true };
}

function readPlace(kept: unknown): Place | undefined {
  const { screen, chat, of } = fieldsOf(kept);
  const [conversation, whose] = [chat, of].map((jid) => {
    const address = textOf(jid) ?? "";
    return address.includes("/") ? undefined : peerOf(address);
  });
  switch (screen) {
    case "chats":
      return conversation === undefined ? NOWHERE : { screen, chat: conversation };
    case "devices":
      return whose === undefined ? { screen } : { screen, of: whose };
    case "profile":
    case "settings":
      return { screen };
    case "person":
    case "members":
      return whose && { screen, of: whose };
    default:
      return undefined;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
