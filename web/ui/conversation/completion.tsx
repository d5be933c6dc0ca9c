import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { BareJid } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { plural, text } from "../../i18n/menus.ts";
import type { RoomPerson } from "../../engine/protocol/conversations.ts";
import type { TypedWord } from "../../model/conversation/completion.ts";
import { namedPeople, OFFERED_MAX } from "../../model/conversation/named-people.ts";
import { emojiNamed, type EmojiTable, findEmoji, toned, TONES } from "../../model/emoji.ts";
import { addressText } from "../../words/names.ts";
import { Avatar } from "../parts/avatar.tsx";
import { useApp } from "../hooks/use-app.ts";
import { readTaste } from "../page/emoji-taste.ts";

/** What the composer asks of it with a key; true: it was for the list. */
export type CompletionKeys = (key: string) => boolean;

type Offer = { readonly id: string; readonly put: string; readonly person?: RoomPerson; readonly name: string };

type Properties = {
  /** Undefined while it is on its way. */
  readonly table: EmojiTable | undefined;
  readonly word: TypedWord;
  readonly room: BareJid | undefined;
  /** Nicknames of those who spoke, the newest first. */
  readonly spoken: readonly string[];
  readonly list: string;
  readonly onKeys: (keys: CompletionKeys | undefined) => void;
  /** Which one is chosen is said by the field, which keeps the focus. */
  readonly onActive: (id: string | undefined) => void;
  readonly onPick: (put: string) => void;
  readonly onLeave: () => void;
};

function usePeople(room: BareJid | undefined): readonly RoomPerson[] {
  const app = useApp();
  const [people, setPeople] = useState<readonly RoomPerson[]>([]);
  useEffect(() => {
    if (room !== undefined) drop(app.engine.members({ room }).then((view) => setPeople(view.people)));
  }, [room]);
  return people;
}

function offersFor(
  { word, table, spoken }: Pick<Properties, "word" | "table" | "spoken">,
  people: readonly RoomPerson[],
): readonly Offer[] {
  if (word.kind === "person")
    return namedPeople(people, word.typed, spoken).map((person) => {
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
export function Completion({ table, word, room, spoken, list, onKeys, onActive, onPick, onLeave }: Properties) {
  const people = usePeople(word.kind === "person" ? room : undefined);
  const [at, setAt] = useState(0);
  const offers = word.closed === true ? [] : offersFor({ word, table, spoken }, people);
  const active = Math.min(at, offers.length - 1);
  useLayoutEffect(() => setAt(0), [word.kind, word.typed]);
  useLayoutEffect(() => {
    // Both colons are there: it is meant.
    const meant = word.closed === true && table !== undefined ? emojiNamed(table, word.typed) : undefined;
    if (meant !== undefined) onPick(toned(meant, TONES[readTaste().tone] ?? ""));
  }, [word, table]);
  useLayoutEffect(() => {
    onActive(offers.length > 0 ? `${list}-${active}` : undefined);
    onKeys((key) => {
      const offer = offers[active];
      if (offer === undefined) return false;
      if (key === "ArrowDown") setAt((active + 1) % offers.length);
      else if (key === "ArrowUp") setAt((active + offers.length - 1) % offers.length);
      else if (key === "Enter" || key === "Tab") onPick(offer.put);
      else if (key === "Escape") onLeave();
      else return false;
      return true;
    });
  });
  useLayoutEffect(
    () => () => {
      onKeys(undefined);
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
        aria-label={text(word.kind === "person" ? "completion--people" : "completion--emoji")}
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
            onClick={() => onPick(put)}
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
