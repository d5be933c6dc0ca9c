/** Whole requests out of the bytes a browser writes into one connection (RFC 9112), until it becomes a WebSocket. */
const HEAD_END = "\r\n\r\n";

/** `path` without the query. */
export type SeenRequest = { readonly method: string; readonly path: string; readonly body: string };

export class Requests {
  #bytes: Buffer = Buffer.alloc(0);
  #upgraded = false;

  /** The connection carries no requests any more. */
  get upgraded(): boolean {
    return this.#upgraded;
  }

  /**
   * The requests that are complete with these bytes.
   * @throws for a body of unknown length, which no browser sends for a text.
   */
  take(bytes: Buffer): readonly SeenRequest[] {
    if (this.#upgraded) return [];
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const complete: SeenRequest[] = [];
    for (let next = this.#next(); next !== undefined; next = this.#next()) complete.push(next);
    return complete;
  }

  #next(): SeenRequest | undefined {
    const end = this.#bytes.indexOf(HEAD_END);
    if (end < 0) return undefined;
    const [line = "", ...fields] = this.#bytes.subarray(0, end).toString("latin1").split("\r\n");
    const fieldOf = (name: string) =>
      fields
        .find((field) => field.toLowerCase().startsWith(`${name}:`))
        ?.slice(name.length + 1)
        .trim();
    if (fieldOf("transfer-encoding") !== undefined) throw new TypeError("a request in chunks");
    const start = end + HEAD_END.length;
    const length = Number(fieldOf("content-length") ?? 0);
    if (this.#bytes.length < start + length) return undefined;
    const body = this.#bytes.subarray(start, start + length).toString("utf8");
    this.#bytes = this.#bytes.subarray(start + length);
    this.#upgraded = fieldOf("upgrade")?.toLowerCase() === "websocket";
    const [method = "", target = ""] = line.split(" ");
    return { method, path: target.split("?")[0] ?? "", body };
  }
}
