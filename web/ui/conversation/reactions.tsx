import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { listText, numberText, text } from "../../i18n/text.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import { CHIPS_FEW, CHIPS_MORE, type Chip, chipsOf, firstOf } from "../../model/conversation/reactions.ts";
import { react } from "../../model/reacting.ts";
import { useApp } from "../hooks/use-app.ts";

type Properties = {
  readonly item: MessageItem;
  /** The contact; undefined in a room. */
  readonly name: string | undefined;
  readonly stop: boolean;
};

/** Below a message: each emoji with how many chose it. Pressed, it is ours as well, or no longer. */
export function Reactions({ item, name, stop }: Properties) {
  const app = useApp();
  const list = useRef<HTMLUListElement>(null);
  const [most, setMost] = useState(CHIPS_FEW);
  // Whoever asked for more goes on at the first of those: the button may be gone.
  useLayoutEffect(() => {
    if (most > CHIPS_FEW) list.current?.querySelectorAll("button")[most - CHIPS_MORE]?.focus();
  }, [most]);
  const chips = chipsOf(item, name);
  const shown = firstOf(chips, most);
  const hidden = chips.length - shown.length;
  if (chips.length === 0) return null;
  // What is written on it is part of its name, for whoever presses by voice.
  const nameOf = (chip: Chip) =>
    text("reactions--by", {
      emoji: chip.count > 1 ? `${chip.emoji} ${numberText(chip.count)}` : chip.emoji,
      names: whoOf(chip),
    });
  return (
    <ul ref={list} class="reactions" aria-label={text("reactions--title")}>
      {shown.map((chip) => (
        <li key={chip.emoji}>
          <button
            type="button"
            class="reaction"
            tabIndex={stop ? 0 : -1}
            aria-pressed={chip.own}
            aria-label={nameOf(chip)}
            title={whoOf(chip)}
            onClick={() => react(app, item, chip.emoji)}
          >
            <span aria-hidden="true">{chip.emoji}</span>
            {chip.count > 1 ? <span class="reaction-count">{numberText(chip.count)}</span> : undefined}
          </button>
        </li>
      ))}
      {hidden === 0 ? undefined : (
        <li>
          <button
            type="button"
            class="reaction"
            tabIndex={stop ? 0 : -1}
            aria-label={text("reactions--more", { count: numberText(hidden) })}
            onClick={() => setMost(most + CHIPS_MORE)}
          >
            <span aria-hidden="true">{text("reactions--plus", { count: numberText(hidden) })}</span>
          </button>
        </li>
      )}
    </ul>
  );
}

function whoOf({ own, names }: Chip): string {
  return listText([...(own ? [text("reactions--you")] : []), ...names]);
}
