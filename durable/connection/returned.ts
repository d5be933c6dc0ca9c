/** What came back of the messages that somebody waits for: an error repeats the id of what it is about (RFC 6120 §8.3.1). */

export class Returned {
  readonly #waiting = new Map<string, (condition: string | undefined) => void>();

  /** The condition of the error that comes back within this time; undefined: none did. */
  wait(id: string, withinMs: number): Promise<string | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#end(id, undefined), withinMs);
      this.#waiting.set(id, (condition) => {
        clearTimeout(timer);
        resolve(condition);
      });
    });
  }

  /** A message of ours has come back. */
  take(id: string, condition: string): void {
    this.#end(id, condition);
  }

  #end(id: string, condition: string | undefined): void {
    const settle = this.#waiting.get(id);
    this.#waiting.delete(id);
    settle?.(condition);
  }
}
