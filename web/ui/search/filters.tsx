import type { BareJid } from "../../../worker/contract/names.ts";
import { text } from "../../i18n/aside.ts";
import type { ShownChat } from "../../model/chats.ts";
import { date } from "../../model/format.ts";
import type { SearchFilter } from "../../model/places.ts";
import type { Finding } from "../../model/search/finding.ts";
import { dayText, timeOf } from "../../model/search/query.ts";
import { FILTER_ID } from "../page/keyboard.ts";
import { Icon } from "../parts/icon.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";

/** A filter in words: "From Bob Okafor". */
function wordsOf({ kind, value }: SearchFilter, chats: ReadonlyMap<BareJid, ShownChat>): string {
  const name = chats.get(value as BareJid)?.name ?? value;
  switch (kind) {
    case "from":
      return text("search--from", { name });
    case "in":
      return text("search--in", { name });
    case "has":
      return text("search--link");
    default: {
      const at = timeOf(value);
      return text(`search--${kind}`, { date: at === undefined ? value : date(at) });
    }
  }
}

const toField = () => document.getElementById(FILTER_ID)?.focus();

/** What bounds the search, each with a way to take it off, and what else may. */
export function Filters({ finding }: { readonly finding: Finding }) {
  const app = useApp();
  const filters = useValue(app.filters);
  const chats = useValue(app.chats);
  const day = dayText(Date.now());
  const begin = (kind: SearchFilter["kind"], value?: string) => () => {
    finding.begin(kind, value);
    toField();
  };
  const others = [
    { kind: "from", act: begin("from") },
    { kind: "in", act: begin("in") },
    { kind: "before", act: begin("before", day) },
    { kind: "after", act: begin("after", day) },
    {
      kind: "has",
      act: () => {
        finding.add({ kind: "has", value: "link" });
        toField();
      },
    },
  ] as const;
  return (
    <div class="search-filters">
      {filters.map((filter) => {
        const words = wordsOf(filter, chats);
        return (
          <button
            key={`${filter.kind}:${filter.value}`}
            type="button"
            class="search-chip"
            aria-label={text("search--remove", { filter: words })}
            title={text("search--remove", { filter: words })}
            onClick={() => {
              finding.remove(filter);
              toField();
            }}
          >
            <bdi>{words}</bdi>
            <Icon name="close" />
          </button>
        );
      })}
      {others
        .filter(({ kind }) => !filters.some((filter) => filter.kind === kind))
        .map(({ kind, act }) => (
          <button key={kind} type="button" class="search-add" onClick={act}>
            {text(`search--add-${kind}`)}
          </button>
        ))}
    </div>
  );
}
