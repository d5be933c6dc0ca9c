/** What is typed into the search, as words and filters: `from:anna before:2025-06 "two words"`. Pure. */
import type { BareJid, Time } from "../../../worker/contract/names.ts";
import { localOf } from "../../../worker/shared/jid.ts";
import type { SearchQuery } from "../../engine/protocol/search.ts";
import { folded } from "../../words/folded.ts";
import type { ShownChat } from "../chats.ts";
import type { SearchFilter } from "../places.ts";
import { filterAt, isLinkWord, isOwnWord } from "./filter-words.ts";

/** As much as anybody types. */
const TYPED_MAX = 500;
const WORDS_MAX = 16;

const QUOTES = /["“”„]/u;
const DATE = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/;

type Token = { readonly filter?: SearchFilter; readonly words: string; readonly from: number; readonly end: number };

export type Typed = {
  /** Folded; all have to be there. */
  readonly words: readonly string[];
  readonly filters: readonly SearchFilter[];
};

/** Words are divided by white space; what stands in quotes is one. Linear in the length. */
function tokensOf(typed: string): readonly Token[] {
  const tokens: Token[] = [];
  const text = typed.slice(0, TYPED_MAX);
  for (let at = 0; at < text.length; ) {
    if (/\s/u.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const begun = filterAt(text.slice(at));
    const name = text.slice(at, at + (begun?.length ?? 0));
    const from = at;
    at += name.length;
    const quoted = QUOTES.test(text.charAt(at));
    const begin = quoted ? at + 1 : at;
    const rest = text.slice(begin);
    const length = rest.search(quoted ? QUOTES : /\s/u);
    const value = length < 0 ? rest : rest.slice(0, length);
    at = begin + value.length + (quoted && length >= 0 ? 1 : 0);
    const filter = filterOf(begun?.kind, value.trim());
    // What looks like a filter and is none is looked for as it stands.
    tokens.push({ ...(filter && { filter }), words: filter === undefined ? name + value : value, from, end: at });
  }
  return tokens;
}

function filterOf(kind: SearchFilter["kind"] | undefined, value: string): SearchFilter | undefined {
  switch (kind) {
    case "from":
    case "in":
      return { kind, value };
    case "before":
    case "after":
      return value === "" || timeOf(value) !== undefined || /^[\d-]+$/.test(value) ? { kind, value } : undefined;
    case "has":
      return value === "" || isLinkWord(value) ? { kind, value: "link" } : undefined;
    default:
      return undefined;
  }
}

export function parseTyped(typed: string): Typed {
  const tokens = tokensOf(typed);
  const words = tokens.flatMap(({ filter, words: said }) => (filter === undefined ? folded(said).trim() : []));
  const filters = tokens.flatMap(({ filter }) => filter ?? []);
  return { words: [...new Set(words)].filter((word) => word !== "").slice(0, WORDS_MAX), filters };
}

/** Filters that are complete, for white space follows them, and what is typed without them. */
export function takeFilters(typed: string): { readonly taken: readonly SearchFilter[]; readonly rest: string } {
  const whole = tokensOf(typed).filter(
    ({ filter, end }) => filter !== undefined && isComplete(filter) && /\s/u.test(typed.charAt(end)),
  );
  let rest = "";
  let at = 0;
  for (const { from, end } of whole) {
    rest += typed.slice(at, from);
    at = end + 1;
  }
  return { taken: whole.flatMap(({ filter }) => filter ?? []), rest: rest + typed.slice(at) };
}

export function isComplete({ kind, value }: SearchFilter): boolean {
  return kind === "before" || kind === "after" ? timeOf(value) !== undefined : value !== "";
}

/** The filter that is being typed at the end, of somebody or of a conversation. */
export function openFilter(typed: string): SearchFilter | undefined {
  const last = tokensOf(typed).at(-1);
  const { filter, end } = last ?? {};
  return end === typed.length && (filter?.kind === "from" || filter?.kind === "in") ? filter : undefined;
}

/** What is typed without the filter at its end. */
export function withoutOpenFilter(typed: string): string {
  return typed.slice(0, tokensOf(typed).at(-1)?.from ?? 0);
}

/** The beginning of a year, month or day here: `2025`, `2025-06`, `2025-06-01`. */
export function timeOf(value: string): Time | undefined {
  const [, year, month = "1", day = "1"] = DATE.exec(value) ?? [];
  if (year === undefined) return undefined;
  const date = new Date(Number(year), Number(month) - 1, Number(day));
  const same = date.getMonth() === Number(month) - 1 && date.getDate() === Number(day);
  return same && Number(year) > 1000 ? (date.getTime() as Time) : undefined;
}

/** A day as it is typed. */
export function dayText(at: Time): string {
  const day = new Date(at);
  const [month, date] = [day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0"));
  return `${day.getFullYear()}-${month}-${date}`;
}

type People = { readonly chats: ReadonlyMap<BareJid, ShownChat>; readonly account: BareJid | undefined };

/** The question for what is typed and chosen; undefined: nothing is looked for yet. */
export function queryOf({ words, filters }: Typed, { chats, account }: People): SearchQuery | undefined {
  const given = filters.filter(isComplete);
  if (words.length === 0 && given.length === 0) return undefined;
  const of = (kind: SearchFilter["kind"]) => given.flatMap((filter) => (filter.kind === kind ? filter.value : []));
  const [places, authors] = [of("in"), of("from")];
  const times = (kind: "before" | "after") => of(kind).flatMap((value) => timeOf(value) ?? []);
  const [since, until] = [Math.max(...times("after")), Math.min(...times("before"))];
  const spoken = [...chats.values()].filter(({ last }) => last !== undefined);
  const within = places.length === 0 ? spoken : places.flatMap((value) => meant(spoken, value));
  return {
    words,
    chats: [...new Set(within.map(({ jid }) => jid))],
    ...(authors.length > 0 && { from: authorsOf(authors, chats, account) }),
    ...(Number.isFinite(since) && { since: since as Time }),
    ...(Number.isFinite(until) && { until: until as Time }),
    ...(of("has").length > 0 && { link: true }),
  };
}

/** An address is what it is; else everybody whose name or address holds these words. */
export function meant(chats: readonly ShownChat[], value: string): readonly ShownChat[] {
  const exact = chats.filter(({ jid }) => jid === value);
  if (exact.length > 0) return exact;
  const wanted = folded(value).trim();
  return chats.filter(({ name, jid }) => folded(name).includes(wanted) || jid.includes(wanted));
}

function authorsOf(
  values: readonly string[],
  chats: ReadonlyMap<BareJid, ShownChat>,
  account: BareJid | undefined,
): NonNullable<SearchQuery["from"]> {
  const people = [...chats.values()].filter(({ room }) => room === undefined);
  const own = values.some(
    (value) => isOwnWord(value) || value === account || (account !== undefined && value === localOf(account)),
  );
  const named = values.findLast((value) => !value.includes("@"));
  return {
    own,
    // Somebody who is only known from rooms has no conversation.
    people: values.flatMap((value) => [...meant(people, value).map(({ jid }) => jid), value as BareJid]),
    ...(named !== undefined && { nick: folded(named).trim() }),
  };
}
