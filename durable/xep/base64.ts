// RFC 4648 §4: base64 as it stands in stanzas, where line breaks and missing padding are common

import type { Base64 } from "../../worker/contract.ts";

/** One line, padded; undefined where it is empty, too long (in characters) or not base64. */
export function tidyBase64(text: string, lengthMax: number): Base64 | undefined {
  const bare = text.replace(/\s+/g, "").replace(/={1,2}$/, "");
  if (bare === "" || bare.length > lengthMax || bare.length % 4 === 1 || !/^[A-Za-z0-9+/]+$/.test(bare))
    return undefined;
  const padded = bare + "=".repeat((4 - (bare.length % 4)) % 4);
  return padded.length > lengthMax ? undefined : padded;
}

/** How many bytes a padded base64 text stands for. */
export function byteLength(base64: Base64): number {
  return (base64.length / 4) * 3 - (base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0);
}
