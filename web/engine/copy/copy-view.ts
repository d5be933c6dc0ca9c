/** What a page is told of the sealed copy, and what of it the person has not seen yet. */
import type { BrowserId } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import type { CopyNews, CopyView } from "../protocol/copy.ts";
import type { CopyRow } from "../store/schema.ts";
import { browserNames } from "../views/browser-names.ts";

/** Undefined: nobody knows yet, or the object keeps none at all. */
export function viewOf(
  { live, self }: Pick<Account, "live" | "self">,
  row: CopyRow | undefined,
  { done, of, texts }: { readonly done: number; readonly of: number; readonly texts: number | undefined },
): CopyView | undefined {
  const told = live.copy;
  if (told === undefined || (told.most === 0 && told.copy === undefined && row === undefined)) return undefined;
  const names = browserNames(live.browsers);
  const named = (id: BrowserId) => {
    const name = names.get(id);
    return name === undefined ? {} : { name };
  };
  const { copy, ended, most } = told;
  const ours = row !== undefined && copy?.generation === row.generation;
  const here = row === undefined ? "none" : row.begins ? "keeps" : !ours ? "left" : row.reading ? "reading" : "keeps";
  return {
    ...({ kind: "sealed-copy", key: "sealed-copy", here, most, done, of } as const),
    ...(copy && {
      kept: {
        ...{ generation: copy.generation, since: copy.since, length: copy.length, byThis: copy.by === self.browser },
        ...named(copy.by),
        ...(copy.passkey !== undefined && { passkey: copy.passkey }),
        ...(copy.ending && {
          ending: { ...named(copy.ending.by), byThis: copy.ending.by === self.browser, at: copy.ending.at },
        }),
      },
    }),
    ...(ended && { ended: { ...named(ended.by), at: ended.at } }),
    ...(row?.writtenAt !== undefined && { writtenAt: row.writtenAt }),
    ...(row !== undefined && texts !== undefined && { texts }),
    ...(row?.outcome && { outcome: row.outcome }),
    ...(row?.trouble && { trouble: row.trouble }),
  };
}

type News = { readonly news: CopyNews; readonly id: string };

/** The first that was not seen; `id` is what is remembered of it. */
export function newsOf(
  view: CopyView,
  { live, self, cache }: Pick<Account, "live" | "self" | "cache">,
): News | undefined {
  const row = cache.meta.get("copySeen");
  const seen: readonly string[] = row?.name === "copySeen" ? row.what : [];
  return [...allNews(view, live.copy?.ended?.by === self.browser, self.createdAt)].find(({ id }) => !seen.includes(id));
}

function* allNews(
  { kept, ended, here, trouble, outcome, writtenAt }: CopyView,
  endedHere: boolean,
  createdAt: number,
): Generator<News> {
  const about = kept?.generation ?? "";
  if (kept?.ending && !kept.ending.byThis) yield { news: "ending", id: `ending ${kept.ending.at}` };
  const endedNow = ended !== undefined && kept === undefined && !endedHere && ended.at > createdAt;
  if (endedNow || (ended !== undefined && here === "left")) yield { news: "ended", id: `ended ${ended.at}` };
  else if (here === "left") yield { news: "ended", id: "ended" };
  // An older copy that is put back once more is news once more; it is of another time then.
  const which = trouble === "older" ? ` ${writtenAt ?? ""}` : "";
  if (trouble !== undefined) yield { news: trouble, id: `${trouble} ${about}${which}` };
  if (outcome !== undefined && here === "keeps")
    yield { news: "outcome", id: `outcome ${about} ${outcome.upTo} ${outcome.filled} ${outcome.known}` };
  if (kept === undefined || kept.byThis || here !== "none") return;
  yield { news: createdAt > kept.since ? "offer" : "began", id: `there ${about}` };
}
