/**
 * Drafts and own names of conversations, in every own browser: they travel as choices that the object cannot read. Sealed
 * after a pause, opened when they are told; the newest by its own time stands, so an older one that is told again changes
 * nothing. With a single browser nothing leaves it.
 */
import { SEALED_CHOICES, type SealedName } from "../../../worker/contract/choices.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { Mutex } from "../../../worker/shared/mutex.ts";
import type { Account } from "../account.ts";
import type { Choices } from "../choices/choices.ts";
import { keyIdOf, seal, type SealedText, unseal } from "./seal.ts";
import { isOpen, readTold, sealingIn } from "./key-ring.ts";
import { choiceKeyOf, choiceOf, type ChoiceRow } from "../store/people-rows.ts";
import type { Outbox } from "../sending/outbox.ts";
import { changeChat, chatOf } from "../store/messages.ts";
import type { SealingKey } from "../store/schema.ts";
import type { Unit } from "../store/unit.ts";
import { applyText, contentOf, withState } from "./sealed-content.ts";
import { SealingKeys } from "./sealing-keys.ts";
import { objectNow } from "../object/object-clock.ts";

/** The first contract whose object keeps them. */
const CONTRACT = 6;
/** That nothing stands there is remembered by the object for a while: who comes later has no older copy. */
const EMPTY_KEPT_MS = 7 * 24 * 60 * 60 * 1_000;

type Sealed = { readonly row: ChoiceRow; readonly chat: BareJid; readonly name: SealedName };

export class SealedChoices {
  readonly #account: Account;
  readonly #choices: Choices;
  readonly #keys: SealingKeys;
  #soon: ReturnType<typeof setTimeout> | undefined;
  /** What the object had in an older form, or not at all, is told it once more; not twice, for it may do so for ever. */
  readonly #toldAgain = new Set<string>();
  readonly #running = new Mutex();

  constructor(account: Account, choices: Choices, outbox: Outbox) {
    this.#account = account;
    this.#choices = choices;
    this.#keys = new SealingKeys(account, outbox);
    this.#keys.follow({
      news: () => account.store.inBackground(this.#review(false)),
      closed: () => account.store.inBackground(this.#renew()),
    });
  }

  /** Something was written here: the others are told after a pause. */
  later(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.flush(), this.#account.delays.sealMs);
  }

  /** Does not wait for the pause to be over: somebody leaves. */
  flush(): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    if (!this.#account.store.closed) this.#account.store.inBackground(this.#tell());
  }

  stop(): void {
    this.#keys.stop();
    clearTimeout(this.#soon);
  }

  /** The object has told of choices, or of all that it has. */
  heard(all: boolean): void {
    this.#account.store.inBackground(this.#heard(all));
  }

  async #heard(all: boolean): Promise<void> {
    if (all && (await this.#keys.close())) await this.#renew();
    await this.#review(all);
  }

  /** The account's browsers, or what is known of them, are others. */
  look(): void {
    this.#keys.look();
    this.flush();
  }

  /** What it has is opened, and what it has not is told. */
  async #review(all: boolean): Promise<void> {
    const { store, cache, self } = this.#account;
    await store.work((unit) => readTold(unit, self.jid));
    const rows = [...cache.choices.values()].flatMap(sealedIn);
    const fresh = rows.filter(({ row }) => row.value !== undefined && row.opened === undefined);
    if (fresh.length > 0)
      await store.work(async (unit) => {
        for (const one of fresh) await this.#open(unit, one);
      });
    if (all) {
      await this.#missHere();
      store.inBackground(this.#forgetEmpty());
    }
    this.flush();
  }

  async #open(unit: Unit, { row: { key }, chat, name }: Sealed): Promise<void> {
    const row = await unit.get("choices", key);
    if (row === undefined || row.opened !== undefined || typeof row.value !== "string") return;
    const id = keyIdOf(row.value);
    const sealing = (await sealingIn(unit)).keys.find((one) => one.id === id);
    if (sealing === undefined) {
      this.#keys.miss();
      return;
    }
    const place = { account: this.#account.self.jid, chat, name };
    const text = await unseal(sealing, place, row.value);
    const empty = text?.text === undefined;
    unit.put("choices", { ...row, opened: { at: text?.at ?? 0, ...(empty && { empty }) } });
    if (text !== undefined) await this.#apply(unit, { ...place, sealing, text });
  }

  async #apply(
    unit: Unit,
    told: {
      readonly chat: BareJid;
      readonly name: SealedName;
      readonly sealing: SealingKey;
      readonly text: SealedText;
    },
  ): Promise<void> {
    const { chat, name, text, sealing } = told;
    const known = (await chatOf(unit, chat)).sealed?.[name];
    if (text.at > (known?.at ?? 0)) {
      // Whoever was taken off may have sealed it.
      if (isOpen(sealing)) await applyText(unit, chat, name, text);
    } else if (known !== undefined && text.at < known.at) await this.#again(unit, chat, name);
    // It is told to nobody who has the key that was closed.
    else if (!isOpen(sealing)) await this.#again(unit, chat, name);
  }

  /** What is here stands, and is told again. */
  async #again(unit: Unit, chat: BareJid, name: SealedName): Promise<void> {
    const { sealed } = await chatOf(unit, chat);
    const state = sealed?.[name];
    const key = `${choiceKeyOf({ chat, name })}\n${state?.at}`;
    if (state === undefined || state.untold === true || this.#toldAgain.has(key)) return;
    this.#toldAgain.add(key);
    await changeChat(unit, chat, { sealed: withState(sealed, name, { ...state, untold: true }) });
  }

  /** Keys were closed: what was sealed with them is sealed anew. */
  async #renew(): Promise<void> {
    await this.#account.store.work(async (unit) => {
      const closed = new Set((await sealingIn(unit)).keys.flatMap((key) => (isOpen(key) ? [] : key.id)));
      for (const { row, chat, name } of (await unit.all("choices")).flatMap(sealedIn))
        if (closed.has(keyIdOf(row.pending?.value ?? row.value) ?? "")) await this.#again(unit, chat, name);
    });
    this.flush();
  }

  /** The object has lost it, or does not show it. */
  async #missHere(): Promise<void> {
    await this.#account.store.work(async (unit) => {
      for (const chat of await unit.all("chats"))
        for (const name of SEALED_CHOICES) {
          if (chat.sealed?.[name] === undefined || contentOf(chat, name) === undefined) continue;
          if ((await unit.get("choices", choiceKeyOf({ chat: chat.jid, name }))) === undefined)
            await this.#again(unit, chat.jid, name);
        }
    });
  }

  async #forgetEmpty(): Promise<void> {
    const before = objectNow() - EMPTY_KEPT_MS;
    const old = [...this.#account.cache.choices.values()].flatMap(sealedIn).filter(({ row: { opened, pending } }) => {
      return pending === undefined && opened?.empty === true && opened.at > 0 && opened.at < before;
    });
    if (old.length > 0) await this.#choices.choose(old.map(({ chat, name }) => ({ chat, name })));
  }

  #tell(): Promise<void> {
    return this.#running.run(() => this.#tellAll());
  }

  async #tellAll(): Promise<void> {
    const { store, live, cache } = this.#account;
    const mayBe = live.hellos > 0 && live.contract >= CONTRACT && !cache.behind && !store.closed;
    if (!mayBe || live.browsers.length < 2 || !(await this.#keys.hasReaders())) return;
    if (await this.#keys.close()) await this.#renew();
    const untold = [...cache.chats.values()].flatMap((chat) =>
      SEALED_CHOICES.flatMap((name) => (chat.sealed?.[name]?.untold === true ? [{ jid: chat.jid, name }] : [])),
    );
    for (const { jid, name } of untold) await this.#tellOne(jid, name);
    if (untold.length > 0 && !store.closed) await this.#keys.handOver();
  }

  async #tellOne(chat: BareJid, name: SealedName): Promise<void> {
    const { store, self } = this.#account;
    const sealed = await store.work(async (unit) => {
      const row = await chatOf(unit, chat);
      const state = row.sealed?.[name];
      if (state?.untold !== true) return undefined;
      const content = await outgoing(unit, contentOf(row, name));
      const there = await unit.get("choices", choiceKeyOf({ chat, name }));
      // The object never had it: there is nothing to take back.
      const nothing =
        content === undefined && (there === undefined || (there.opened?.empty === true && !there.pending));
      if (nothing) {
        await changeChat(unit, chat, { sealed: withState(row.sealed, name, { at: state.at }) });
        return undefined;
      }
      const key = await this.#keys.current(unit);
      const place = { account: self.jid, chat, name };
      const value =
        (await seal(key, place, { at: state.at, ...content })) ?? (await seal(key, place, { at: state.at }));
      return value === undefined ? undefined : { value, at: state.at };
    });
    if (sealed === undefined) return;
    const answer = await this.#choices.choose([{ chat, name, value: sealed.value }]);
    // A full object, or one of before this: it is tried again with the next change or socket.
    if (!answer.ok || store.closed) return;
    await store.work(async (unit) => {
      const row = await chatOf(unit, chat);
      const state = row.sealed?.[name];
      if (state?.at !== sealed.at || state.untold !== true) return;
      await changeChat(unit, chat, { sealed: withState(row.sealed, name, { at: state.at }) });
    });
  }
}

function sealedIn(row: ChoiceRow): readonly Sealed[] {
  const { chat, name } = choiceOf(row);
  const sealed = SEALED_CHOICES.find((one) => one === name);
  return chat === undefined || sealed === undefined ? [] : [{ row, chat, name: sealed }];
}

/** Rows have other keys in other browsers: what is answered is named by its entry. */
async function outgoing(
  unit: Unit,
  content: Omit<SealedText, "at"> | undefined,
): Promise<Omit<SealedText, "at"> | undefined> {
  if (content?.reply === undefined) return content;
  const { reply, ...rest } = content;
  const id = (await unit.get("messages", reply))?.id;
  return id === undefined ? rest : { ...rest, reply: id };
}
