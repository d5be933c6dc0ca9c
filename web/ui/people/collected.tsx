import type { BareJid } from "../../../worker/contract/names.ts";
import { COLLECTED } from "../../engine/protocol/search.ts";
import { text } from "../../i18n/aside.ts";
import type { Place } from "../../model/places.ts";
import { addressText } from "../../words/names.ts";
import { menus } from "../conversation/later-menus.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { FetchedPart } from "../parts/fetched.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Action } from "./action.tsx";

/** Pictures, files and links of a conversation, one kind at a time. */
export function CollectedScreen({
  of,
  what = "media",
}: Omit<Extract<Place, { readonly screen: "collected" }>, "screen">) {
  const app = useApp();
  const chat = useValue(app.chats).get(of);
  const room = chat?.room !== undefined;
  return (
    <main class="pane">
      <PageHead
        title={text("collected--title", { name: chat?.name ?? addressText(of) })}
        back={room ? { screen: "members", of } : { screen: "person", of }}
      />
      <div class="collected" data-scrolls>
        <fieldset class="segments collected-kinds" aria-label={text("collected--kinds")}>
          {COLLECTED.map((kind) => (
            <label key={kind} class="segment">
              <input
                type="radio"
                class="segment-input"
                name="collected"
                value={kind}
                checked={kind === what}
                onChange={() => app.go({ screen: "collected", of, what: kind })}
              />
              <span>{text(`collected--${kind}`)}</span>
            </label>
          ))}
        </fieldset>
        <FetchedPart later={menus} instead={<p class="collected-state">{text("later--loading")}</p>}>
          {({ CollectedPages }) => <CollectedPages key={`${of} ${what}`} of={of} what={what} />}
        </FetchedPart>
      </div>
    </main>
  );
}

/** The way there, from whoever or whatever the conversation is with. */
export function CollectedAction({ of }: { readonly of: BareJid }) {
  const app = useApp();
  return (
    <Action icon="info" act={() => app.go({ screen: "collected", of })} leads={true}>
      {text("collected--open")}
    </Action>
  );
}
