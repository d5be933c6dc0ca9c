/** How what is handed over is packed: JSON, gzipped, and never unpacked into more than whoever takes it allows. */
import { type Bytes, concat } from "../bytes.ts";

export async function packed(value: unknown): Promise<Bytes> {
  const stream = new Blob([JSON.stringify(value)]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * @param most bytes that it may be once it is unpacked
 * @returns undefined for what is more, what is no such bytes, and what is no JSON
 */
export async function unpacked(bytes: Bytes, most: number): Promise<unknown> {
  const whole = await inflated(bytes, most);
  if (whole === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(whole)) as unknown;
  } catch {
    return undefined;
  }
}

async function inflated(bytes: Bytes, most: number): Promise<Bytes | undefined> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const reader = stream.getReader();
  const parts: Bytes[] = [];
  let length = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      length += next.value.length;
      if (length > most) {
        await reader.cancel();
        return undefined;
      }
      parts.push(next.value);
    }
  } catch {
    // Not gzipped, or cut off: whoever reads it is told that it is nothing.
    return undefined;
  }
  return concat(...parts);
}
