import { plural, text } from "../../i18n/aside.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { LeftOut } from "../../engine/protocol/account.ts";
import type { ChatSummary, TrustView } from "../../engine/protocol/conversations.ts";
import { calledName, nameOf } from "../../model/chats.ts";
import { LeftOutList } from "../parts/left-out.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";

function wordsOf({ kind, devices }: TrustView, name: string): string {
  switch (kind) {
    case "excluded":
      return plural("trust--excluded", devices.length, { name });
    case "new-device":
      return plural("trust--new", devices.length, { name });
    default:
      return text(kind === "key-changed" ? "trust--stopped-changed" : "trust--stopped-none", { name });
  }
}

/** What was written leaves once it was seen that these devices came; they are trusted as those before them. */
function Seen({ devices }: { readonly devices: readonly LeftOut[] }) {
  const app = useApp();
  return (
    <button type="button" class="button" onClick={() => drop(app.engine.devicesSeen({ devices }))}>
      {plural("trust--seen", devices.length)}
    </button>
  );
}

/** What keeps messages from some devices of a contact, or from leaving at all: which they are, and the way to decide. */
export function TrustBanner({ chat }: { readonly chat: ChatSummary }) {
  const app = useApp();
  const { trust } = chat;
  const name = calledName(chat);
  if (trust === undefined) return null;
  const isNew = trust.kind === "new-device";
  return (
    <section class="banner" data-trust={trust.kind} role="status">
      <div class="banner-words">
        <p>{wordsOf(trust, name)}</p>
        <LeftOutList devices={trust.devices} reasonSaid={isNew || trust.kind === "key-changed"} />
      </div>
      <div class="banner-actions">
        <button
          type="button"
          class={isNew ? "button button-quiet" : "button"}
          onClick={() => app.go({ screen: "devices", of: chat.jid })}
        >
          {text("trust--look")}
        </button>
        {isNew ? <Seen devices={trust.devices} /> : undefined}
      </div>
    </section>
  );
}

/** The same for the new devices of those who belong to a room. */
export function RoomNewcomers({ devices }: { readonly devices: readonly LeftOut[] }) {
  const chats = useValue(useApp().chats);
  return (
    <section class="banner" data-trust="new-device" role="status">
      <div class="banner-words">
        <p>{plural("trust--new-room", devices.length)}</p>
        <LeftOutList devices={devices} ownerOf={({ jid }) => nameOf(jid, chats)} reasonSaid={true} />
      </div>
      <div class="banner-actions">
        <Seen devices={devices} />
      </div>
    </section>
  );
}
