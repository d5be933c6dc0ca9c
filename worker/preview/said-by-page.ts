/**
 * What a page says of itself: its title, a description, a picture (the Open Graph protocol, and what was there before it). A
 * reader of tags and nothing else: no tree, no script, no style, one pass over the text.
 */
import { PREVIEW_LIMITS } from "../contract/preview.ts";
import { oneLine } from "../shared/one-line.ts";
import { withCharacters } from "./characters.ts";

export type Said = {
  readonly title?: string;
  readonly description?: string;
  /** As it stands there: relative, or of any scheme. */
  readonly picture?: string;
};

/** Their content is text up to their own end, tags and all (WHATWG HTML §13.2.5). */
const RAW = new Set([
  "script",
  "style",
  "noscript",
  "template",
  "textarea",
  "iframe",
  "noembed",
  "noframes",
  "xmp",
  "svg",
]);
/** The first that is there stands. */
const NAMES = {
  title: ["og:title", "twitter:title"],
  description: ["og:description", "twitter:description", "description"],
  picture: ["og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"],
} as const;
const WANTED: ReadonlySet<string> = new Set(Object.values(NAMES).flat());
/** Characters of one tag that are looked at, and tags of one page. */
const TAG_LENGTH = 16_384;
const MOST_TAGS = 5_000;
const ATTRIBUTE = /([^\s"'<>/=]{1,64})\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=`]+)))?/g;

/** @param page its text, as much of it as was read */
export function saidByPage(page: string): Said {
  const metas = new Map<string, string>();
  let title: string | undefined;
  let at = page.indexOf("<");
  for (let tags = 0; at >= 0 && tags < MOST_TAGS; tags += 1) {
    if (page.startsWith("<!--", at)) {
      at = after(page, "-->", at + 4);
      continue;
    }
    const name = /^<\/?([a-z][a-z0-9-]*)/i.exec(page.slice(at, at + 64))?.[1]?.toLowerCase();
    if (name === "body" || page.slice(at, at + 6).toLowerCase() === "</head") break;
    if (name === undefined) {
      at = page.indexOf("<", at + 1);
      continue;
    }
    const end = endOfTag(page, at);
    if (end < 0) break;
    const opens = page[at + 1] !== "/";
    if (opens && name === "meta") takeMeta(page.slice(at + 5, end), metas);
    if (opens && (name === "title" || RAW.has(name))) {
      const close = closing(page, name, end);
      if (name === "title") title ??= page.slice(end + 1, close < 0 ? undefined : close);
      if (close < 0) break;
      at = page.indexOf("<", close + 1);
      continue;
    }
    at = page.indexOf("<", end);
  }
  const named = (names: readonly string[]) => names.map((one) => metas.get(one)).find((one) => one !== undefined);
  const shown = { title: named(NAMES.title) ?? title, description: named(NAMES.description) };
  const picture = named(NAMES.picture)?.trim();
  return {
    ...shownAs("title", shown.title, PREVIEW_LIMITS.titleLength),
    ...shownAs("description", shown.description, PREVIEW_LIMITS.descriptionLength),
    ...(picture && picture.length <= PREVIEW_LIMITS.linkLength && { picture: withCharacters(picture) }),
  };
}

function shownAs(name: "title" | "description", text: string | undefined, most: number): Said {
  // A megabyte of references is a megabyte of work; a line shows none of it.
  const line = text === undefined ? "" : oneLine(withCharacters(text.slice(0, TAG_LENGTH)), most);
  return line === "" ? {} : { [name]: line };
}

function takeMeta(attributes: string, into: Map<string, string>): void {
  let [name, content] = ["", ""];
  for (const [, key = "", double, single, bare] of attributes.slice(0, TAG_LENGTH).matchAll(ATTRIBUTE)) {
    const value = double ?? single ?? bare ?? "";
    if (/^(?:property|name|itemprop)$/i.test(key) && WANTED.has(value.trim().toLowerCase()))
      name = value.trim().toLowerCase();
    if (/^content$/i.test(key)) content = value;
  }
  if (name !== "" && content.trim() !== "" && !into.has(name)) into.set(name, content);
}

/** Where a tag ends: a `>` between quotes does not end it. */
function endOfTag(page: string, from: number): number {
  let quote = "";
  for (let at = from + 1; at < Math.min(page.length, from + TAG_LENGTH * 4); at += 1) {
    const one = page.charAt(at);
    if (quote !== "") quote = one === quote ? "" : quote;
    else if (one === ">") return at;
    // Only behind `=` does a quote begin a value: a stray one takes nothing with it.
    else if ((one === '"' || one === "'") && /=\s*$/.test(page.slice(Math.max(from, at - 4), at))) quote = one;
  }
  return -1;
}

function closing(page: string, name: string, from: number): number {
  const end = new RegExp(`</${name}(?=[\\s/>])`, "gi");
  end.lastIndex = from;
  return end.exec(page)?.index ?? -1;
}

function after(page: string, mark: string, from: number): number {
  const end = page.indexOf(mark, from);
  return end < 0 ? -1 : page.indexOf("<", end + mark.length);
}
