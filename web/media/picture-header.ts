/** What the first bytes of a picture say of it, before any decoder sees them. */

export type PictureType = "image/png" | "image/jpeg" | "image/gif" | "image/webp";
export type Size = { readonly width: number; readonly height: number };

/** The type by its first bytes; what is called something else, or is none of these, is none. Never SVG. */
export function pictureType(bytes: Uint8Array): PictureType | undefined {
  if (begins(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return "image/png";
  if (begins(bytes, [0xff, 0xd8, 0xff])) return "image/jpeg";
  if (ascii(bytes, 0, 6) === "GIF87a" || ascii(bytes, 0, 6) === "GIF89a") return "image/gif";
  return ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 4) === "WEBP" ? "image/webp" : undefined;
}

/** How large it is drawn, by its header alone; undefined where that does not say, or the file is cut off. */
export function pictureSize(bytes: Uint8Array, type: PictureType): Size | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case "image/png":
      // The header comes first and IEND last (PNG §5.6).
      return bytes.length < 57 || ascii(bytes, 12, 4) !== "IHDR" || ascii(bytes, bytes.length - 8, 4) !== "IEND"
        ? undefined
        : { width: view.getUint32(16), height: view.getUint32(20) };
    case "image/gif":
      return bytes.length < 14 ? undefined : { width: view.getUint16(6, true), height: view.getUint16(8, true) };
    case "image/webp":
      return view.byteLength < 30 || view.getUint32(4, true) + 8 > bytes.length ? undefined : webpSize(bytes, view);
    case "image/jpeg":
      return jpegSize(bytes, view);
  }
}

/** The first chunk says of which of the three kinds it is (RFC 9649 §2). */
function webpSize(bytes: Uint8Array, view: DataView): Size | undefined {
  switch (ascii(bytes, 12, 4)) {
    case "VP8 ":
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case "VP8L": {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    case "VP8X":
      return { width: 1 + uint24(view, 24), height: 1 + uint24(view, 27) };
    default:
      return undefined;
  }
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

/** Walks from segment to segment to the one that starts the frame (ITU T.81 §B.2.2). */
function jpegSize(bytes: Uint8Array, view: DataView): Size | undefined {
  for (let at = 2; at + 9 < bytes.length && view.getUint8(at) === 0xff; ) {
    const marker = view.getUint8(at + 1);
    const filler = marker === 0xff;
    const starts = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (starts) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += filler ? 1 : 2 + view.getUint16(at + 2);
  }
  return undefined;
}

function begins(bytes: Uint8Array, with_: readonly number[]): boolean {
  return with_.every((byte, at) => bytes[at] === byte);
}

function ascii(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
