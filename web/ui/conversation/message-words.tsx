import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { text } from "../../i18n/text.ts";
import { foldedText } from "../../model/fold.ts";
import { type Names, StyledText } from "./styled-text.tsx";

type WordsProperties = {
  readonly words: string;
  readonly plain: boolean;
  readonly stop: boolean;
  readonly names: Names | undefined;
  /** Who does what the words say (XEP-0245); undefined: they are said. */
  readonly actor: string | undefined;
  readonly meta: ComponentChildren;
};

/** As much of the words as is shown, and a way to the rest of a wall of text. */
export function Words({ words, actor, meta, ...how }: WordsProperties) {
  const [whole, setWhole] = useState(false);
  const place = useRef<{ readonly row: HTMLElement; readonly top: number } | undefined>(undefined);
  const folded = whole ? undefined : foldedText(words);
  useLayoutEffect(() => {
    const { row, top } = place.current ?? {};
    // What was read stays where it is, also for a reader at the newest row, from which the scroller measures.
    if (row !== undefined) row.closest(".scroller")?.scrollBy(0, row.getBoundingClientRect().top - (top ?? 0));
    row?.focus({ preventScroll: true });
  }, [whole]);
  return (
    <>
      <span class={`words${folded === undefined ? "" : " folded"}${actor === undefined ? "" : " action"}`}>
        {actor === undefined ? undefined : (
          <>
            <bdi class="actor">{actor}</bdi>{" "}
          </>
        )}
        <StyledText words={folded ?? words} {...how} />
        {folded === undefined ? undefined : "…"}
      </span>
      {folded === undefined ? undefined : (
        <button
          type="button"
          class="link read-more"
          onClick={(event) => {
            const row = event.currentTarget.closest<HTMLElement>(".message");
            place.current = row === null ? undefined : { row, top: row.getBoundingClientRect().top };
            setWhole(true);
          }}
        >
          {text("message--read-more")}
        </button>
      )}
      {meta}
    </>
  );
}

/** What a message said that somebody asks us to forget: nothing proves that it was its author. */
export function Covered({ words, stop }: { readonly words: string; readonly stop: boolean }) {
  const [shown, setShown] = useState(false);
  if (shown)
    return (
      <span class="words covered-words" dir="auto">
        <StyledText words={words} />
      </span>
    );
  return (
    <>
      {" "}
      <button type="button" class="link covered" tabIndex={stop ? 0 : -1} onClick={() => setShown(true)}>
        {text("message--show-covered")}
      </button>
    </>
  );
}
