/** The rows of what stands around conversations: people, rooms, what was chosen, what has to be said. */
import type { Choice, ChoiceValue } from "../../../worker/contract/choices.ts";
import type { BareJid, DeviceId, PictureId, Time } from "../../../worker/contract/names.ts";
import type { RoomMember } from "../../../worker/contract/rooms.ts";
import type { Handover } from "../protocol/account.ts";

/** What the person has chosen: as the object told it last, and as it was chosen here since. */
export type ChoiceRow = {
  readonly key: string;
  readonly value?: ChoiceValue | undefined;
  /** Chosen here. `accepted`: at this revision of the object's, which has not told of it yet. */
  /** A sealed one: its value has been opened, and says that there is nothing. 0: it opens with no key. */
  readonly opened?: { readonly at: Time; readonly empty?: true };
  readonly pending?: { readonly value: ChoiceValue | undefined; readonly accepted?: number } | undefined;
};

/** One string per choice: a JID holds no line feed. Those of the person begin with one. */
export function choiceKeyOf({ chat, name }: Pick<Choice, "chat" | "name">): string {
  return `${chat ?? ""}\n${name}`;
}

/** What is shown: what was chosen here last, else what the object has told. */
export function choiceOf({ key, value, pending }: ChoiceRow): Choice {
  const [chat, name = ""] = key.split("\n");
  return { ...(chat && { chat: chat as BareJid }), name, value: pending ? pending.value : value };
}

/** A room as this browser knew it last. */
export type RoomRow = {
  readonly jid: BareJid;
  readonly nick: string;
  /** The account wants to be there. */
  readonly joined: boolean;
  readonly invitedBy?: BareJid;
  /** Members-only and non-anonymous; undefined while that was never told. */
  readonly closed?: boolean;
  /** Was private at some time: nothing goes there in clear by itself any more. */
  readonly wasClosed?: true;
  readonly subject?: string;
  /** What it calls itself. */
  readonly name?: string;
  readonly members?: readonly RoomMember[];
  /** Its list of members is kept from us: `members` are those who were seen there. */
  readonly unlisted?: true;
};

export type ContactRow = {
  readonly jid: BareJid;
  /** What this account calls them. */
  readonly name?: string;
  /** What they call themselves. */
  readonly nick?: string;
  readonly picture?: PictureId;
  readonly subscription: "none" | "to" | "from" | "both";
  readonly asked: boolean;
  readonly request: boolean;
  /** On no list of contacts: the row says only that they were declined or are blocked. */
  readonly unlisted?: true;
  readonly declined?: true;
  readonly blocked?: true;
};

/** The row of somebody who is a contact or wants to become one. */
export function listedContact(row: ContactRow | undefined): ContactRow | undefined {
  return row?.unlisted === true ? undefined : row;
}

export type Notice =
  | Handover
  | {
      readonly kind: "new-device";
      readonly key: string;
      readonly device: DeviceId;
      readonly name?: string;
      /** Both undefined while its keys could not be fetched. */
      readonly fingerprint?: string;
      readonly code?: string;
    }
  | {
      readonly kind: "awaiting";
      readonly key: string;
      readonly by: readonly { readonly device: DeviceId; readonly code?: string }[];
    }
  | { readonly kind: "own-devices"; readonly key: string; readonly devices: number }
  | { readonly kind: "more-devices" | "devices-gone"; readonly key: string; readonly which: readonly DeviceId[] }
  | { readonly kind: "no-archive"; readonly key: string }
  | { readonly kind: "storage-not-kept"; readonly key: string }
  | { readonly kind: "returned"; readonly key: string }
  | { readonly kind: "renewed"; readonly key: string; readonly jid: BareJid; readonly device: DeviceId }
  | { readonly kind: "retold"; readonly key: string; readonly jid: BareJid }
  | { readonly kind: "differs"; readonly key: string; readonly device: DeviceId };

export type NoticeRow = { readonly key: string; readonly notice: Notice; readonly dismissed: boolean };
