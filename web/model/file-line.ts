/** A file in one line of words: what it is, or what it is called where that says more. */
import type { MessageItem } from "../engine/protocol/conversations.ts";
import { text } from "../i18n/text.ts";
import { partIn } from "../media/message-details.ts";
import { shownName } from "../words/names.ts";

/** Of `web/media/file-name.ts`, which is fetched with what shows files: the usual ones. */
const ENDINGS = {
  image: /\.(?:a?png|jpe?g|gif|webp|hei[cf]|avif)$/i,
  audio: /\.(?:mp3|og[ga]|opus|m4a|aac|flac|wav)$/i,
  video: /\.(?:mp4|m4v|mov|webm|3gp|ogv|mkv)$/i,
} as const;
const SORTS = ["image", "audio", "video"] as const;
const ENDING = /\.[\p{L}\p{N}]{1,10}$/u;

/**
 * By what the file was found to be, else by what its sender says, else by its ending.
 * @param url where it is, as it stands in a message
 * @param about `details`: what its sender says within the encryption (`web/media/file-details.ts`)
 * @example fileLine("aesgcm://files.example/a/ridge.jpg#…") // "📷 Photo"
 */
export function fileLine(url: string, { seen, shared, details }: About = {}): string {
  const said = saidIn(details);
  const name = seen?.name ?? said.name ?? shared?.name ?? nameIn(url);
  const type = said.type ?? shared?.type;
  const kind = seen?.kind ?? SORTS.find((sort) => type?.startsWith(sort) || ENDINGS[sort].test(name));
  if (said.voice === true && kind === "audio") return `🎤 ${text("file--voice")}`;
  switch (kind) {
    case "image":
      return `📷 ${text("file--picture")}`;
    case "video":
      return `🎬 ${text("file--video")}`;
    case "audio":
      return `🎧 ${text("file--audio")}`;
    default:
      return `📎 ${ENDING.test(name) ? shownName(name, text("file--file")) : text("file--file")}`;
  }
}

type About = Pick<MessageItem, "seen" | "shared"> & { readonly details?: string | undefined };
type Said = { readonly name?: string; readonly type?: string; readonly voice?: boolean };

/** Somebody's word, read for this line alone: what is of another type is not said. */
function saidIn(details: string | undefined): Said {
  const { name, type, voice } = (partIn(details, "file") ?? {}) as Readonly<Record<string, unknown>>;
  return {
    ...(typeof name === "string" && { name }),
    ...(typeof type === "string" && { type }),
    voice: voice === true,
  };
}

function nameIn(url: string): string {
  const name =
    url
      .trim()
      .split(/[?#\s]/, 1)[0]
      ?.split("/")
      .at(-1) ?? "";
  try {
    return decodeURIComponent(name);
  } catch {
    // It holds a percent sign that stands for nothing.
    return name;
  }
}
