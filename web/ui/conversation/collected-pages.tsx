import { useEffect, useState } from "preact/hooks";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Collected, CollectedItem } from "../../engine/protocol/search.ts";
import { text } from "../../i18n/menus.ts";
import { bytesText, date } from "../../model/format.ts";
import { monthsOf } from "../../model/months.ts";
import { linkify } from "../../model/linkify.ts";
import { fileIn } from "../../model/files/file-view.ts";
import { Collection } from "../../model/search/collection.ts";
import { shownName } from "../../words/names.ts";
import { useApp } from "../hooks/use-app.ts";
import { useGrowing } from "../hooks/use-growing.ts";
import { useValue } from "../hooks/use-value.ts";
import { CollectedPicture } from "./collected-picture.tsx";
import { FileIcon } from "./file-icon.tsx";

type Properties = { readonly of: BareJid; readonly what: Collected };

/** Fetched while somebody looks, and let go with the screen. */
function useCollection({ of, what }: Properties): Collection | undefined {
  const app = useApp();
  const [collection, setCollection] = useState<Collection | undefined>(undefined);
  useEffect(() => {
    const account = app.account.peek();
    const start = app.workers.search;
    if (account === undefined || start === undefined) return undefined;
    const begun = new Collection(account, { chat: of, what }, start);
    setCollection(begun);
    return () => begun.end();
  }, [app, of, what]);
  return collection;
}

/** See `people/collected.tsx`. */
export function CollectedPages(properties: Properties) {
  const collection = useCollection(properties);
  return collection === undefined ? null : <Pages collection={collection} what={properties.what} />;
}

function Pages({ collection, what }: { readonly collection: Collection; readonly what: Collected }) {
  const items = useValue(collection.items);
  const state = useValue(collection.state);
  const { shown, end } = useGrowing(items.length);
  useEffect(() => {
    // Whoever comes near the end of what is here wants what is behind it.
    if (shown >= items.length) collection.more();
  }, [shown, items.length, collection]);
  const drawn = items.slice(0, shown);
  return (
    <>
      {what === "media" ? (
        monthsOf(drawn).map(({ month, items: inMonth }) => (
          <section key={month} class="collected-month" aria-label={month}>
            <h3 aria-level={2}>{month}</h3>
            <ul class="collected-grid">
              {inMonth.map((item) => (
                <li key={item.key}>
                  <CollectedPicture item={item} />
                </li>
              ))}
            </ul>
          </section>
        ))
      ) : (
        <ul class="collected-lines">
          {drawn.map((item) => (
            <li key={item.key}>{what === "files" ? <FileLine item={item} /> : <LinkLine item={item} />}</li>
          ))}
        </ul>
      )}
      {shown < items.length || state === "more" ? <div ref={end} class="collected-end" /> : undefined}
      <p class="collected-state" role="status">
        {state === "reading"
          ? text("collected--reading")
          : state === "whole" && items.length === 0
            ? text(`collected--none-${what}`)
            : undefined}
      </p>
      {state === "failed" ? (
        <div class="collected-state" role="alert">
          <p>{text("collected--failed")}</p>
          <button type="button" class="button" onClick={() => collection.more()}>
            {text("later--retry")}
          </button>
        </div>
      ) : undefined}
    </>
  );
}

/** Who has sent it, and when. */
function From({ item }: { readonly item: CollectedItem }) {
  const { outgoing, author, at } = item;
  const who = outgoing ? text("collected--you") : author && shownName(author.nick, author.jid ?? "?");
  return (
    <small>
      {who === undefined ? undefined : <bdi>{who}</bdi>}
      {who === undefined ? undefined : " · "}
      {date(at)}
    </small>
  );
}

function FileLine({ item }: { readonly item: CollectedItem }) {
  const app = useApp();
  const view = fileIn(item);
  const name = view?.name ?? text("file--file");
  return (
    <button type="button" class="collected-line" onClick={() => app.go({ screen: "chats", chat: item.chat }, item.key)}>
      <span class="file-mark">
        <FileIcon name="file" />
      </span>
      <span class="collected-words">
        <bdi class="file-name">{name}</bdi>
        {view?.size === undefined ? undefined : <small>{bytesText(view.size)}</small>}
        <From item={item} />
      </span>
    </button>
  );
}

/** The links of one message, and the way to it. */
function LinkLine({ item }: { readonly item: CollectedItem }) {
  const app = useApp();
  const words = item.body.kind === "text" ? item.body.text : "";
  const links = linkify(words).filter((part) => part.kind === "link");
  const around = words.length > EXCERPT ? `${words.slice(0, EXCERPT)}…` : words;
  return (
    <div class="collected-line">
      <span class="collected-words">
        {links.slice(0, MOST_LINKS).map((link, at) => (
          <a key={`${at} ${link.href}`} href={link.href} dir="ltr" target="_blank" rel="noopener noreferrer">
            {link.text}
            {link.leadsTo === undefined ? undefined : ` (${link.leadsTo})`}
          </a>
        ))}
        {links.length === 1 && links[0]?.text === words.trim() ? undefined : (
          <span class="collected-around" dir="auto">
            {around}
          </span>
        )}
        <From item={item} />
      </span>
      <button
        type="button"
        class="button button-quiet"
        onClick={() => app.go({ screen: "chats", chat: item.chat }, item.key)}
      >
        {text("collected--to-message")}
      </button>
    </div>
  );
}

/** Of a message that has more, the message itself shows the rest. */
const MOST_LINKS = 5;
/** UTF-16 units of the words around a link. */
const EXCERPT = 200;
