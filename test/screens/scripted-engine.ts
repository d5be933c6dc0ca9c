/** An engine that plays a script: it answers from fixtures and never changes its mind. */
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { BareJid, ClientId, Time } from "../../worker/contract/names.ts";
import type { FoundRooms, RoomDetails, SavedRoom } from "../../worker/contract/rooms.ts";
import type { DevicesView, LinkOutcome } from "../../web/engine/protocol/account.ts";
import type { KeptAway, MessageItem, RoomView } from "../../web/engine/protocol/conversations.ts";
import type { EngineEvent, Snapshot, ConnectedEngine } from "../../web/engine/protocol/engine.ts";

import { MOUNTAIN, PORTRAIT } from "./pictures.ts";

export type EngineScript = {
  readonly snapshot: Snapshot;
  readonly messages: Readonly<Record<string, readonly MessageItem[]>>;
  readonly beforeDevice?: number;
  /** Names of own browsers that were there before this one. */
  readonly elders?: readonly string[];
  readonly devices?: Readonly<Record<string, DevicesView["devices"]>>;
  readonly members?: RoomView;
  readonly keptAway?: readonly KeptAway[];
  readonly lastSeen?: Time;
  readonly sharedRooms?: readonly BareJid[];
  readonly signIn?: Failure;
  readonly start?: Failure;
  /** What the archive says when older messages are wanted; undefined: the beginning is here. */
  readonly older?: Result<{ readonly complete: boolean; readonly found: boolean }> | "never";
  /** What a pasted link comes to. */
  readonly link?: Result<LinkOutcome>;
  /** What becomes of what the person does with the sealed copy. */
  readonly copy?: Result<{ readonly done: true }>;
  /** Never answers when asked for messages or devices. */
  readonly slow?: boolean;
  /** Where rooms are made, instead of at a service of the own server. */
  readonly roomService?: Result<{ readonly service: string }>;
  /** Rooms on a service's list, what they say of themselves, and those that the account remembers. */
  readonly rooms?: {
    readonly found?: Result<FoundRooms>;
    readonly about?: Readonly<Record<string, RoomDetails>>;
    readonly saved?: { readonly rooms: readonly SavedRoom[]; readonly kept: boolean };
  };
};

const PAGE_ROWS = 50;
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
const nothing = async (): Promise<void> => undefined;

export function scriptedEngine(
  script: EngineScript,
  own: BareJid,
): ConnectedEngine & { readonly tell: (event: EngineEvent) => void } {
  const listeners = new Set<(event: EngineEvent) => void>();
  let sent = 0;
  return {
    tell: (event) => {
      for (const listener of listeners) listener(event);
    },
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    attach: async () => script.snapshot,
    signIn: async () => (script.signIn === undefined ? never() : { ok: false, error: script.signIn }),
    signOut: never,
    timeline: async ({ chat, before, downTo }) => {
      if (script.slow === true) return never();
      const older = (script.messages[chat] ?? []).filter((item) => before === undefined || item.position < before);
      const above = downTo === undefined ? 0 : older.filter((item) => item.position > downTo).length;
      const length = Math.max(PAGE_ROWS, above + PAGE_ROWS / 2);
      return {
        chat,
        items: older.slice(-length),
        more: older.length > length ? "here" : script.older === undefined ? "none" : "server",
        beforeDevice: script.beforeDevice ?? 0,
        elders: script.elders ?? [],
      };
    },
    older: async () => (script.older === undefined || script.older === "never" ? never() : script.older),
    send: async () => ({ ok: true, value: { client: `sent-${sent++}` as ClientId } }),
    noteFile: async () => ({ ok: true, value: { done: true } }),
    react: never,
    retract: never,
    start: async ({ address }) =>
      script.start === undefined
        ? { ok: true, value: { chat: address as BareJid } }
        : { ok: false, error: script.start },
    choose: async () => ({ ok: true, value: { done: true } }),
    contact: async () => ({ ok: true, value: { done: true } }),
    ask: (async ({ call, about }: Parameters<ConnectedEngine["ask"]>[0]) => {
      if (call === "lastSeen") return { ok: true, value: script.lastSeen === undefined ? {} : { at: script.lastSeen } };
      if (call === "roomService")
        return script.roomService ?? { ok: true, value: { service: "conference.example.org", pictures: true } };
      if (call === "findRooms")
        return (
          script.rooms?.found ?? { ok: true, value: { service: "conference.example.org", searches: false, rooms: [] } }
        );
      if (call === "aboutRooms" && "jids" in about)
        return { ok: true, value: { rooms: about.jids.map((jid) => script.rooms?.about?.[jid] ?? { jid }) } };
      if (call === "savedRooms") return { ok: true, value: script.rooms?.saved ?? { rooms: [], kept: true } };
      if (call === "banned") {
        const banned = [{ jid: "eve@tidepool.example", reason: "advertising" }, { jid: "spam.example" }];
        return { ok: true, value: { banned } };
      }
      if (call === "fileService")
        return { ok: true, value: { mostBytes: 10_000_000, limitedBy: "server", leftToday: 1_000_000_000 } };
      if (call === "stayOnline") return never();
      if (call === "inviteNewcomer")
        return {
          ok: true,
          value: { uri: `xmpp:${own}?roster;preauth=TOKEN;ibr=y`, ends: Date.now() + 604_800_000, makesAccount: true },
        };
      if (call !== "picture" || !("id" in about)) return { ok: true, value: { done: true } };
      const picture = [MOUNTAIN, PORTRAIT].find(({ id }) => id === about.id);
      return picture === undefined
        ? { ok: false, error: { kind: "not-found" } }
        : { ok: true, value: { data: picture.data } };
    }) as ConnectedEngine["ask"],
    sharedRooms: async () => script.sharedRooms ?? [],
    keptAway: async () => script.keptAway ?? [],
    deleteChat: async () => ({ ok: true, value: { done: true } }),
    forget: async () => ({ ok: true, value: { done: true } }),
    room: async ({ address }) =>
      script.start === undefined
        ? { ok: true, value: { chat: address as BareJid } }
        : { ok: false, error: script.start },
    writeToKnown: nothing,
    invite: async () => ({ ok: true, value: { done: true } }),
    members: async ({ room }) =>
      script.slow === true ? never() : (script.members ?? { room, people: [], manages: false }),
    devices: async ({ jid }) =>
      script.slow === true
        ? never()
        : {
            jid: jid ?? own,
            devices: script.devices?.[jid ?? own] ?? [],
            ...(jid === undefined && { uri: `xmpp:${own}?omemo-sid-1204558113=${"5e".repeat(32)}` }),
          },
    resetSession: async () => ({ ok: true, value: { done: true } }),
    decide: async () => ({ ok: true, value: { done: true } }),
    onlyVerified: async ({ on }) => on === true,
    letIn: async () => ({ ok: true, value: { done: true } }),
    handover: async () => ({ ok: true, value: { done: true } }),
    copy: async () => script.copy ?? { ok: true, value: { done: true } },
    importHistory: async () => ({ ok: true, value: { how: "wrong-passphrase" } }),
    devicesSeen: async () => undefined,
    verifyLink: async () => script.link ?? never(),
    typing: nothing,
    notifies: nothing,
    removeDevice: never,
    visible: nothing,
    open: nothing,
    draft: nothing,
    retry: nothing,
    discard: nothing,
    read: nothing,
    expose: nothing,
    checkEncryption: nothing,
    revoke: never,
    dismiss: nothing,
    storage: nothing,
    reconnect: nothing,
  };
}
