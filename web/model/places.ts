/** Where the reader is, and which dialog is open. */
import type { Failure } from "../../worker/contract/failures.ts";
import type { BareJid, BrowserId, DeviceId } from "../../worker/contract/names.ts";
import { peerOf } from "../../worker/shared/jid.ts";
import type { ServerInvitation } from "./server-invitation.ts";
import type { Collected } from "../engine/protocol/search.ts";
import type { MessageItem, RoomPerson } from "../engine/protocol/conversations.ts";
import type { RoomAct } from "./room-powers.ts";

/** Where the reader is. Goes into the browser's history, so Back works. */
export type Place =
  | { readonly screen: "chats"; readonly chat?: BareJid }
  /** Own devices, or a contact's. */
  | { readonly screen: "devices"; readonly of?: BareJid }
  /** What contacts see of us. */
  | { readonly screen: "profile" }
  /** Who is behind a name; `room`: seen as one of its people; `from`: the conversation in which the name stands. */
  | { readonly screen: "person"; readonly of: BareJid; readonly room?: BareJid; readonly from?: BareJid }
  | { readonly screen: "settings" }
  /** Who belongs to a room. */
  | { readonly screen: "members"; readonly of: BareJid }
  /** Pictures, files and links of a conversation. */
  | { readonly screen: "collected"; readonly of: BareJid; readonly what?: Collected };

export type DialogView =
  | { readonly kind: "new-chat" }
  /** To the first message of a day. */
  | { readonly kind: "go-to-date"; readonly chat: BareJid }
  /** The quick switcher. */
  | { readonly kind: "switcher" }
  /** Our own picture for a browser that is let in, and the camera for its; `device`: that one, else this one is new. */
  | { readonly kind: "browser-picture"; readonly device?: DeviceId }
  /** A browser that the person knows nothing of was signed out. */
  | { readonly kind: "browser-refused"; readonly name: string }
  | { readonly kind: "create-room" }
  /** `room`: this one, which asks for a password. */
  | { readonly kind: "join-room"; readonly room: BareJid; readonly nick?: string }
  /** Rooms of a service, and those that are remembered. */
  | { readonly kind: "find-room" }
  /** The way into a room, to be given to others. */
  | { readonly kind: "room-link"; readonly room: BareJid }
  /** An `xmpp:` link in a message was pressed. */
  | { readonly kind: "open-link"; readonly link: string }
  | { readonly kind: "room-nick"; readonly room: BareJid }
  | { readonly kind: "rename-room"; readonly room: BareJid }
  /** `tried`: whom it was tried to add already. */
  | {
      readonly kind: "invite";
      readonly room: BareJid;
      readonly tried?: { readonly address: string; readonly failure: Failure };
    }
  | { readonly kind: "leave-room"; readonly room: BareJid }
  /** What it is about, what it asks for, whom it lets in no more; its end. */
  | { readonly kind: "room-topic" | "room-password" | "room-banned" | "destroy-room"; readonly room: BareJid }
  /** `tried`: why the one that was chosen while it was made is not there. */
  | { readonly kind: "room-picture"; readonly room: BareJid; readonly tried?: Failure }
  /** What is done about somebody in a room. */
  | {
      readonly kind: "room-act";
      readonly room: BareJid;
      readonly act: RoomAct;
      readonly person: Pick<RoomPerson, "jid" | "nick">;
    }
  /** Somebody whose address a room does not show, or we ourselves. */
  | { readonly kind: "room-person"; readonly room: BareJid; readonly nick: string }
  /** Take somebody else's message away for everybody in a room. */
  | { readonly kind: "moderate"; readonly item: MessageItem }
  /** To somebody in a room alone; `occupant`: the room's id of them; `jid`: where the room shows their address. */
  | {
      readonly kind: "whisper";
      readonly room: BareJid;
      readonly nick: string;
      readonly occupant?: string;
      readonly jid?: BareJid;
      /** What was to be said, and could not be. */
      readonly words?: string;
    }
  /** No contact any more; nothing more from them; nothing of it here any more. */
  | { readonly kind: "rename-contact" | "remove-contact" | "block" | "delete-chat"; readonly jid: BareJid }
  /** For how long; by which name. */
  | { readonly kind: "mute" | "own-name"; readonly jid: BareJid }
  /** The first reaction to an encrypted message: what it says to whom. */
  | { readonly kind: "reactions"; readonly key: string; readonly emojis: readonly string[] }
  /** What was chosen for a conversation could not be kept. */
  | { readonly kind: "not-chosen"; readonly failure: Failure }
  /** Who is blocked or was declined. */
  | { readonly kind: "kept-away" }
  /** What this browser can read, as a file. */
  | { readonly kind: "export" }
  | { readonly kind: "import" }
  /** The sealed copy of what the account's browsers can read. */
  | { readonly kind: "sealed-copy" }
  | { readonly kind: "sign-out" }
  /** An invitation to this deployment was opened by somebody who is here. */
  | { readonly kind: "invited-already" }
  /** Sign out another browser of this account. `gone`: it has signed out by itself and kept its device. */
  | { readonly kind: "revoke"; readonly browser: BrowserId; readonly name: string; readonly gone: boolean }
  | { readonly kind: "revoke-others" }
  /** Of the own account, at its server. */
  | { readonly kind: "change-password" | "delete-account" }
  /** Somebody who is signed in has opened the invitation of a server. */
  | { readonly kind: "server-invitation"; readonly invitation: ServerInvitation }
  | { readonly kind: "shortcuts" }
  | { readonly kind: "stay-online" }
  /** Staying online is off, and the key that was kept for it could not be made worthless. */
  | { readonly kind: "not-renewed" }
  | { readonly kind: "message-info"; readonly item: MessageItem }
  /** Take an own message back. */
  | { readonly kind: "delete-message"; readonly item: MessageItem }
  /** Have it no more in this browser; say them in another conversation. */
  | { readonly kind: "forget-message"; readonly item: MessageItem }
  | { readonly kind: "forward"; readonly items: readonly MessageItem[] }
  /** Several. `all`: they can be taken back from everybody, too. */
  | { readonly kind: "delete-messages"; readonly items: readonly MessageItem[]; readonly all: boolean }
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
  const { screen, chat, of, room, from, what } = fieldsOf(kept);
  const [conversation, whose, where, origin] = [chat, of, room, from].map((jid) => {
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
      return whose && { screen, of: whose, ...(where && { room: where }), ...(origin && { from: origin }) };
    case "members":
      return whose && { screen, of: whose };
    case "collected": {
      const kind = (["media", "files", "links"] as const).find((one) => one === what);
      return whose && { screen, of: whose, ...(kind && { what: kind }) };
    }
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
