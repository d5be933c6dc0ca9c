/** The engine behind its protocol: passes what a page asks to the account that is signed in. */
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid, BrowserId, DeviceId, Position } from "../../worker/contract/names.ts";
import { noteStorage } from "./session/kept-storage.ts";
import type { SignedInAccount } from "./session/signed-in.ts";
import { typedAddress, typedJid } from "./address.ts";
import { type Delays, DELAYS } from "./delays.ts";
import { drop } from "../../worker/shared/drop.ts";
import { Mutex } from "../../worker/shared/mutex.ts";
import type { DevicesView } from "./protocol/account.ts";
import type { RoomView, TimelinePage } from "./protocol/conversations.ts";
import type { Engine, Snapshot } from "./protocol/engine.ts";
import { Session, type SessionParts } from "./session/session.ts";
import { deleteChat, forgetMessages } from "./store/delete-chat.ts";
import { changeChat } from "./store/messages.ts";
import { encryptionOf, isTurnedTo, keptAwayIn } from "./views/chats.ts";
import { devicesOf } from "./views/devices.ts";
import { timelineOf } from "./views/timeline.ts";

/** A device list older than this is asked for again when its conversation is opened. */
const LIST_AGE_MS = 24 * 60 * 60 * 1_000;

export type EngineParts = Pick<SessionParts, "remote" | "openLive" | "userAgent" | "emit"> & {
  /** Default: those of a browser that somebody uses. */
  readonly delays?: Delays;
};

const NOT_SIGNED_IN = { ok: false, error: { kind: "not-signed-in" } } as const satisfies Result<never>;

export class AlcoveEngine implements Engine {
  readonly #session: Session;
  /** Sign-ins and sign-outs, one after the other: tabs ask at the same moment. */
  readonly #turns = new Mutex();
  #visible = false;
  #notifies = false;
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

  async notifies({ on }: { readonly on: boolean }): Promise<void> {
    if (this.#notifies === on) return;
    this.#notifies = on;
    this.#session.current?.setVisible(this.#visible, on);
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

  async older({ chat }: { readonly chat: BareJid }): ReturnType<Engine["older"]> {
    return (await (await this.#signedIn())?.history.older(chat)) ?? NOT_SIGNED_IN;
  }

  async open({ chat }: { readonly chat: BareJid | undefined }): Promise<void> {
    this.#open = chat;
    const signedIn = await this.#signedIn();
    if (chat === undefined || signedIn === undefined) return;
    if (signedIn.rooms.isRoom(chat)) {
      signedIn.account.store.inBackground(this.#lookUp(signedIn, chat, false));
      return;
    }
    const list = signedIn.account.cache.deviceLists.get(chat);
    const old = list !== undefined && list.at < Date.now() - LIST_AGE_MS;
    signedIn.account.store.inBackground(this.#lookUp(signedIn, chat, old));
  }

  async send({ client, chat, text, replaces, reply }: Parameters<Engine["send"]>[0]): ReturnType<Engine["send"]> {
    return (await (await this.#signedIn())?.outbox.send(chat, text, client, { replaces, reply })) ?? NOT_SIGNED_IN;
  }

  async draft({ chat, draft }: Parameters<Engine["draft"]>[0]): Promise<void> {
    await (await this.#signedIn())?.account.store.note((unit) => changeChat(unit, chat, { draft }));
  }

  async react(args: Parameters<Engine["react"]>[0]): ReturnType<Engine["react"]> {
    return (await (await this.#signedIn())?.outbox.react(args)) ?? NOT_SIGNED_IN;
  }

  async retract(args: Parameters<Engine["retract"]>[0]): ReturnType<Engine["retract"]> {
    return (await (await this.#signedIn())?.outbox.retract(args)) ?? NOT_SIGNED_IN;
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
    return (await (await this.#signedIn())?.choices.choose(choices)) ?? NOT_SIGNED_IN;
  }

  async start({ address }: { readonly address: string }): Promise<Result<{ readonly chat: BareJid }>> {
    const signedIn = await this.#signedIn();
    if (signedIn === undefined) return NOT_SIGNED_IN;
    const typed = typedAddress(address);
    if (typed === undefined) return { ok: false, error: { kind: "address-invalid" } };
    const { jid: chat, join } = typed;
    if (join) return this.room({ address, action: "join" });
    // Whoever turns to somebody wants to hear them, too.
    if (signedIn.account.cache.contacts.get(chat)?.declined === true) {
      const allowed = await signedIn.account.remote.call("contact", { jid: chat, action: "allow" });
      if (!allowed.ok) return allowed;
    }
    await signedIn.account.store.work((unit) => changeChat(unit, chat, { deleted: false }));
    await this.open({ chat });
    return { ok: true, value: { chat } };
  }

  async contact(args: Parameters<Engine["contact"]>[0]): ReturnType<Engine["contact"]> {
    return (await this.#signedIn())?.account.remote.call("contact", args) ?? NOT_SIGNED_IN;
  }

  /** What the account answers is all there is to it. */
  async ask({ call, about }: Parameters<Engine["ask"]>[0]): Promise<Result<never>> {
    return ((await (await this.#signedIn())?.account.remote.call(call, about)) ?? NOT_SIGNED_IN) as Result<never>;
  }

  async keptAway(): ReturnType<Engine["keptAway"]> {
    const account = (await this.#signedIn())?.account;
    return account === undefined ? [] : keptAwayIn(account);
  }

  async deleteChat({ chat }: { readonly chat: BareJid }): Promise<void> {
    const account = (await this.#signedIn())?.account;
    if (account !== undefined) await deleteChat(account.store, chat);
  }

  async forget({ keys }: { readonly keys: readonly string[] }): Promise<void> {
    const account = (await this.#signedIn())?.account;
    if (account !== undefined) await forgetMessages(account.store, keys);
  }

  async room({
    address,
    action,
    nick,
    ...more
  }: Parameters<Engine["room"]>[0]): Promise<Result<{ readonly chat: BareJid }>> {
    const signedIn = await this.#signedIn();
    if (signedIn === undefined) return NOT_SIGNED_IN;
    const room = typedJid(address);
    if (room === undefined) return { ok: false, error: { kind: "address-invalid" } };
    if (action !== "join") return signedIn.rooms.leave(room);
    const answer = await signedIn.rooms.join(room, { nick, ...more });
    if (answer.ok) await this.open({ chat: room });
    return answer;
  }

  async invite({
    room,
    address,
  }: {
    readonly room: BareJid;
    readonly address: string;
  }): Promise<Result<{ readonly done: true }>> {
    const signedIn = await this.#signedIn();
    const jid = typedJid(address);
    if (jid === undefined) return { ok: false, error: { kind: "address-invalid" } };
    const answer = (await signedIn?.rooms.invite(room, jid)) ?? NOT_SIGNED_IN;
    signedIn?.views.chatsChanged([room]);
    return answer;
  }

  async sharedRooms({ jid }: { readonly jid: BareJid }): Promise<readonly BareJid[]> {
    return (await this.#signedIn())?.rooms.sharedWith(jid) ?? [];
  }

  async members({ room }: { readonly room: BareJid }): Promise<RoomView> {
    return (await (await this.#signedIn())?.rooms.view(room)) ?? { room, people: [], manages: false };
  }

  async revoke(args: { readonly browser: BrowserId | "others" }): Promise<Result<{ readonly done: true }>> {
    return (await this.#signedIn())?.keeper.own.revoke(args.browser) ?? NOT_SIGNED_IN;
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
    const signedIn = await this.#signedIn();
    if (signedIn === undefined) return { jid: jid ?? ("" as BareJid), devices: [] };
    const view = await devicesOf(signedIn.account, jid);
    signedIn.account.store.inBackground(signedIn.keeper.own.pinListed(view.jid));
    return view;
  }

  async resetSession(to: {
    readonly jid: BareJid;
    readonly device: DeviceId;
  }): Promise<Result<{ readonly done: true }>> {
    return (await this.#signedIn())?.keeper.resetSession(to) ?? NOT_SIGNED_IN;
  }

  async decide(decision: Parameters<Engine["decide"]>[0]): ReturnType<Engine["decide"]> {
    return (await this.#signedIn())?.keeper.own.decide(decision) ?? NOT_SIGNED_IN;
  }

  async devicesSeen({ devices }: Parameters<Engine["devicesSeen"]>[0]): Promise<void> {
    await (await this.#signedIn())?.keeper.own.seen(devices);
  }

  async onlyVerified({ on }: { readonly on?: boolean }): Promise<boolean> {
    const signedIn = await this.#signedIn();
    if (signedIn === undefined) return false;
    const { store, cache } = signedIn.account;
    if (on !== undefined && on !== cache.onlyVerified) {
      await store.work(async (unit) => {
        if (on) unit.put("meta", { name: "onlyVerified", since: Date.now() });
        else unit.delete("meta", "onlyVerified");
      });
      signedIn.views.chatsChanged([
        ...new Set([...cache.chats.keys(), ...cache.contacts.keys(), ...cache.rooms.keys()]),
      ]);
      signedIn.outbox.pump();
    }
    return cache.onlyVerified;
  }

  async verifyLink({ jid, link }: Parameters<Engine["verifyLink"]>[0]): ReturnType<Engine["verifyLink"]> {
    return (await this.#signedIn())?.keeper.own.verifyLink(jid, link) ?? NOT_SIGNED_IN;
  }

  async removeDevice(args: { readonly device: DeviceId }): ReturnType<Engine["removeDevice"]> {
    return (await this.#signedIn())?.keeper.own.remove(args.device) ?? NOT_SIGNED_IN;
  }

  async dismiss({ notice }: { readonly notice: string }): Promise<void> {
    const signedIn = await this.#signedIn();
    await signedIn?.account.store.work(async (unit) => {
      const row = await unit.get("notices", notice);
      if (row !== undefined) unit.put("notices", { ...row, dismissed: true });
    });
    // There is room for the next question.
    signedIn?.account.store.inBackground(signedIn.keeper.own.watch());
  }

  async storage({ kept }: { readonly kept: boolean }): Promise<void> {
    const account = (await this.#signedIn())?.account;
    if (account !== undefined) await noteStorage(account, kept);
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
    const postponed = !room && (await signedIn.keeper.own.meetNewcomers(chat));
    const told = room || looks || postponed || encryptionOf(signedIn.account, chat) !== before;
    if (this.#session.current === signedIn && told) signedIn.views.chatsChanged([chat]);
  }
}
