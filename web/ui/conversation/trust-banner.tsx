import { plural, text } from "../../i18n/text.ts";
import type { ChatSummary } from "../../engine/protocol/conversations.ts";
import { LeftOutList } from "../parts/left-out.tsx";
import { useApp } from "../hooks/use-app.ts";

/** What keeps messages from some devices of a contact, or from leaving at all: which they are, and the way to decide. */
export function TrustBanner({ chat }: { readonly chat: ChatSummary }) {
  const app = useApp();
  const { trust, name } = chat;
  if (trust === undefined) return null;
  const words =
    trust.kind === "excluded"
      ? plural("trust--excluded", trust.devices.length, { name })
      : text(trust.kind === "key-changed" ? "trust--stopped-changed" : "trust--stopped-none", { name });
  return (
    <section class="banner" data-trust={trust.kind} role="status">
      <div class="banner-words">
        <p>{words}</p>
        <LeftOutList devices={trust.devices} reasonSaid={trust.kind === "key-changed"} />
      </div>
      <div class="banner-actions">
        <button type="button" class="button" onClick={() => app.go({ screen: "devices", of: chat.jid })}>
          {text("trust--look")}
        </button>
      </div>
    </section>
  );
}
