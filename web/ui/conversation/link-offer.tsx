import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { PreviewRefusal } from "../../../worker/contract/preview.ts";
import { text } from "../../i18n/menus.ts";
import { type LinkDetails, writeLinkDetails } from "../../media/link-details.ts";
import type { Conversation } from "../../model/conversation/conversation.ts";
import { filesOf } from "../../model/files/files-of.ts";
import { finishedLink, firstLink } from "../../model/first-link.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { chooseLinks, linkChoice } from "../page/link-choice.ts";
import { Icon } from "../parts/icon.tsx";
import { Why } from "../parts/why.tsx";
import { LinkWords } from "./link-card.tsx";

/** Nobody goes on writing a link after so long: half of one may lead to somebody else. */
const PAUSE_MS = 1_500;

type Looked =
  | { readonly state: "looking" }
  | { readonly state: "here"; readonly said: LinkDetails }
  | { readonly state: "failed"; readonly failure: Failure };

/** `area`: where one writes, and goes on writing after a press here. */
type Properties = { readonly conversation: Conversation; readonly area: RefObject<HTMLTextAreaElement | null> };

/** In the composer: what is behind the link that is being written, or whether anybody is to look. */
export function LinkOffer({ conversation, area }: Properties) {
  const { writing } = conversation;
  const draft = useValue(writing.text);
  const choice = useValue(linkChoice);
  /** Links whose preview was taken off. */
  const [without, setWithout] = useState<readonly string[]>([]);
  const url = useFinished(draft);
  useEffect(() => setWithout([]), [conversation]);
  if (url === undefined || choice === "off" || without.includes(url)) return null;
  const goOn = () => area.current?.focus({ preventScroll: true });
  if (choice === undefined)
    return (
      <Question
        onChoose={(on) => {
          chooseLinks(on);
          goOn();
        }}
      />
    );
  return (
    <Looking
      key={url}
      url={url}
      conversation={conversation}
      onRemove={() => {
        conversation.writing.beside.value = undefined;
        setWithout((before) => [...before, url]);
        goOn();
      }}
    />
  );
}

/** The link that stands in what is written and is not being written any more. */
function useFinished(draft: string): string | undefined {
  const now = finishedLink(draft)?.href;
  const [rested, setRested] = useState<string | undefined>(undefined);
  useEffect(() => {
    const timer = setTimeout(() => setRested(firstLink(draft)?.href), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  return now ?? (rested !== undefined && firstLink(draft)?.href === rested ? rested : undefined);
}

/** Asked once in this browser; the settings have it from then on. */
function Question({ onChoose }: { readonly onChoose: (on: boolean) => void }) {
  return (
    <section class="linked-offer" aria-label={text("link--offer-title")}>
      <p>
        <b>{text("link--offer-title")}</b> {text("link--offer")}
      </p>
      <div class="linked-choices">
        <button type="button" class="button" onClick={() => onChoose(true)}>
          {text("link--offer-yes")}
        </button>
        <button type="button" class="button button-quiet" onClick={() => onChoose(false)}>
          {text("link--offer-no")}
        </button>
      </div>
    </section>
  );
}

function Looking({
  url,
  conversation,
  onRemove,
}: Pick<Properties, "conversation"> & { readonly url: string; readonly onRemove: () => void }) {
  const app = useApp();
  const { writing } = conversation;
  const [looked, setLooked] = useState<Looked>({ state: "looking" });
  // What was taken off is gone in the turn that draws it so: Enter may follow before the next frame.
  useLayoutEffect(() => {
    const asking = filesOf(app)?.files.asking;
    const end = asking?.ask({ kind: "preview", url }, (reply) => {
      if ("failure" in reply) setLooked({ state: "failed", failure: reply.failure });
      if (!("preview" in reply)) return;
      const said = { url, ...reply.preview };
      setLooked({ state: "here", said });
      writing.beside.value = writeLinkDetails(said);
    });
    return () => {
      end?.();
      writing.beside.value = undefined;
    };
  }, [url, conversation]);
  const { host } = new URL(url);
  return (
    <section class="linked-offer" aria-label={text("link--preview")} aria-live="polite">
      {looked.state === "here" ? (
        <div class="linked-card">
          <LinkWords said={looked.said} />
        </div>
      ) : (
        <p class="linked-state">
          {looked.state === "looking" ? text("link--looking", { host }) : <NoPreview failure={looked.failure} />}
        </p>
      )}
      <button
        type="button"
        class="icon-button linked-remove"
        aria-label={text("link--remove")}
        title={text("link--remove")}
        onClick={onRemove}
      >
        <Icon name="close" />
      </button>
    </section>
  );
}

/** Why there is none; the message goes without. */
function NoPreview({ failure }: { readonly failure: Failure }) {
  const app = useApp();
  const own = failure.kind === "file" ? ownWords(failure.detail as PreviewRefusal) : undefined;
  return <>{own ?? <Why failure={failure} address={app.account.peek() ?? ""} />}</>;
}

function ownWords(why: PreviewRefusal): string {
  switch (why) {
    case "address":
      return text("link--no-address");
    case "day":
      return text("link--no-day");
    case "too-many":
      return text("link--no-too-many");
    case "slow":
    case "unreachable":
      return text("link--no-answer");
    default:
      return text("link--no-nothing");
  }
}
