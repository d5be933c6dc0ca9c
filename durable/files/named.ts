/** Whether a message brings a link: in clear it has to say so, encrypted it can only be believed within bounds. */
import { FILE_LIMITS } from "../../worker/contract/media.ts";
import type { MessageContent } from "../../worker/contract/entries.ts";
import { byteLength, toBase64Url } from "../../worker/shared/base64.ts";

/** A link as the Worker tells it: its SHA-256 (base64url), and how many bytes it has at least, however it is written. */
export type LinkTold = { readonly digest: string; readonly length: number };

/** Links in one text that are looked at, and ends of each that may be no part of it. */
const LINKS_MAX = 50;
const ENDS_MAX = 8;

/**
 * `known`: digests that this message has stood for before. A pruned message has no length any more; what it stood for before
 * goes on, and so does what is within its number.
 */
export function mayStandFor(content: MessageContent, { digest, length }: LinkTold, known: readonly string[]): boolean {
  if (content.kind !== "omemo" || content.omemo.payload === undefined) return false;
  if (known.includes(digest)) return true;
  if (known.length >= FILE_LIMITS.linksOfMessage) return false;
  const { payload } = content.omemo;
  return payload === "" || byteLength(payload) >= length;
}

/** Whether a message in clear names the link that has this digest: in its text, or as its file. */
export async function names(content: MessageContent, digest: string): Promise<boolean> {
  const file = "file" in content ? content.file?.url : undefined;
  const written = [...(file === undefined ? [] : [file]), ...(content.kind === "clear" ? linksIn(content.text) : [])];
  for (const link of new Set(written.flatMap(spellings))) if ((await digestOf(link)) === digest) return true;
  return false;
}

/** SHA-256 of a link's bytes, base64url. */
async function digestOf(link: string): Promise<string> {
  return toBase64Url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(link)));
}

/** With and without what may belong to the sentence. */
function linksIn(text: string): readonly string[] {
  const found = [...text.matchAll(/https?:\/\/[^\s<>"]+/gi)].slice(0, LINKS_MAX).map(([link]) => link);
  return found.flatMap((link) => {
    const ends = [link];
    for (let rest = link; ends.length <= ENDS_MAX && /[.,;:!?'*_~`)\]}]$/.test(rest); ) {
      rest = rest.slice(0, -1);
      ends.push(rest);
    }
    return ends;
  });
}

/** As it stands, and as a browser writes it; what follows `#` is never asked for. */
function spellings(link: string): readonly string[] {
  const [bare = ""] = link.split("#", 1);
  const parsed = URL.parse(bare)?.href;
  return parsed === undefined ? [] : [bare, parsed];
}
