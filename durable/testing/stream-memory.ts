// For tests: a stream's memory without a database.

import type { Outgoing, Resumable, SavedStream, StreamMemory } from "../link/management/resume.ts";

export class InMemoryStream implements StreamMemory {
  #stream: SavedStream | undefined;
  #proved = true;

  load(): SavedStream | undefined {
    return this.#proved ? this.#stream : undefined;
  }

  opened(stream: Resumable): void {
    this.#stream = { ...stream, inbound: 0, acknowledged: 0, unacked: [] };
    this.#proved = true;
  }

  written(_n: number, { id, text }: Outgoing): void {
    const row = { stanza: text, ...(id !== undefined && { id }) };
    this.#change((stream) => ({ ...stream, unacked: [...stream.unacked, row] }));
  }

  acknowledged(n: number): void {
    this.#change((stream) => ({
      ...stream,
      acknowledged: n,
      unacked: stream.unacked.slice(n - stream.acknowledged),
    }));
  }

  received(inbound: number): void {
    this.#change((stream) => ({ ...stream, inbound }));
  }

  resumed(acknowledged: number): void {
    this.#change((stream) => ({ ...stream, acknowledged, unacked: [] }));
    this.#proved = false;
  }

  proved(): void {
    this.#proved = true;
  }

  forget(): void {
    this.#stream = undefined;
  }

  #change(change: (stream: SavedStream) => SavedStream): void {
    if (this.#stream) this.#stream = change(this.#stream);
  }
}
