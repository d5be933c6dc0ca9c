import { drop } from "../../../worker/shared/drop.ts";
import { listText, numberText, text } from "../../i18n/text.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import { type Chip, chipsOf, toggled } from "../../model/conversation/reactions.ts";
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
  const chips = chipsOf(item, name);
  if (chips.length === 0) return null;
  return (
    <ul class="reactions" aria-label={text("reactions--title")}>
      {chips.map((chip) => (
        <li key={chip.emoji}>
          <button
            type="button"
            class="reaction"
            tabIndex={stop ? 0 : -1}
            aria-pressed={chip.own}
            aria-label={text("reactions--by", { emoji: chip.emoji, names: whoOf(chip) })}
            title={whoOf(chip)}
            onClick={() => drop(app.engine.react({ key: item.key, emojis: toggled(item, chip.emoji) }))}
          >
            <span aria-hidden="true">{chip.emoji}</span>
            {chip.count > 1 ? <span class="reaction-count">{numberText(chip.count)}</span> : undefined}
          </button>
        </li>
      ))}
    </ul>
  );
}

function whoOf({ own, names }: Chip): string {
  return listText([...(own ? [text("reactions--you")] : []), ...names]);
}
