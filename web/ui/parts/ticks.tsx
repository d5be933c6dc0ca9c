import { text } from "../../i18n/text.ts";
import type { SendState } from "../../engine/protocol/conversations.ts";
import { Icon, type IconName } from "./icon.tsx";

const ICONS = {
  waiting: "clock",
  sent: "check",
  delivered: "checks",
  read: "seen",
  failed: "alert",
} as const satisfies Record<SendState, IconName>;

/** Which `ticks.css` draws. */
const DRAWN: ReadonlySet<SendState> = new Set(["sent", "delivered", "read"]);

/**
 * What became of an own message: by shape, for not everybody sees the colour. `plain`: in a bubble of the usual colour, of which
 * there are many.
 */
export function Ticks({ state, plain = false }: { readonly state: SendState; readonly plain?: boolean }) {
  const words = text(`state--${state}`);
  const drawn = plain && DRAWN.has(state);
  return (
    <span class={`ticks ticks-${state}${drawn ? " ticks-drawn" : ""}`} role="img" aria-label={words} title={words}>
      {drawn ? undefined : <Icon name={ICONS[state]} />}
    </span>
  );
}
