/** What the engine tells of the account and of the way to it, as it told it last. */
import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Choice, Settings } from "../../worker/contract/choices.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { settingsOf } from "../../worker/shared/choices.ts";
import type { ConnectionView, NoticeView, OwnProfile, SessionView } from "../engine/protocol/account.ts";
import type { ChatSummary, GapView } from "../engine/protocol/conversations.ts";
import type { Snapshot } from "../engine/protocol/engine.ts";
import { lookAlikes } from "../words/names.ts";
import { markAlike, mergeChats, type ShownChat } from "./chats.ts";

/** Whether all hops to the server stand. */
export function isLive({ socket, link }: ConnectionView): boolean {
  return socket === "open" && link?.state === "live";
}

type Chats = ReadonlyMap<BareJid, ChatSummary>;

const NOTICES: Readonly<Record<NoticeView["kind"], true>> = {
  joining: true,
  "letting-in": true,
  "new-device": true,
  awaiting: true,
  "own-devices": true,
  "more-devices": true,
  "devices-gone": true,
  returned: true,
  renewed: true,
  "no-archive": true,
  retold: true,
  differs: true,
  "storage-not-kept": true,
  handover: true,
  "sealed-copy": true,
};

export class Told {
  readonly session = signal<SessionView>({ state: "starting" });
  readonly connection = signal<ConnectionView>({ socket: "connecting", encryption: "starting" });
  /** What our contacts see of us. */
  readonly profile = signal<OwnProfile>({});
  readonly notices = signal<readonly NoticeView[]>([]);
  readonly gaps = signal<readonly GapView[]>([]);
  /** What the person has set for themselves, in whichever of their browsers. */
  readonly settings = signal<Settings>(settingsOf([]));
  readonly #summaries = signal<Chats>(new Map());
  /** The same when a name has changed last: names are compared with all others, messages come every second. */
  readonly #named = signal<Chats>(new Map());

  readonly account: ReadonlySignal<BareJid | undefined> = computed(() => {
    const session = this.session.value;
    return session.state === "signed-in" ? session.account : undefined;
  });
  readonly #alike = computed(() => lookAlikes(this.#named.value.values(), this.account.value));
  readonly chats: ReadonlySignal<ReadonlyMap<BareJid, ShownChat>> = computed(() =>
    markAlike(this.#summaries.value, this.#alike.value),
  );
  /** All hops to the server stand, so what is known of others is so now. */
  readonly live: ReadonlySignal<boolean> = computed(() => isLive(this.connection.value));

  /** All of a snapshot but its session. */
  restore(snapshot: Snapshot): void {
    this.connection.value = snapshot.connection;
    this.#keepChats(mergeChats(new Map(), snapshot.chats), true);
    this.profile.value = snapshot.profile ?? {};
    this.setNotices(snapshot.notices);
    this.gaps.value = snapshot.gaps;
    this.setSettings(snapshot.settings ?? []);
  }

  changeChats(changes: readonly ChatSummary[], removed: readonly BareJid[]): void {
    const before = this.#summaries.peek();
    const renamed = changes.some(({ jid, name }) => before.get(jid)?.name !== name) || removed.length > 0;
    this.#keepChats(mergeChats(before, changes, removed), renamed);
  }

  /** The engine of a tab of the next release may have one for which there are no words here. */
  setNotices(notices: readonly NoticeView[]): void {
    this.notices.value = notices.filter(({ kind }) => kind in NOTICES);
  }

  setSettings(choices: readonly Choice[]): void {
    this.settings.value = settingsOf(choices);
  }

  /** Another account, or none: nothing of the former may stay in memory. */
  empty(): void {
    this.#keepChats(new Map(), true);
    this.profile.value = {};
    this.setNotices([]);
    this.gaps.value = [];
    this.setSettings([]);
  }

  #keepChats(chats: Chats, renamed: boolean): void {
    this.#summaries.value = chats;
    if (renamed) this.#named.value = chats;
  }
}
