/** Frames of a WebSocket (RFC 6455 §5): ours are masked, the server's are not. */
import { randomBytes } from "node:crypto";

const FINAL = 0x80;
const MASKED = 0x80;
const MOST_BYTES = 1024 * 1024;

export const OPCODES = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;

export type Frame = { readonly opcode: number; readonly final: boolean; readonly payload: Buffer };

export function buildFrame(opcode: number, payload: Buffer): Buffer {
  const size = payload.length;
  const length = Buffer.alloc(size < 126 ? 1 : size < 65_536 ? 3 : 9);
  length[0] = MASKED | (size < 126 ? size : size < 65_536 ? 126 : 127);
  if (length.length === 3) length.writeUInt16BE(size, 1);
  if (length.length === 9) length.writeBigUInt64BE(BigInt(size), 1);
  const mask = randomBytes(4);
  const masked = payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  return Buffer.concat([Buffer.of(FINAL | opcode), length, mask, masked]);
}

export class FrameReader {
  #bytes = Buffer.alloc(0);

  /** Those that are whole now. @throws where one is larger than a stanza ever is, or masked */
  read(chunk: Buffer): readonly Frame[] {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    const bytes = this.#bytes;
    const [first, second] = bytes;
    if (first === undefined || second === undefined) return undefined;
    if ((second & MASKED) !== 0) throw new RangeError("a masked frame of a server");
    const short = second & 0x7f;
    const start = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
    if (bytes.length < start) return undefined;
    const size = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
    if (size > MOST_BYTES) throw new RangeError("a frame that is too large");
    if (bytes.length < start + size) return undefined;
    this.#bytes = bytes.subarray(start + size);
    return { opcode: first & 0x0f, final: (first & FINAL) !== 0, payload: bytes.subarray(start, start + size) };
  }
}
