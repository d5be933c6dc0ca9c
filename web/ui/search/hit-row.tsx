import type { SearchHit } from "../../engine/protocol/search.ts";
import { text } from "../../i18n/aside.ts";
import type { ShownChat } from "../../model/chats.ts";
import { fullTime, rowTime } from "../../model/format.ts";
import { shownName } from "../../words/names.ts";
import { Avatar } from "../parts/avatar.tsx";
import { Name } from "../parts/alike.tsx";
import { isContact } from "../../model/chats.ts";

/** The words about what was found, with that marked: peer text, in text nodes alone. */
function Excerpt({ hit }: { readonly hit: SearchHit }) {
  const { excerpt, outgoing, author } = hit;
  const who = outgoing ? text("message--you") : author === undefined ? undefined : shownName(author.nick, "?");
  return (
    <span class="hit-words">
      {who === undefined ? undefined : (
        <span class="hit-author">
          <bdi>{who}</bdi>:{" "}
        </span>
      )}
      <span dir="auto">
        {excerpt.map(({ text: words, found }, at) => (found ? <mark key={at}>{words}</mark> : words))}
      </span>
    </span>
  );
}

type Properties = { readonly hit: SearchHit; readonly chat: ShownChat; readonly now: number };

/** Whose conversation, when, and the words. */
export function HitBody({ hit, chat, now }: Properties) {
  return (
    <>
      <Avatar jid={chat.jid} name={chat.name} known={isContact(chat)} room={chat.room !== undefined} />
      <span class="row-words">
        <span class="row-line">
          <b>
            <Name chat={chat} />
          </b>
          <time dir="auto" dateTime={new Date(hit.at).toISOString()} title={fullTime(hit.at)}>
            {rowTime(hit.at, now)}
          </time>
        </span>
        <Excerpt hit={hit} />
      </span>
    </>
  );
}
