/** What a message brings as a file, before anybody has looked at it: where it is, what it is called, how large it is. */
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { ChatSummary, MessageItem } from "../../engine/protocol/conversations.ts";
import type { FileSource } from "../../engine/protocol/files.ts";
import { readFileLink } from "../../media/aesgcm.ts";
import { type FileDetails, readFileDetails } from "../../media/file-details.ts";
import type { FileKind } from "../../media/file-kind.ts";
import { cleanName, endingOf, guessedKind, nameInLink } from "../../media/file-name.ts";
import type { Size } from "../../media/picture-header.ts";

/** `caption`: words beside it. `unknown`: nothing lets expect what it is. */
export type FileView = {
  readonly source: FileSource;
  readonly name: string;
  readonly kind: FileKind | "unknown";
  readonly size?: number;
  readonly points?: Size;
  /** Of a sound or a film, as its sender says. */
  readonly seconds?: number;
  readonly caption?: string;
  /** What its sender says of it within the encryption. */
  readonly said?: FileDetails;
};

const MS_PER_S = 1_000;

/** More than a conversation fetches by itself. */
export const AHEAD_BYTES = 12 * 1024 * 1024;

/** Undefined for a message that brings none. */
export function fileIn(item: Pick<MessageItem, "id" | "body" | "shared" | "seen">): FileView | undefined {
  const { id, body, shared, seen } = item;
  const words = body.kind === "text" ? body.text : undefined;
  const link = words === undefined ? undefined : readFileLink(words);
  const url = link?.url ?? shared?.url;
  if (url === undefined || !URL.canParse(url)) return undefined;
  const source: FileSource = { url, ...(link && { key: link.key }), ...(id !== undefined && { message: id }) };
  const said = link && body.kind === "text" ? readFileDetails(body.details) : undefined;
  const claimed = link === undefined ? { ...shared, points: sizeIn(shared) } : said;
  const given = seen?.name ?? claimed?.name ?? nameInLink(url);
  const kind = seen?.kind ?? expected(given, claimed?.type);
  const points = sizeIn(seen) ?? (kind === "image" || kind === "video" ? claimed?.points : undefined);
  const size = seen?.size ?? claimed?.size;
  const length = link === undefined ? shared?.length : undefined;
  const seconds = length === undefined ? said?.seconds : length / MS_PER_S;
  const caption = link === undefined && words !== undefined && words !== url ? words : undefined;
  return {
    source,
    kind,
    name: cleanName(given, seen),
    ...(size !== undefined && { size }),
    ...(points && { points }),
    ...(seconds !== undefined && { seconds }),
    ...(caption !== undefined && { caption: caption.slice(0, LIMITS.textLength) }),
    ...(said && { said }),
  };
}

function expected(name: string, type: string | undefined): FileView["kind"] {
  const [claimed] = type?.split("/", 1) ?? [];
  if (claimed === "image" || claimed === "audio" || claimed === "video") return claimed;
  return endingOf(name) === "" && type === undefined ? "unknown" : guessedKind(name);
}

function sizeIn(of: { readonly width?: number; readonly height?: number } | undefined): Size | undefined {
  const { width = 0, height = 0 } = of ?? {};
  return width > 0 && height > 0 ? { width, height } : undefined;
}

/**
 * Whether it is fetched before somebody asks: of people whom the person knows, of rooms with known members, and one's own. To
 * fetch is to tell a server that it was seen, so of strangers and in rooms for everybody it waits for a press.
 */
export function comesAhead(
  { kind, size = 0 }: Pick<FileView, "kind" | "size">,
  { outgoing }: Pick<MessageItem, "outgoing">,
  { relation, room, encryption }: Pick<ChatSummary, "relation" | "room" | "encryption">,
): boolean {
  if ((kind !== "image" && kind !== "audio" && kind !== "unknown") || size > AHEAD_BYTES) return false;
  if (outgoing) return true;
  if (room !== undefined) return room.state === "joined" && (encryption === "on" || encryption === "ready");
  return relation === "contact" || relation === "unshared";
}
