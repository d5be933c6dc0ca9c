/**
 * Pictures as they are drawn: fetched when one is first shown, a few at a time, checked, and kept in this browser. Until one
 * is here, and where it is none, its owner's initial stands there.
 */
import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import type { FailureKind } from "../../../worker/contract/failures.ts";
import type { BareJid, PictureId } from "../../../worker/contract/names.ts";
import { fromBase64 } from "../../../worker/shared/base64.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { App } from "../../model/app.ts";
import { fetchLater } from "./later.ts";

export type WantedPicture = { readonly jid: BareJid; readonly nick?: string; readonly id: PictureId };

/** Of its caches, by account, and of those of files (`web/engine/media/kept-files.ts`). */
const PREFIX = "alcove-pictures-";
const CACHES = /^alcove-(?:pictures|files)-/;
const AT_ONCE = 3;
/** Pictures that are kept, of 256 KiB at most; most have a tenth of that. */
const KEPT_MAX = 400;
/** In this page's memory at once. */
const SHOWN_MAX = 1_000;
const FOR_NOW: readonly FailureKind[] = ["offline", "too-busy", "internal"];

/** One picture; `asked`: whoever was asked for it, for one of them may name a picture that another has and not hand it out. */
type Shown = { readonly url: Signal<string | undefined>; readonly asked: Set<string> };

export class Pictures {
  readonly #app: App;
  readonly #account: BareJid;
  readonly #shown = new Map<PictureId, Shown>();
  /** To be asked for, and those for which nobody could be asked. */
  readonly #wanted: WantedPicture[] = [];
  readonly #later: WantedPicture[] = [];
  #busy = 0;
  readonly #stop: () => void;

  constructor(app: App, account: BareJid) {
    this.#app = app;
    this.#account = account;
    this.#stop = effect(() => {
      if (app.live.value) this.#ask(this.#later.splice(0));
    });
  }

  /** Its address within this page; undefined while it is not here. */
  of(wanted: WantedPicture): ReadonlySignal<string | undefined> {
    let shown = this.#shown.get(wanted.id);
    if (shown === undefined) {
      shown = { url: signal(undefined), asked: new Set() };
      this.#shown.set(wanted.id, shown);
      this.#forgetOldest();
    }
    const owner = `${wanted.jid}/${wanted.nick ?? ""}`;
    if (shown.url.peek() === undefined && !shown.asked.has(owner)) {
      shown.asked.add(owner);
      this.#ask([wanted]);
    }
    return shown.url;
  }

  /** Somebody may have another picture every second. What is drawn stays drawn; what is drawn anew is asked for again. */
  #forgetOldest(): void {
    for (const [id, { url }] of this.#shown) {
      if (this.#shown.size <= SHOWN_MAX) return;
      this.#shown.delete(id);
      const value = url.peek();
      if (value !== undefined) URL.revokeObjectURL(value);
    }
  }

  /** Another account, or none: nothing of the former stays in memory. */
  end(): void {
    this.#stop();
    for (const { url } of this.#shown.values()) {
      const value = url.peek();
      if (value !== undefined) URL.revokeObjectURL(value);
    }
    this.#shown.clear();
    this.#wanted.length = 0;
  }

  #ask(wanted: readonly WantedPicture[]): void {
    this.#wanted.push(...wanted);
    for (; this.#busy < AT_ONCE && this.#wanted.length > 0; ) {
      const next = this.#wanted.shift();
      if (next === undefined) return;
      this.#busy += 1;
      drop(
        this.#show(next).finally(() => {
          this.#busy -= 1;
          this.#ask([]);
        }),
      );
    }
  }

  async #show(wanted: WantedPicture): Promise<void> {
    // Of many who have the same one, the first has handed it out meanwhile.
    if (this.#shown.get(wanted.id)?.url.peek() !== undefined) return;
    const kept = await keptPictures(this.#account);
    const place = `/picture/${wanted.id}`;
    let blob = await (await kept?.match(place))?.blob();
    if (blob === undefined) {
      blob = await this.#fetch(wanted);
      if (blob !== undefined) await keep(kept, place, blob);
    }
    const url = this.#shown.get(wanted.id)?.url;
    if (blob !== undefined && url !== undefined && url.peek() === undefined) url.value = URL.createObjectURL(blob);
  }

  async #fetch(wanted: WantedPicture): Promise<Blob | undefined> {
    const { jid, nick, id } = wanted;
    const answer = await this.#app.engine.ask({
      call: "picture",
      about: { jid, id, ...(nick !== undefined && { nick }) },
    });
    if (!answer.ok) {
      if (FOR_NOW.includes(answer.error.kind)) this.#later.push(wanted);
      return undefined;
    }
    try {
      await fetchLater("picture");
      const { drawable } = await import("../../model/picture.ts");
      const bytes = fromBase64(answer.value.data);
      return bytes && (await drawable(bytes, id));
    } catch {
      // The script that looks at it could not be had; what nobody has looked at is not drawn.
      this.#later.push(wanted);
      return undefined;
    }
  }
}

/** Some browsers keep nothing in a private window, and say so by an error. */
async function keptPictures(account: BareJid): Promise<Cache | undefined> {
  try {
    return await caches.open(PREFIX + account);
  } catch {
    return undefined;
  }
}

async function keep(cache: Cache | undefined, place: string, picture: Blob): Promise<void> {
  try {
    await cache?.put(place, new Response(picture, { headers: { "content-type": picture.type } }));
    const places = (await cache?.keys()) ?? [];
    for (const old of places.slice(0, Math.max(0, places.length - KEPT_MAX))) await cache?.delete(old);
  } catch {
    // The disk is full: it is shown all the same, and fetched again next time.
  }
}

/**
 * Where nothing of any account is kept in this browser, neither are pictures: whoever erased one may have closed the page
 * before all was gone, so it is looked after at each start.
 */
export function followErasing(app: App): void {
  effect(() => {
    const session = app.session.value;
    if (session.state === "signed-out" && session.account === undefined) drop(forgetPictures());
  });
}

async function forgetPictures(): Promise<void> {
  try {
    for (const name of await caches.keys()) if (CACHES.test(name)) await caches.delete(name);
  } catch {
    // A browser that keeps no caches has none to delete.
  }
}

const known = new WeakMap<App, { readonly account: BareJid; readonly pictures: Pictures }>();

/** The pictures of whoever is signed in here; undefined: nobody is. */
export function picturesOf(app: App): Pictures | undefined {
  const account = app.account.peek();
  const before = known.get(app);
  if (before?.account === account) return before?.pictures;
  before?.pictures.end();
  known.delete(app);
  if (account === undefined) return undefined;
  const pictures = new Pictures(app, account);
  known.set(app, { account, pictures });
  return pictures;
}
