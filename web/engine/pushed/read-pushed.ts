/**
 * Reads what a push brings, in the browser's own database and without a live socket: as the engine would, by the same code, in one
 * transaction with the cursor. Runs under the lock (`tabs/briefly.ts`). What the push does not hold is asked for.
 */
import type { BareJid, BrowserId, Cursor, Seq, Time } from "../../../worker/contract/names.ts";
import type { PushMessage } from "../../../worker/contract/push.ts";
import { report } from "../../../worker/shared/report.ts";
import { within } from "../../../worker/shared/within.ts";
import type { Account } from "../account.ts";
import { type Delays, DELAYS } from "../delays.ts";
import type { Remote } from "../object/calls.ts";
import type { ChatSummary, MessageItem, Reason } from "../protocol/conversations.ts";
import { inParallel } from "../in-parallel.ts";
import { lookUp } from "../reading/proofs.ts";
import { isPerson } from "../reading/room-entries.ts";
import { Sync } from "../reading/sync.ts";
import { Telling } from "../reading/telling.ts";
import type { Store } from "../store/store.ts";
import type { Touched } from "../store/touched.ts";
import { openHere } from "./open-here.ts";
import { itemOf } from "../views/message.ts";
import { summariesOf } from "../views/chats.ts";

/** What a push has brought. `items`: rows that are new or have changed, in no order. */
export type PushedNews = {
  readonly account: BareJid;
  /** All conversations, as they are now. */
  readonly chats: readonly ChatSummary[];
  readonly items: readonly MessageItem[];
  /** Conversations of which anything has changed. */
  readonly changed: readonly BareJid[];
  /** Everything that the push is about; else nobody could be asked for the rest, or something has still to be opened. */
  readonly isWhole: boolean;
};

/** A browser that lacks more than this is opened by a person: what is asked for by a push has to end. */
const PAGES_MAX = 10;
/** What an engine with more time will open. */
const WAITING: ReadonlySet<Reason> = new Set<Reason>(["costly", "unproven"]);
/** Devices that are looked up before anything is shown, and how long that is waited for: the next engine looks up all. */
const PROVEN_MAX = 4;
const PROVEN_WITHIN_MS = 4_000;

const nothing = () => undefined;
const nothingYet = async () => undefined;

/**
 * Undefined where it is nothing to this browser as it is now: nobody is signed in, or somebody else; or it has still to read
 * another log from its start, which is done while somebody waits for it. What it answers with `show` is given before: whoever wrote is
 * told after that, which takes seconds. @throws when the disk does not take it, another engine writes, or `show` fails
 */
export async function readPushed(
  message: PushMessage,
  remote: Remote,
  show: (news: PushedNews) => Promise<void>,
  delays: Delays = DELAYS,
): Promise<PushedNews | undefined> {
  const account = await openHere(({ browser }) => browser === message.browser, remote, delays);
  if (account === undefined) return undefined;
  const { store } = account;
  const rows = new Map<string, MessageItem>();
  const changed = new Set<BareJid>();
  store.onCommit(({ messages, chats }: Touched) => {
    for (const chat of chats) changed.add(chat);
    for (const { rows: touched } of messages.values())
      for (const row of touched) if (row.hidden === 0) rows.set(row.key, itemOf(row));
  });
  const sync = syncOf(account, message);
  try {
    if (!(await catchUp(account, sync, message))) return undefined;
    await prove(account, [...rows.values()]);
    await noteInvited(store, message.invited);
    await count(store);
    const isRead = message.perhaps !== true && ((await sync.cursor())?.seq ?? 0) >= message.head;
    const isWhole =
      isRead && ![...rows.values()].some(({ body }) => body.kind === "reason" && WAITING.has(body.reason));
    const news = {
      account: account.self.jid,
      chats: summariesOf(account),
      items: [...rows.values()],
      changed: [...changed],
      isWhole,
    };
    await show(news);
    await tellSenders(account);
    return news;
  } finally {
    sync.stop();
    await store.close();
  }
}

/** False where this browser reads another log, or is too far behind. Where the object cannot be asked, what is here counts. */
async function catchUp(account: Account, sync: Sync, message: PushMessage): Promise<boolean> {
  let cursor = await sync.cursor();
  if (cursor?.epoch !== message.epoch) return false;
  const { after, entries } = message;
  if (entries !== undefined && after !== undefined && after <= cursor.seq)
    await sync.frame({ type: "entries", entries, head: message.head });
  for (let page = 0; page < PAGES_MAX; page += 1) {
    cursor = (await sync.cursor()) as Cursor;
    if (cursor.seq >= message.head) return true;
    const answer = await account.remote.call("entries", { epoch: cursor.epoch, since: cursor.seq, at: cursor.id });
    if (!answer.ok) return true;
    const { epoch, since, head, entries: given } = answer.value;
    if (epoch !== cursor.epoch || since !== cursor.seq) return false;
    if (given.length === 0) return true;
    await sync.frame({ type: "entries", entries: given, head });
  }
  return false;
}

/** Devices that were never met and have just written: what they wrote is shown at once where the object can look them up. */
async function prove(account: Account, rows: readonly MessageItem[]): Promise<void> {
  const unproven = rows.filter(({ body }) => body.kind === "reason" && body.reason === "unproven");
  const authors = new Set(unproven.map(({ author, chat }) => author?.jid ?? chat));
  const newest = account.cache.unproven
    .filter(({ jid, identityKey }) => identityKey === undefined && authors.has(jid))
    .toSorted((a, b) => b.at - a.at)
    .slice(0, PROVEN_MAX);
  if (newest.length === 0) return;
  const proven = inParallel(newest, PROVEN_MAX, async (device) => void (await lookUp(account, device)));
  account.store.inBackground(proven);
  // What fails is reported there, and all else is shown.
  await within(
    proven.catch(() => undefined),
    PROVEN_WITHIN_MS,
    undefined,
  );
}

/** Who asks into a room is told by no entry: as the object's frame would have it (`rooms/rooms.ts`). */
async function noteInvited(store: Store, invited: PushMessage["invited"] = []): Promise<void> {
  if (invited.length === 0) return;
  await store.work(async (unit) => {
    for (const { room: jid, by } of invited) {
      const before = await unit.get("rooms", jid);
      if (before?.joined === true || before?.invitedBy === by || (await isPerson(unit, jid))) continue;
      unit.put("rooms", { nick: "", joined: false, ...before, jid, invitedBy: by });
    }
  });
}

/** What was decrypted here has arrived; where that cannot be told now, the next engine tells it. */
async function tellSenders(account: Account): Promise<void> {
  const telling = new Telling(account, () => true);
  try {
    await telling.tell();
  } catch (error) {
    report("it could not be told what has arrived", error);
  } finally {
    telling.stop();
  }
}

async function count({ cache }: Store): Promise<void> {
  const uncounted = [...cache.chats.keys()].filter((jid) => !cache.isCounted(jid));
  if (uncounted.length > 0) await cache.count(uncounted);
}

/** With nobody to tell anything. */
function syncOf(account: Account, { contract }: PushMessage): Sync {
  account.live.contract = contract;
  return new Sync(account, {
    send: nothing,
    stateChanged: nothing,
    presenceChanged: nothing,
    typingTold: nothing,
    devicesChanged: nothing,
    roomsTold: nothingYet,
    choicesTold: nothingYet,
    copyTold: nothing,
    occupantsTold: nothingYet,
    caughtUp: nothing,
    attached: nothing,
    bye: nothing,
    stalled: nothing,
  });
}

/** For whoever checks that a push is one of ours before anything is opened. */
export function isPushMessage(value: unknown): value is PushMessage {
  if (typeof value !== "object" || value === null) return false;
  const { browser, epoch, head, contract, now } = value as Partial<Record<keyof PushMessage, unknown>>;
  const isNamed = isText<BrowserId>(browser) && isText<string>(epoch);
  return isNamed && isNumber<Seq>(head) && isNumber<number>(contract) && isNumber<Time>(now);
}

function isText<T extends string>(value: unknown): value is T {
  return typeof value === "string";
}

function isNumber<T extends number>(value: unknown): value is T {
  return typeof value === "number";
}
