import { useState } from "preact/hooks";
import { text } from "../../i18n/text.ts";
import type { ChatSummary } from "../../engine/protocol/conversations.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { Icon } from "../parts/icon.tsx";
import { useApp } from "../hooks/use-app.ts";

/** A check that answers faster than this would look as if nothing had happened. */
const SHOW_CHECKING_MS = 600;

type Look = "button" | "button button-quiet" | "link";

/** Asks again for devices, or whether a room is private. */
export function CheckAgain({ chat, look }: { readonly chat: ChatSummary; readonly look: Look }) {
  const app = useApp();
  const [busy, setBusy] = useState(false);
  const check = async () => {
    setBusy(true);
    await Promise.all([
      app.engine.checkEncryption({ chat: chat.jid }),
      new Promise((resolve) => setTimeout(resolve, SHOW_CHECKING_MS)),
    ]);
    setBusy(false);
  };
  return (
    <button type="button" class={look} disabled={busy} onClick={() => drop(check())}>
      {text(busy ? "unavailable--checking" : "unavailable--check")}
    </button>
  );
}

/** Above the composer for as long as words go out in clear. */
export function Exposed({ chat }: { readonly chat: ChatSummary }) {
  return (
    <p class="exposed" role="status">
      <Icon name="lock-open" />
      <span>
        {text("exposed--line")} <CheckAgain chat={chat} look="link" />
      </span>
    </p>
  );
}
