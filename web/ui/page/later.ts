/** Scripts that are not part of the first ones: fetched when they are wanted, and run only if their hash is the page's. */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import { drop } from "../../../worker/shared/drop.ts";

/** `failed`: it could not be had - offline, or a newer release has taken its place - and may be asked for again. */
export type Fetched<Part> =
  | { readonly state: "loading" }
  | { readonly state: "failed" }
  | { readonly state: "here"; readonly part: Part };

/** A part of the page that is fetched at most once, when it is first wanted; again only after it could not be had. */
export class LaterPart<Part> {
  readonly #fetch: () => Promise<Part>;
  readonly #now = signal<Fetched<Part>>({ state: "loading" });
  #underway = false;

  constructor(fetch: () => Promise<Part>) {
    this.#fetch = fetch;
  }

  get now(): ReadonlySignal<Fetched<Part>> {
    return this.#now;
  }

  /** Nobody waits for it: how it went is in `now`. */
  want(): void {
    if (this.#underway || this.#now.peek().state === "here") return;
    this.#underway = true;
    this.#now.value = { state: "loading" };
    drop(this.#load());
  }

  async #load(): Promise<void> {
    try {
      this.#now.value = { state: "here", part: await this.#fetch() };
    } catch {
      // Whatever the reason is, the words are the same, and the browser's console has it.
      this.#now.value = { state: "failed" };
    } finally {
      this.#underway = false;
    }
  }
}

/**
 * Fetches a script by its hash, so that the dynamic import that follows finds it: `Integrity-Policy` refuses one without,
 * and a dynamic import can name none. Where the page names no such script (while it is being developed) nothing is to be done.
 *
 * @param name of the chunk: `qr` for `web/model/qr.ts`
 * @throws when it cannot be had, or has another hash
 */
export async function fetchLater(name: string): Promise<void> {
  const [address, integrity] =
    document.querySelector<HTMLMetaElement>(`meta[name="later-${name}"]`)?.content.split(" ") ?? [];
  if (address === undefined || integrity === undefined) return;
  const link = document.createElement("link");
  link.rel = "modulepreload";
  link.href = address;
  link.integrity = integrity;
  await new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", () => {
      link.remove();
      reject(new Error(`The script ${name} was not loaded`));
    });
    document.head.append(link);
  });
}
