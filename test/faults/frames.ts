/** Text messages out of the bytes of one direction of a WebSocket (RFC 6455 §5), after the HTTP heads have passed. */
const FIN = 0x80;
const MASKED = 0x80;
const OPCODE = 0x0f;
const LENGTH = 0x7f;
const CONTROL = 0x08;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const HEAD_END = "\r\n\r\n";

export class Frames {
  #bytes: Buffer = Buffer.alloc(0);
  #head = true;
  #parts: Buffer[] = [];

  /** The messages that are complete with these bytes. */
  take(bytes: Buffer): readonly string[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (this.#head) {
      const end = this.#bytes.indexOf(HEAD_END);
      if (end < 0) return [];
      this.#bytes = this.#bytes.subarray(end + HEAD_END.length);
      this.#head = false;
    }
    const messages: string[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) {
      if (frame.opcode & CONTROL) continue;
      this.#parts.push(frame.payload);
      if (!frame.last) continue;
      messages.push(Buffer.concat(this.#parts).toString("utf8"));
      this.#parts = [];
    }
    return messages;
  }

  #next(): { readonly opcode: number; readonly last: boolean; readonly payload: Buffer } | undefined {
    const bytes = this.#bytes;
    if (bytes.length < 2) return undefined;
    const [first = 0, second = 0] = bytes;
    const short = second & LENGTH;
    const extended = short === LENGTH_16 ? 2 : short === LENGTH_64 ? 8 : 0;
    const mask = second & MASKED ? 4 : 0;
    const start = 2 + extended + mask;
    if (bytes.length < start) return undefined;
    const length = extended === 0 ? short : extended === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < start + length) return undefined;
    const payload = Buffer.from(bytes.subarray(start, start + length));
    if (mask) {
      const key = bytes.subarray(start - mask, start);
      for (let at = 0; at < payload.length; at += 1) payload[at] = (payload[at] ?? 0) ^ (key[at % mask] ?? 0);
    }
    this.#bytes = bytes.subarray(start + length);
    return { opcode: first & OPCODE, last: (first & FIN) !== 0, payload };
  }
}
