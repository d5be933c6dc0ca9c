/** The engine behind its protocol: passes what a page asks to the desk of whoever is signed in. */
import type { BareJid, BrowserId, DeviceId, Position, Result } from "../../worker/contract.ts";
import type { Desk } from "./session/signed-in.ts";
import { localOf } from "../../worker/shared/jid.ts";
import { typedJid } from "./address.ts";
import { drop } from "../../worker/shared/drop.ts";
import type { DevicesView, Engine, RoomView, Snapshot, TimelinePage } from "./protocol.ts";
import { Residence, type ResidenceParts } from "./session/session.ts";
import { changeChat } from "./store/messages.ts";

/** A device list older than this is asked for again when its conversation is opened. */
const LIST_AGE_MS = 24 * 60 * 60 * 1_000;

export type EngineParts = Pick<ResidenceParts, "remote" | "openLive" | "userAgent" | "emit">;

const NOT_SIGNED_IN = { ok: false, error: { kind: "not-signed-in" } } as const satisfies Result<never>;

export class AlcoveEngine implements Engine {
  readonly #residence: Residence;
  #visible = false;
  #open: BareJid | undefined;

  constructor(parts: EngineParts) {
    this.#residence = new Residence({
      ...parts,
      opened: (desk) => desk.setVisible(this.#visible),
      refreshed: () => drop(this.open({ chat: this.#open })),
      roomsTold: (rooms) => {
        const [open, desk] = [this.#open, this.#residence.desk];
        if (open !== undefined && rooms.includes(open) && desk?.rooms.isUnasked(open)) drop(this.open({ chat: open }));
      },
    });
  }

  #signedIn(): Promise<Desk | undefined> {
    return this.#residence.signedIn();
  }

  /** Opens the account that is signed in here, from the store alone. */
  boot(): Promise<void> {
    return this.#residence.boot();
  }

  /** Ends this engine: another one takes over. */
  stop(): Promise<void> {
    return this.#residence.stop();
  }

  async attach({ visible }: { readonly visible: boolean }): Promise<Snapshot> {
    await this.boot();
    await this.visible({ visible });
    return this.snapshot();
  }

  snapshot(): Snapshot {
    return this.#residence.snapshot();
  }

  async visible({ visible }: { readonly visible: boolean }): Promise<void> {
    if (this.#visible === visible) return;
    this.#visible = visible;
    this.#residence.desk?.setVisible(visible);
  }

  signIn(args: Parameters<Engine["signIn"]>[0]): ReturnType<Engine["signIn"]> {
    return this.#residence.signIn(args);
  }

  signOut(args: Parameters<Engine["signOut"]>[0]): ReturnType<Engine["signOut"]> {
    return this.#residence.signOut(args);
  }

  async timeline({ chat, before }: { readonly chat: BareJid; readonly before?: Position }): Promise<TimelinePage> {
    return (
      (await (await this.#signedIn())?.views.timeline(chat, before)) ?? {
        chat,
        items: [],
        more: "none",
        beforeDevice: 0,
      }
    );
  }

  async older({ chat }: { readonly chat: BareJid }): ReturnType<Engine["older"]> {
    return (await (await this.#signedIn())?.history.older(chat)) ?? NOT_SIGNED_IN;
  }

  async open({ chat }: { readonly chat: BareJid | undefined }): Promise<void> {
    this.#open = chat;
    const desk = await this.#signedIn();
    if (chat === undefined || desk === undefined) return;
    if (desk.rooms.isRoom(chat)) {
      desk.account.inBackground(this.#lookUp(desk, chat, false));
      return;
    }
    const list = desk.account.mirror.deviceLists.get(chat);
    const old = list !== undefined && list.at < Date.now() - LIST_AGE_MS;
    desk.account.inBackground(this.#lookUp(desk, chat, old));
  }

  async send({ client, chat, text, replaces, reply }: Parameters<Engine["send"]>[0]): ReturnType<Engine["send"]> {
    return (await (await this.#signedIn())?.outbox.send(chat, text, client, { replaces, reply })) ?? NOT_SIGNED_IN;
  }

  async retry({ key }: { readonly key: string }): Promise<void> {
    await (await this.#signedIn())?.outbox.retry(key);
  }

  async discard({ key }: { readonly key: string }): Promise<void> {
    await (await this.#signedIn())?.outbox.discard(key);
  }

  async read({ chat, position }: { readonly chat: BareJid; readonly position: Position }): Promise<void> {
    await (await this.#signedIn())?.read(chat, position);
  }

  async start({ address }: { readonly address: string }): Promise<Result<{ readonly chat: BareJid }>> {
    const desk = await this.#signedIn();
    if (desk === undefined) return NOT_SIGNED_IN;
    const chat = typedJid(address);
    if (chat === undefined) return { ok: false, error: { kind: "address-invalid" } };
    await desk.account.work((unit) => changeChat(unit, chat, {}));
    await this.open({ chat });
    return { ok: true, value: { chat } };
  }

  async contact(args: {
    readonly jid: BareJid;
    readonly action: "add" | "accept" | "decline" | "remove";
  }): Promise<Result<{ readonly done: true }>> {
    return (await this.#signedIn())?.account.remote.call("contact", args) ?? NOT_SIGNED_IN;
  }

  async room({
    address,
    action,
  }: {
    readonly address: string;
    readonly action: "join" | "leave" | "decline";
  }): Promise<Result<{ readonly chat: BareJid }>> {
    const desk = await this.#signedIn();
    if (desk === undefined) return NOT_SIGNED_IN;
    const room = typedJid(address);
    if (room === undefined) return { ok: false, error: { kind: "address-invalid" } };
    if (action !== "join") return desk.rooms.leave(room);
    const { jid } = desk.account.self;
    const answer = await desk.rooms.join(room, localOf(jid));
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
    const desk = await this.#signedIn();
    const jid = typedJid(address);
    if (jid === undefined) return { ok: false, error: { kind: "address-invalid" } };
    const answer = (await desk?.rooms.invite(room, jid)) ?? NOT_SIGNED_IN;
    desk?.views.chatsChanged([room]);
    return answer;
  }

  async roomService(args: Record<string, never>): Promise<Result<{ readonly service: string }>> {
    return (await this.#signedIn())?.account.remote.call("roomService", args) ?? NOT_SIGNED_IN;
  }

  async members({ room }: { readonly room: BareJid }): Promise<RoomView> {
    return (await (await this.#signedIn())?.rooms.view(room)) ?? { room, people: [], manages: false };
  }

  async revoke(args: { readonly browser: BrowserId | "others" }): Promise<Result<{ readonly done: true }>> {
    return (await this.#signedIn())?.account.remote.call("revoke", args) ?? NOT_SIGNED_IN;
  }

  async stayOnline(args: { readonly on: boolean }): Promise<Result<{ readonly on: boolean }>> {
    return (await this.#signedIn())?.account.remote.call("stayOnline", args) ?? NOT_SIGNED_IN;
  }

  async expose({ chat }: { readonly chat: BareJid }): Promise<void> {
    await (await this.#signedIn())?.account.work((unit) => changeChat(unit, chat, { exposed: true }));
  }

  async checkEncryption({ chat }: { readonly chat: BareJid }): Promise<void> {
    const desk = await this.#signedIn();
    if (desk === undefined) return;
    desk.account.forgetBadBundles();
    await this.#lookUp(desk, chat, true);
  }

  async devices({ jid }: { readonly jid: BareJid | undefined }): Promise<DevicesView> {
    const desk = await this.#signedIn();
    if (desk === undefined) return { jid: jid ?? ("" as BareJid), devices: [] };
    const view = await desk.views.devices(jid);
    desk.account.inBackground(desk.keeper.own.pinListed(view.jid));
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

  async verifyLink({ jid, link }: Parameters<Engine["verifyLink"]>[0]): ReturnType<Engine["verifyLink"]> {
    return (await this.#signedIn())?.keeper.own.verifyLink(jid, link) ?? NOT_SIGNED_IN;
  }

  async removeDevice(args: { readonly device: DeviceId }): ReturnType<Engine["removeDevice"]> {
    return (await this.#signedIn())?.keeper.own.remove(args.device) ?? NOT_SIGNED_IN;
  }

  async dismiss({ notice }: { readonly notice: string }): Promise<void> {
    await (await this.#signedIn())?.account.work(async (unit) => {
      const row = await unit.get("notices", notice);
      if (row !== undefined) unit.put("notices", { ...row, dismissed: true });
    });
  }

  async reconnect(): Promise<void> {
    await (await this.#signedIn())?.reconnect();
  }

  async #lookUp(desk: Desk, chat: BareJid, fresh: boolean): Promise<void> {
    const room = desk.rooms.isRoom(chat);
    if (room && fresh) await desk.rooms.check(chat);
    const before = desk.views.encryptionOf(chat);
    const answer = room ? await desk.rooms.learn(chat) : await desk.account.devices(chat, fresh);
    if (answer.ok) desk.outbox.pump();
    if (this.#residence.desk === desk && (room || desk.views.encryptionOf(chat) !== before))
      desk.views.chatsChanged([chat]);
  }
}
