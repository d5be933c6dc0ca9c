/** The engine behind its protocol: passes what a page asks to the account that is signed in. */
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid, BrowserId, DeviceId, Position } from "../../worker/contract/names.ts";
import type { SignedInAccount } from "./session/signed-in.ts";
import { type Delays, DELAYS } from "./delays.ts";
import type { DeviceKeeper } from "./devices/device-keeper.ts";
import { drop } from "../../worker/shared/drop.ts";
import { Mutex } from "../../worker/shared/mutex.ts";
import type { DevicesView } from "./protocol/account.ts";
import type { RoomView, TimelinePage } from "./protocol/conversations.ts";
import type { Engine, Snapshot } from "./protocol/engine.ts";
import { type LaterPart, NOT_LOADED } from "./session/later.ts";
import { Session, type SessionParts } from "./session/session.ts";
import { noteSeen } from "./omemo/trust-pins.ts";
import { changeChat } from "./store/messages.ts";
import { encryptionOf, isTurnedTo } from "./views/chats.ts";
import { timelineOf } from "./views/timeline.ts";

/** A device list older than this is asked for again when its conversation is opened. */
const LIST_AGE_MS = 24 * 60 * 60 * 1_000;

export type EngineParts = Pick<SessionParts, "remote" | "openLive" | "userAgent" | "emit" | "later"> & {
  /** Default: those of a browser that somebody uses. */
  readonly delays?: Delays;
};

/** Something that a person does now and then. */
type Act<T> = (part: LaterPart, signedIn: SignedInAccount) => Promise<Result<T>>;

type Notifies = Parameters<Engine["notifies"]>[0];

const NOT_SIGNED_IN = { ok: false, error: { kind: "not-signed-in" } } as const satisfies Result<never>;

export class AlcoveEngine implements Engine {
  readonly #session: Session;
  /** Sign-ins and sign-outs, one after the other: tabs ask at the same moment. */
  readonly #turns = new Mutex();
  #visible = false;
  #notifies: Notifies = { on: false };
  #open: BareJid | undefined;

  constructor(parts: EngineParts) {
    this.#session = new Session({
      delays: DELAYS,
      ...parts,
      opened: (signedIn) => signedIn.setVisible(this.#visible, this.#notifies),
      refreshed: () => drop(this.open({ chat: this.#open })),
      roomsTold: (rooms) => {
        const [open, signedIn] = [this.#open, this.#session.current];
        if (open !== undefined && rooms.includes(open) && signedIn?.rooms.isUnasked(open))
          drop(this.open({ chat: open }));
      },
    });
  }

  #signedIn(): Promise<SignedInAccount | undefined> {
    return this.#session.signedIn();
  }

  /** What is in the second script. Fails with `not-loaded` where that cannot be had. */
  async #later<T>(act: Act<T>): Promise<Result<T>> {
    const signedIn = await this.#signedIn();
    if (signedIn === undefined) return NOT_SIGNED_IN;
    const part = await this.#session.later();
    return part === undefined ? NOT_LOADED : act(part, signedIn);
  }

  /** The same, and the conversation that it has led into is looked after. */
  async #entering(act: Act<{ readonly chat: BareJid }>): Promise<Result<{ readonly chat: BareJid }>> {
    const answer = await this.#later(act);
    if (answer.ok) await this.open({ chat: answer.value.chat });
    return answer;
  }

  /** What the keeper of this device does. Fails with `not-loaded`. */
  async #kept<T>(act: (keeper: DeviceKeeper) => Promise<T>): Promise<T | typeof NOT_SIGNED_IN | typeof NOT_LOADED> {
    const signedIn = await this.#signedIn();
    if (signedIn === undefined) return NOT_SIGNED_IN;
    const keeper = await signedIn.keeping.here();
    return keeper === undefined ? NOT_LOADED : act(keeper);
  }

  /** Opens the account that is signed in here, from the store alone. */
  boot(): Promise<void> {
    return this.#session.boot();
  }

  /** Ends this engine: another one takes over. */
  stop(): Promise<void> {
    return this.#session.end();
  }

  async attach({ visible }: { readonly visible: boolean }): Promise<Snapshot> {
    await this.boot();
    await this.visible({ visible });
    return this.snapshot();
  }

  snapshot(): Snapshot {
    return this.#session.snapshot();
  }

  async visible({ visible }: { readonly visible: boolean }): Promise<void> {
    if (this.#visible === visible) return;
    this.#visible = visible;
    this.#session.current?.setVisible(visible, this.#notifies);
  }

  async notifies(notifies: Notifies): Promise<void> {
    const { on, rests } = this.#notifies;
    if (on === notifies.on && rests === notifies.rests) return;
    this.#notifies = notifies;
    this.#session.current?.setVisible(this.#visible, notifies);
  }

  async typing({ chat, state }: Parameters<Engine["typing"]>[0]): Promise<void> {
    this.#session.current?.typing(chat, state);
  }

  /** Of two accounts the second takes the place of the first: there is one cookie. The same one twice is one browser. */
  signIn(args: Parameters<Engine["signIn"]>[0]): ReturnType<Engine["signIn"]> {
    return this.#turns.run(() => this.#session.signIn(args));
  }

  /** After a sign-in that is under way, which would come back behind it. */
  signOut(args: Parameters<Engine["signOut"]>[0]): ReturnType<Engine["signOut"]> {
    return this.#turns.run(() => this.#session.signOut(args));
  }

  async timeline({ chat, ...wanted }: Parameters<Engine["timeline"]>[0]): Promise<TimelinePage> {
    const signedIn = await this.#signedIn();
    if (signedIn === undefined) return { chat, items: [], more: "none", beforeDevice: 0 };
    return timelineOf(signedIn.account, chat, wanted);
  }

  older({ chat }: { readonly chat: BareJid }): ReturnType<Engine["older"]> {
    return this.#later(({ historyOf }, { account }) => historyOf(account).older(chat));
  }

  async open({ chat }: { readonly chat: BareJid | undefined }): Promise<void> {
    this.#open = chat;
    const signedIn = await this.#signedIn();
    signedIn?.sealed.flush();
    if (chat === undefined || signedIn === undefined) return;
    if (signedIn.rooms.isRoom(chat)) {
      signedIn.account.store.inBackground(this.#lookUp(signedIn, chat, false));
      return;
    }
    const list = signedIn.account.cache.deviceLists.get(chat);
    const old = list !== undefined && list.at < Date.now() - LIST_AGE_MS;
    signedIn.account.store.inBackground(this.#lookUp(signedIn, chat, old));
  }

  async send({ client, chat, text, ...about }: Parameters<Engine["send"]>[0]): ReturnType<Engine["send"]> {
    return (await (await this.#signedIn())?.outbox.send(chat, text, client, about)) ?? NOT_SIGNED_IN;
  }

  noteFile({ key, seen }: Parameters<Engine["noteFile"]>[0]): ReturnType<Engine["noteFile"]> {
    return this.#later(({ noteFile }, { account: { store } }) => noteFile(store, key, seen));
  }

  async draft({ chat, draft }: Parameters<Engine["draft"]>[0]): Promise<void> {
    await (await this.#signedIn())?.sealed.changed(chat, "draft", { draft });
  }

  react(args: Parameters<Engine["react"]>[0]): ReturnType<Engine["react"]> {
    return this.#later(({ storeReactions }, { account, outbox }) =>
      outbox.act((unit, client) => storeReactions(unit, account, { ...args, client })),
    );
  }

  retract(args: Parameters<Engine["retract"]>[0]): ReturnType<Engine["retract"]> {
    return this.#later(({ storeRetraction }, { outbox }) =>
      outbox.act((unit, client) => storeRetraction(unit, { ...args, client })),
    );
  }

  async retry({ key }: { readonly key: string }): Promise<void> {
    await (await this.#signedIn())?.outbox.retry(key);
  }

  async discard({ key }: { readonly key: string }): Promise<void> {
    await (await this.#signedIn())?.outbox.discard(key);
  }

  async read({ chat, position }: { readonly chat: BareJid; readonly position: Position }): Promise<void> {
    await (await this.#signedIn())?.read.move(chat, position);
  }

  async choose({ choices }: Parameters<Engine["choose"]>[0]): ReturnType<Engine["choose"]> {
    // What only the own browsers may read is never told as it is.
    if (choices.some(({ name }) => name === "name"))
      return this.#later(({ nameChats }, { sealed }) => nameChats(sealed, choices));
    return (await (await this.#signedIn())?.choices.choose(choices)) ?? NOT_SIGNED_IN;
  }

  async start({ address }: { readonly address: string }): Promise<Result<{ readonly chat: BareJid }>> {
    return this.#entering(({ startChat }, { account, choices }) => startChat(account, choices, address));
  }

  async contact(args: Parameters<Engine["contact"]>[0]): ReturnType<Engine["contact"]> {
    return (await this.#signedIn())?.account.remote.call("contact", args) ?? NOT_SIGNED_IN;
  }

  /** What the account answers is all there is to it. */
  async ask({ call, about }: Parameters<Engine["ask"]>[0]): Promise<Result<never>> {
    const signedIn = await this.#signedIn();
    const answer = (await signedIn?.account.remote.call(call, about)) ?? NOT_SIGNED_IN;
    // Before the room tells it by itself: the next message is for whoever belongs to it by then.
    if (call === "affiliate" && "room" in about) signedIn?.rooms.changed(about.room);
    return answer as Result<never>;
  }

  async keptAway(): ReturnType<Engine["keptAway"]> {
    const answer = await this.#later(async ({ keptAwayIn }, { account }) => ({ ok: true, value: keptAwayIn(account) }));
    return answer.ok ? answer.value : [];
  }

  deleteChat({ chat }: Parameters<Engine["deleteChat"]>[0]): ReturnType<Engine["deleteChat"]> {
    return this.#later(({ deleteChat }, { account: { store } }) => deleteChat(store, chat));
  }

  forget({ keys }: Parameters<Engine["forget"]>[0]): ReturnType<Engine["forget"]> {
    return this.#later(({ forgetMessages }, { account: { store } }) => forgetMessages(store, keys));
  }

  async room(args: Parameters<Engine["room"]>[0]): Promise<Result<{ readonly chat: BareJid }>> {
    const act: Act<{ readonly chat: BareJid }> = ({ actOnRoom }, { account }) => actOnRoom(account, args);
    return args.action === "join" ? this.#entering(act) : this.#later(act);
  }

  invite({ room, address }: Parameters<Engine["invite"]>[0]): Promise<Result<{ readonly done: true }>> {
    return this.#later(async ({ inviteInto, typedJid }, { account, rooms, views }) => {
      const jid = typedJid(address);
      if (jid === undefined) return { ok: false, error: { kind: "address-invalid" } };
      const answer = await inviteInto(account, rooms, room, jid);
      views.chatsChanged([room]);
      return answer;
    });
  }

  async sharedRooms(of: Parameters<Engine["sharedRooms"]>[0]): Promise<readonly BareJid[]> {
    const answer = await this.#later(({ sharedWith }, { account, rooms }) => sharedWith(account, rooms, of));
    return answer.ok ? answer.value : [];
  }

  async members({ room }: { readonly room: BareJid }): Promise<RoomView> {
    const answer = await this.#later(async ({ viewOf }, { account, rooms }) => ({
      ok: true,
      value: await viewOf(account, rooms, room),
    }));
    return answer.ok ? answer.value : { room, people: [], manages: false, failure: answer.error };
  }

  async revoke(args: { readonly browser: BrowserId | "others" }): Promise<Result<{ readonly done: true }>> {
    return this.#kept(({ own }) => own.revoke(args.browser));
  }

  async expose({ chat }: { readonly chat: BareJid }): Promise<void> {
    await (await this.#signedIn())?.account.store.work((unit) => changeChat(unit, chat, { exposed: true }));
  }

  async writeToKnown({ chat }: { readonly chat: BareJid }): Promise<void> {
    await (await this.#signedIn())?.account.store.work((unit) => changeChat(unit, chat, { partial: true }));
  }

  async checkEncryption({ chat }: { readonly chat: BareJid }): Promise<void> {
    const signedIn = await this.#signedIn();
    if (signedIn === undefined) return;
    signedIn.account.directory.forgetBadBundles();
    await this.#lookUp(signedIn, chat, true);
  }

  async devices({ jid }: { readonly jid: BareJid | undefined }): Promise<DevicesView> {
    const answer = await this.#later(async ({ devicesOf }, { account }) => {
      const value = await devicesOf(account, jid);
      account.store.inBackground(this.#kept(({ own }) => own.pinListed(value.jid)));
      return { ok: true, value };
    });
    return answer.ok ? answer.value : { jid: jid ?? ("" as BareJid), devices: [], failure: answer.error };
  }

  async resetSession(to: {
    readonly jid: BareJid;
    readonly device: DeviceId;
  }): Promise<Result<{ readonly done: true }>> {
    return this.#kept((keeper) => keeper.resetSession(to));
  }

  async decide(decision: Parameters<Engine["decide"]>[0]): ReturnType<Engine["decide"]> {
    return this.#kept(({ own }) => own.decide(decision));
  }

  async letIn(args: Parameters<Engine["letIn"]>[0]): ReturnType<Engine["letIn"]> {
    return this.#kept(({ siblings }) => siblings.act(args));
  }

  async devicesSeen({ devices }: Parameters<Engine["devicesSeen"]>[0]): Promise<void> {
    const signedIn = await this.#signedIn();
    await signedIn?.account.store.work((unit) => noteSeen(unit, devices));
    // What waited for it leaves.
    signedIn?.outbox.hurry();
  }

  async onlyVerified({ on }: { readonly on?: boolean }): Promise<boolean> {
    const signedIn = await this.#signedIn();
    if (signedIn === undefined) return false;
    if (on !== undefined) await (await this.#session.later())?.setOnlyVerified(signedIn, on);
    return signedIn.account.cache.onlyVerified;
  }

  async verifyLink({ jid, link }: Parameters<Engine["verifyLink"]>[0]): ReturnType<Engine["verifyLink"]> {
    return this.#kept(({ own }) => own.verifyLink(jid, link));
  }

  async removeDevice(args: { readonly device: DeviceId }): ReturnType<Engine["removeDevice"]> {
    return this.#kept(({ own }) => own.remove(args.device));
  }

  handover({ role, device, act }: Parameters<Engine["handover"]>[0]): ReturnType<Engine["handover"]> {
    return this.#kept(({ handovers }) => handovers.act(role, device, act));
  }

  copy(args: Parameters<Engine["copy"]>[0]): ReturnType<Engine["copy"]> {
    return this.#kept(({ copies }) => copies.act(args));
  }

  importHistory({ file, passphrase }: Parameters<Engine["importHistory"]>[0]): ReturnType<Engine["importHistory"]> {
    return this.#later(({ importHistory }, { account }) => importHistory(account, file, passphrase));
  }

  async dismiss({ notice }: { readonly notice: string }): Promise<void> {
    const signedIn = await this.#signedIn();
    await signedIn?.account.store.work(async (unit) => {
      const row = await unit.get("notices", notice);
      if (row !== undefined) unit.put("notices", { ...row, dismissed: true });
    });
    // There is room for the next question.
    signedIn?.account.store.inBackground(this.#kept(({ own }) => own.watch()));
  }

  async storage({ kept }: { readonly kept: boolean }): Promise<void> {
    const account = (await this.#signedIn())?.account;
    // Where it cannot be had: the page says it again at the next visit.
    if (account !== undefined) await (await this.#session.later())?.noteStorage(account, kept);
  }

  async reconnect(): Promise<void> {
    await (await this.#signedIn())?.reconnect();
  }

  async #lookUp(signedIn: SignedInAccount, chat: BareJid, fresh: boolean): Promise<void> {
    const room = signedIn.rooms.isRoom(chat);
    if (room && fresh) await signedIn.rooms.check(chat);
    const { directory } = signedIn.account;
    const before = encryptionOf(signedIn.account, chat);
    const looks = !room && isTurnedTo(signedIn.account, chat);
    if (looks) directory.looking.add(chat);
    const answer = room ? await signedIn.rooms.learn(chat) : await directory.devices(chat, fresh);
    if (looks) await directory.lookFor(chat);
    if (answer.ok) signedIn.outbox.pump();
    const postponed = !room && (await (await signedIn.keeping.here())?.own.meetNewcomers(chat));
    const told = room || looks || postponed || encryptionOf(signedIn.account, chat) !== before;
    if (this.#session.current === signedIn && told) signedIn.views.chatsChanged([chat]);
  }
}
