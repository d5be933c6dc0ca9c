import { type TextKey, text } from "../../i18n/text.ts";
import type { SendState } from "../../engine/protocol/conversations.ts";
import { Icon, type IconName } from "./icon.tsx";

const SHOWN = {
  waiting: { icon: "clock", words: "state--waiting" },
  sent: { icon: "check", words: "state--sent" },
  delivered: { icon: "checks", words: "state--delivered" },
  read: { icon: "checks", words: "state--read" },
  failed: { icon: "alert", words: "state--failed" },
} as const satisfies Record<SendState, { readonly icon: IconName; readonly words: TextKey }>;

/** What became of an own message. */
export function Ticks({ state }: { readonly state: SendState }) {
  return (
    <span
      class={`ticks ticks-${state}`}
      role="img"
      aria-label={text(SHOWN[state].words)}
      title={text(SHOWN[state].words)}
    >
      <Icon name={SHOWN[state].icon} />
    </span>
  );
}
