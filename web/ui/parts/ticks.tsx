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

/** What became of an own message: by shape, for not everybody sees the colour. */
export function Ticks({ state }: { readonly state: SendState }) {
  const words = text(`state--${state}`);
  return (
    <span class={`ticks ticks-${state}`} role="img" aria-label={words} title={words}>
      <Icon name={ICONS[state]} />
    </span>
  );
}
