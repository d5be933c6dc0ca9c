import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { BareJid } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { plural, text } from "../../i18n/menus.ts";
import type { RoomPerson } from "../../engine/protocol/conversations.ts";
import { completed, type TypedWord, typedWord } from "../../model/conversation/completion.ts";
import type { Conversation } from "../../model/conversation/conversation.ts";
import { namedPeople, OFFERED_MAX } from "../../model/conversation/named-people.ts";
import { emojiNamed, type EmojiTable, findEmoji, toned, TONES } from "../../model/emoji.ts";
import { addressText } from "../../words/names.ts";
import { Avatar } from "../parts/avatar.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { readTaste } from "../page/emoji-taste.ts";
import { writeInto } from "./write-into.ts";

/** What the composer asks of it with a key; true: it was for the list. */
export type CompletionKeys = (key: string) => boolean;

type Offer = { readonly id: string; readonly put: string; readonly person?: RoomPerson; readonly name: string };

type Properties = {
  /** Undefined while it is on its way. */
  readonly table: EmojiTable | undefined;
  readonly area: RefObject<HTMLTextAreaElement | null>;
  readonly caret: number;
  readonly conversation: Conversation;
  readonly inRoom: boolean;
  readonly list: string;
  readonly keys: { current: CompletionKeys | undefined };
  /** Which one is chosen is said by the field, which keeps the focus. */
  readonly onActive: (id: string | undefined) => void;
  readonly onLeave: () => void;
};

/** Nicknames of others who have spoken, the newest first. */
function spokenIn({ loaded }: Conversation): readonly string[] {
  const nicks = loaded.items.peek().flatMap(({ author, outgoing }) => (author && !outgoing ? author.nick : []));
  return [...new Set(nicks.reverse())];
}

function usePeople(room: BareJid | undefined): readonly RoomPerson[] {
  const app = useApp();
  const [people, setPeople] = useState<readonly RoomPerson[]>([]);
  useEffect(() => {
    if (room !== undefined) drop(app.engine.members({ room }).then((view) => setPeople(view.people)));
  }, [room]);
  return people;
}

function offersFor(
  word: TypedWord,
  { table, conversation }: Pick<Properties, "table" | "conversation">,
  people: readonly RoomPerson[],
): readonly Offer[] {
  if (word.closed === true) return [];
  if (word.kind === "person")
    return namedPeople(people, word.typed, spokenIn(conversation)).map((person) => {
      return { id: person.nick, put: `@${person.nick}`, person, name: person.nick };
    });
  const tone = TONES[readTaste().tone] ?? "";
  const found = table === undefined ? [] : findEmoji(table, word.typed, OFFERED_MAX);
  return found.map((one) => {
    const emoji = toned(one, tone);
    return {
      id: one.emoji,
      put: emoji,
      name: `:${one.names.find((name) => name.startsWith(word.typed)) ?? one.names[0] ?? ""}:`,
    };
  });
}

/** Names that fit what is being typed, over the composer, which keeps the focus (the combobox pattern of WAI-ARIA). */
export function Completion(properties: Properties) {
  const { table, area, caret, conversation, inRoom, list, keys, onActive, onLeave } = properties;
  const { writing } = conversation;
  const word = typedWord(useValue(writing.text), caret, inRoom);
  const people = usePeople(inRoom && word?.kind === "person" ? conversation.chat : undefined);
  const [at, setAt] = useState(0);
  const offers = word === undefined ? [] : offersFor(word, { table, conversation }, people);
  const active = Math.min(at, offers.length - 1);
  const pick = (put: string) => {
    if (word !== undefined) writeInto(area.current, writing, completed(writing.text.peek(), word, put));
    onLeave();
  };
  useLayoutEffect(() => setAt(0), [word?.kind, word?.typed]);
  useLayoutEffect(() => {
    // Both colons are there: it is meant.
    const meant = word?.closed === true && table !== undefined ? emojiNamed(table, word.typed) : undefined;
    if (meant !== undefined) pick(toned(meant, TONES[readTaste().tone] ?? ""));
  }, [word?.closed, word?.typed, table]);
  useLayoutEffect(() => {
    onActive(offers.length > 0 ? `${list}-${active}` : undefined);
    keys.current = (key) => {
      const offer = offers[active];
      if (offer === undefined) return false;
      if (key === "ArrowDown") setAt((active + 1) % offers.length);
      else if (key === "ArrowUp") setAt((active + offers.length - 1) % offers.length);
      else if (key === "Enter" || key === "Tab") pick(offer.put);
      else if (key === "Escape") onLeave();
      else return false;
      return true;
    };
  });
  useLayoutEffect(
    () => () => {
      keys.current = undefined;
      onActive(undefined);
    },
    [],
  );
  return (
    <>
      <div
        class="completion"
        role="listbox"
        id={list}
        aria-label={text(word?.kind === "person" ? "completion--people" : "completion--emoji")}
        hidden={offers.length === 0}
      >
        {offers.map(({ id, put, person, name }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus
          <div
            key={id}
            id={`${list}-${index}`}
            class="completion-offer"
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            // The field keeps the focus.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => pick(put)}
          >
            {person === undefined ? (
              <span class="completion-emoji">{put}</span>
            ) : (
              <Avatar jid={person.jid ?? name} name={name} available={person.here} />
            )}
            <bdi>{name}</bdi>
            {person?.jid === undefined ? undefined : <small dir="ltr">{addressText(person.jid)}</small>}
          </div>
        ))}
      </div>
      <span class="unseen" role="status">
        {offers.length === 0 ? "" : plural("completion--count", offers.length)}
      </span>
    </>
  );
}
