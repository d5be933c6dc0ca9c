/**
 * What somebody says is kept beside its page, piece by piece as it is recorded (`web/engine/media/kept-uploads.ts`), until it is
 * sent or thrown away: a page that goes, or is killed, loses none. The next page that opens the conversation has it.
 */
import type { BareJid } from "../../../worker/contract/names.ts";
import { drop as leave } from "../../../worker/shared/drop.ts";
import type { FileReply, FileWork, VoiceName } from "../../engine/protocol/files.ts";
import type { FileAsking } from "./asking.ts";

/** A recording on its way to the disk. */
export interface Keeping {
  /** All that was said so far is there, or on its way there. */
  readonly kept: boolean;
  /** Settles when all that was said so far is there, or was not taken. */
  readonly written: Promise<unknown>;
  add(piece: Blob): void;
  /** It was sent, or nobody wants it any more. */
  drop(): void;
  /** Nobody is here any more whose it is: what is kept of it is there for the next page that they open. */
  leave(): void;
}

export type KeptVoicesParts = {
  readonly asking: Pick<FileAsking, "ask">;
  /** Whether anything was ever kept for this account here: else no worker is begun to look. */
  readonly any: () => Promise<boolean>;
  /** Holds the lock of a name until what this gives is called, or the page goes; undefined: another page has it. */
  readonly hold: (name: string) => Promise<(() => void) | undefined>;
};

/** Milliseconds of any date that anybody lives to see. */
const TIME_DIGITS = 15;

export class KeptVoices {
  readonly #parts: KeptVoicesParts;
  #names: Promise<readonly VoiceName[]> | undefined;

  constructor(parts: KeptVoicesParts) {
    this.#parts = parts;
  }

  begin(chat: BareJid): Keeping {
    // By when it was begun, so that they are read in that order.
    const begun = Date.now().toString().padStart(TIME_DIGITS, "0");
    const name: VoiceName = `${chat}\n${begun} ${crypto.randomUUID()}`;
    return new KeptVoice(this.#parts.asking, name, this.#parts.hold(lockOf(name)));
  }

  /** The oldest that a page has left in this conversation, once; from now on it is this page's. */
  async left(chat: BareJid): Promise<{ readonly recorded: Blob; readonly keeping: Keeping } | undefined> {
    this.#names ??= this.#look();
    for (const name of await this.#names) {
      if (!name.startsWith(`${chat}\n`)) continue;
      const hold = await this.#parts.hold(lockOf(name));
      if (hold === undefined) continue;
      const reply = await asked(this.#parts.asking, { kind: "heard", voice: name });
      if ("heard" in reply) {
        const keeping = new KeptVoice(this.#parts.asking, name, Promise.resolve(hold));
        return { recorded: reply.heard, keeping };
      }
      hold();
    }
    return undefined;
  }

  async #look(): Promise<readonly VoiceName[]> {
    if (!(await this.#parts.any())) return [];
    const reply = await asked(this.#parts.asking, { kind: "voices" });
    return "voices" in reply ? reply.voices : [];
  }
}

class KeptVoice implements Keeping {
  readonly #asking: Pick<FileAsking, "ask">;
  readonly #name: VoiceName;
  readonly #hold: Promise<(() => void) | undefined>;
  #written: Promise<unknown> = Promise.resolve();
  #pieces = 0;
  #kept = true;
  #over = false;

  constructor(asking: Pick<FileAsking, "ask">, name: VoiceName, hold: Promise<(() => void) | undefined>) {
    this.#asking = asking;
    this.#name = name;
    this.#hold = hold;
  }

  get kept(): boolean {
    return this.#kept;
  }

  get written(): Promise<unknown> {
    return this.#written;
  }

  /** A recorder that is stopped gives a last piece: behind the end it is nobody's. */
  add(piece: Blob): void {
    if (this.#over) return;
    const at = this.#pieces;
    this.#pieces += 1;
    // One after the other: behind one that the disk did not take nothing could be played.
    this.#written = this.#written.then(async () => {
      if (!this.#kept || this.#over) return;
      this.#kept = "finished" in (await asked(this.#asking, { kind: "said", voice: this.#name, at, piece }));
    });
  }

  leave(): void {
    if (this.#over) return;
    this.#over = true;
    leave(this.#written.then(async () => (await this.#hold)?.()));
  }

  drop(): void {
    if (this.#over) return;
    this.#over = true;
    leave(
      this.#written.then(async () => {
        await asked(this.#asking, { kind: "unsaid", voice: this.#name });
        (await this.#hold)?.();
      }),
    );
  }
}

function asked(asking: Pick<FileAsking, "ask">, work: FileWork): Promise<FileReply> {
  return new Promise((resolve) => {
    asking.ask(work, resolve);
  });
}

function lockOf(name: VoiceName): string {
  return `alcove-voice:${name}`;
}
