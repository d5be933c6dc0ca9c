/** What a commit was about, for whoever has to do something about it. */
import type { BareJid, EntryId } from "../../../worker/contract/names.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import type { Change } from "./cache.ts";
import { costlySender, type MessageRow } from "./conversation-rows.ts";
import { choiceOf } from "./people-rows.ts";

/** `gone`: the entries of those that are removed. */
export type TouchedMessages = {
  readonly rows: readonly MessageRow[];
  readonly removed: readonly string[];
  readonly gone: readonly EntryId[];
};

export type Touched = {
  readonly chats: ReadonlySet<BareJid>;
  readonly messages: ReadonlyMap<BareJid, TouchedMessages>;
  /** What the person has set for themselves. */
  readonly settings: boolean;
  readonly notices: boolean;
  readonly gaps: boolean;
  readonly devices: ReadonlySet<BareJid>;
  /** A pre-key was used, a key transport is pending, or a session is to be rebuilt. */
  readonly upkeep: boolean;
  /** Somebody is to be told that a message has arrived, or was read. */
  readonly receipts: boolean;
  /** Something is to leave, has left, or never will. */
  readonly outbox: boolean;
  /** Something waits that may be opened now, or once it was looked up. */
  readonly held: boolean;
  /** A key under which own browsers seal has come, was given to one, or is wanted. */
  readonly sealing: boolean;
  /** This database turned out to be older than what was sent from it. */
  readonly behind: boolean;
  /** What this browser has to do with the sealed copy is another. */
  readonly copy: boolean;
};

/** What the changes of one commit are about. */
export function touchedBy(changes: readonly Change[]): Touched {
  const chats = new Set<BareJid>();
  const devices = new Set<BareJid>();
  const messages = new Map<BareJid, { rows: MessageRow[]; removed: string[]; gone: EntryId[] }>();
  const listOf = (jid: BareJid) => {
    const list = messages.get(jid) ?? { rows: [], removed: [], gone: [] };
    messages.set(jid, list);
    return list;
  };
  let settings = false;
  let notices = false;
  let gaps = false;
  let upkeep = false;
  let receipts = false;
  let outbox = false;
  let held = false;
  let sealing = false;
  let behind = false;
  let copy = false;
  for (const change of changes) {
    switch (change.store) {
      case "chats":
      case "contacts":
      case "rooms":
        chats.add(change.key as BareJid);
        break;
      case "deviceLists":
        chats.add(change.key as BareJid);
        devices.add(change.key as BareJid);
        break;
      case "pins":
        if (change.row === undefined) break;
        devices.add(change.row.jid);
        chats.add(change.row.jid);
        break;
      case "choices": {
        const { chat } = choiceOf({ key: String(change.key) });
        if (chat === undefined) settings = true;
        else chats.add(chat);
        break;
      }
      case "notices":
        notices = true;
        break;
      case "gaps":
        gaps = true;
        break;
      case "messages": {
        const { row, deleted } = change;
        const jid = row?.chat ?? deleted?.chat;
        if (jid === undefined) break;
        chats.add(jid);
        if (row === undefined) {
          listOf(jid).removed.push(String(change.key));
          if (deleted?.id !== undefined) listOf(jid).gone.push(deleted.id);
        }
        if (row !== undefined) listOf(jid).rows.push(row);
        held ||= costlySender(row?.retryKey) !== undefined;
        break;
      }
      case "preKeys":
        upkeep ||= change.row?.used !== undefined && change.row.withdrawn === undefined;
        break;
      case "sessions":
        upkeep ||= change.row?.owed !== undefined;
        break;
      case "meta":
        receipts ||= change.row?.name === "receipts" && change.row.owed.length > 0;
        upkeep ||= change.row?.name === "repairs" && change.row.wanted.length > 0;
        held ||= change.row?.name === "held" || change.row?.name === "unproven";
        upkeep ||= change.row?.name === "blocks" && change.row.fresh === true;
        upkeep ||= change.row?.name === "trustTold";
        sealing ||= change.row?.name === "sealing" || change.row?.name === "sealingTold";
        behind ||= change.row?.name === "behind";
        copy ||= change.key === "copy" || change.key === "copySeen";
        break;
      case "identity":
      case "signedPreKeys":
      case "acts":
      case "sheets":
      case "copies":
        break;
      case "outbox":
        outbox = true;
        break;
      default:
        missingCase(change);
    }
  }
  return { chats, devices, messages, settings, notices, gaps, upkeep, receipts, outbox, held, sealing, behind, copy };
}
