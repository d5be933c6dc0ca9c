/** Pictures for tests, made here. */
import { crc32, deflateSync } from "node:zlib";

/** A whole PNG of one colour. `claims`: what its header says of its size; `words`: what a camera would write into it. */
export function png(side: number, colour: number, { claims = side, words = "" } = {}): Buffer {
  const chunk = (name: string, body: Buffer) => {
    const framed = Buffer.concat([Buffer.from(name), body]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length);
    sum.writeUInt32BE(crc32(framed));
    return Buffer.concat([length, framed, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(claims, 0);
  header.writeUInt32BE(claims, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.concat(Array(side).fill(Buffer.concat([Buffer.from([0]), Buffer.alloc(side, colour)])));
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    ...(words === "" ? [] : [chunk("tEXt", Buffer.from(`Comment\0${words}`))]),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
