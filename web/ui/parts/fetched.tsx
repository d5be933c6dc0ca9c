/** What stands in place of a part of the page that is fetched later: nothing at first, then words, also when it cannot be had. */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { text } from "../../i18n/text.ts";
import { NOWHERE } from "../../model/places.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { holdKeys } from "../page/held-keys.ts";
import type { Fetched, LaterPart } from "../page/later.ts";
import { Dialog } from "./dialog.tsx";
import { Icon, Mark } from "./icon.tsx";
import { RowShapes } from "./shapes.tsx";

/** What is there sooner needs no words. */
const WORDS_AFTER_MS = 300;

type Properties<Part> = {
  readonly later: LaterPart<Part>;
  readonly children: (part: Part) => ComponentChildren;
};

function useLater<Part>(later: LaterPart<Part>): Fetched<Part> {
  // Before it is painted: what has been fetched already is there at once.
  useLayoutEffect(() => later.want(), [later]);
  return useValue(later.now);
}

/** It could not be had: why that may be, and what helps. */
function NotLoaded() {
  return (
    <div class="failure" role="alert">
      <Icon name="alert" />
      <p>{text("later--failed-text")}</p>
    </div>
  );
}

function Retry({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <button type="button" class="button" onClick={onRetry}>
      {text("later--retry")}
    </button>
  );
}

/** A part of a screen; `instead` until it is here, where anybody waits for it. */
export function FetchedPart<Part>({
  later,
  instead,
  children,
}: Properties<Part> & { readonly instead?: ComponentChildren }) {
  const now = useLater(later);
  return <>{now.state === "here" ? children(now.part) : instead}</>;
}

/** What has to be said above what is there: a moment later, and in its place that it could not be had. */
export function FetchedBanner<Part>({ later, children }: Properties<Part>) {
  const now = useLater(later);
  if (now.state === "here") return <>{children(now.part)}</>;
  if (now.state === "loading") return null;
  return (
    <section class="banner">
      <NotLoaded />
      <div class="banner-actions">
        <Retry onRetry={() => later.want()} />
      </div>
    </section>
  );
}

/** In place of everything else. */
export function FetchedGate<Part>({ later, children }: Properties<Part>) {
  const now = useLater(later);
  if (now.state === "here") return <>{children(now.part)}</>;
  return (
    <main class="gate">
      {now.state === "failed" ? (
        <div class="gate-card">
          <Mark />
          <h1>{text("later--failed")}</h1>
          <NotLoaded />
          <Retry onRetry={() => later.want()} />
        </div>
      ) : undefined}
    </main>
  );
}

/** A screen; its shape while it is on its way. */
export function FetchedScreen<Part>({ later, children }: Properties<Part>) {
  const app = useApp();
  const now = useLater(later);
  if (now.state === "here") return <>{children(now.part)}</>;
  const failed = now.state === "failed";
  return (
    <main class="pane">
      <header class="head">
        <div class="column">
          <button type="button" class="icon-button" aria-label={text("dialog--back")} onClick={() => app.go(NOWHERE)}>
            <Icon name="back" />
          </button>
          <div class="head-words">{failed ? <h2>{text("later--failed")}</h2> : undefined}</div>
        </div>
      </header>
      <div class="devices">
        {failed ? (
          <>
            <NotLoaded />
            <p class="devices-others">
              <Retry onRetry={() => later.want()} />
            </p>
          </>
        ) : (
          <RowShapes />
        )}
      </div>
    </main>
  );
}

/** A dialog, or a menu. What is typed before it is there is typed into it. */
export function FetchedDialog<Part>({ later, onClose, children }: Properties<Part> & { readonly onClose: () => void }) {
  const now = useLater(later);
  const [late, setLate] = useState(false);
  const { state } = now;
  const endHolding = useRef<ReturnType<typeof holdKeys> | undefined>(undefined);
  useLayoutEffect(() => {
    if (state === "loading") endHolding.current = holdKeys(onClose);
  }, [state]);
  useLayoutEffect(() => {
    // After those of the part itself: it has the focus. Not a frame later: what is pressed once it is drawn is the part's.
    if (state !== "loading") endHolding.current?.(state === "here");
  }, [state]);
  useLayoutEffect(() => () => endHolding.current?.(false), []);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), WORDS_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (now.state === "here") return <>{children(now.part)}</>;
  const failed = now.state === "failed";
  if (!failed && !late) return null;
  return (
    <Dialog title={text(failed ? "later--failed" : "later--loading")} onClose={onClose}>
      {failed ? <NotLoaded /> : undefined}
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" onClick={onClose}>
          {text("later--close")}
        </button>
        {failed ? <Retry onRetry={() => later.want()} /> : undefined}
      </div>
    </Dialog>
  );
}
