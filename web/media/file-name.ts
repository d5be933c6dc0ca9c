/** Under which name a file is saved: what others call it is a text like any other of theirs. */
import { type FileKind, NEUTRAL_TYPE, type SeenKind } from "./file-kind.ts";

const NAME_LENGTH = 100;
/** Characters that are looked at, the last ones: no file system has longer paths. */
const GIVEN_LENGTH = 4_096;
const ENDING_LENGTH = 10;
/** Not in the name of a file anywhere: separators, what file systems keep for themselves, what is no character. */
const UNFIT = /[<>:"|?*]|\p{Cc}|\p{Cs}|\p{Co}|\p{Cn}/gu;
/** Marks that turn the direction or are not seen: `photo\u202egpj.exe` reads as a photo. */
const UNSEEN = /\p{Cf}|\p{Default_Ignorable_Code_Point}/gu;
/** Names that Windows takes for devices, with any ending. */
const DEVICES = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

/** Endings of what is shown as such, the usual one first. */
const ENDINGS: Readonly<Record<string, readonly string[]>> = {
  "image/png": ["png", "apng"],
  "image/jpeg": ["jpg", "jpeg", "jpe", "jfif"],
  "image/gif": ["gif"],
  "image/webp": ["webp"],
  "audio/mpeg": ["mp3", "mpga"],
  "audio/flac": ["flac"],
  "audio/wav": ["wav"],
  "audio/ogg": ["ogg", "oga", "opus", "spx"],
  "audio/webm": ["weba", "webm"],
  "audio/mp4": ["m4a", "m4b", "mp4"],
  "audio/aac": ["aac"],
  "video/ogg": ["ogv", "ogg"],
  "video/webm": ["webm"],
  "video/mp4": ["mp4", "m4v", "mov", "3gp", "3g2", "qt"],
};
const SHOWN = new Set(Object.values(ENDINGS).flat());
/** What it may be by its ending, before anybody has looked: how much room is kept for it, and whether it is looked at. */
const GUESSES: Readonly<Record<string, FileKind>> = {
  ...Object.fromEntries(Object.entries(ENDINGS).flatMap(([type, all]) => all.map((one) => [one, kindIn(type)]))),
  ogg: "audio",
  mp4: "video",
  webm: "video",
};

function kindIn(type: string): FileKind {
  const [kind] = type.split("/", 1);
  return kind === "image" || kind === "audio" || kind === "video" ? kind : "file";
}

/**
 * A name without path, without marks that turn or hide it, of at most 100 characters, and with an ending that fits what the
 * file is: what is called like a picture and is none gets one that opens nothing (CVE-2025-30401).
 *
 * @param seen what it is; undefined: nobody has looked
 * @example cleanName("../../photo\u202egpj.exe", undefined) // "photogpj.exe"
 */
export function cleanName(given: string, seen: SeenKind | undefined): string {
  const last =
    given
      .slice(-GIVEN_LENGTH)
      .split(/[/\\]/)
      .findLast((part) => part.trim() !== "") ?? "";
  const fit = last.normalize("NFC").replace(UNSEEN, "").replace(UNFIT, "_").replace(/\s+/gu, " ");
  const bare = fit.replace(/^[. ]+|[. ]+$/gu, "");
  const [stem, ending] = split(DEVICES.test(bare) ? `_${bare}` : bare);
  const right = rightEnding(ending, seen);
  const room = NAME_LENGTH - (right === "" ? 0 : right.length + 1);
  const short = [...(stem === "" ? "file" : stem)].slice(0, room).join("").trimEnd();
  return right === "" ? short : `${short}.${right}`;
}

/** The ending of a name, in small letters; empty: it has none. */
export function endingOf(name: string): string {
  return split(name)[1].toLowerCase();
}

/** What a link or a name lets expect; a guess is never what something is shown as. */
export function guessedKind(name: string): FileKind {
  return GUESSES[endingOf(name)] ?? "file";
}

/** The name at the end of a link, as it was written there. */
export function nameInLink(url: string): string {
  const part = new URL(url).pathname.split("/").findLast((one) => one !== "") ?? "";
  try {
    return decodeURIComponent(part);
  } catch {
    // It holds a percent sign that stands for nothing.
    return part;
  }
}

/** The usual ending of what is shown as such; undefined for anything else. */
export function usualEnding(type: string): string | undefined {
  return ENDINGS[type]?.[0];
}

function rightEnding(ending: string, seen: SeenKind | undefined): string {
  if (seen === undefined) return ending;
  if (seen.type === NEUTRAL_TYPE) return SHOWN.has(ending.toLowerCase()) ? `${ending}.bin` : ending;
  const fitting = ENDINGS[seen.type] ?? [];
  if (fitting.includes(ending.toLowerCase())) return ending;
  return [ending, fitting[0]].filter((one) => one !== undefined && one !== "").join(".");
}

function split(name: string): readonly [string, string] {
  const at = name.lastIndexOf(".");
  const ending = name.slice(at + 1);
  const none = at <= 0 || ending.length > ENDING_LENGTH || !/^[\p{L}\p{N}]+$/u.test(ending);
  return none ? [name, ""] : [name.slice(0, at), ending];
}
