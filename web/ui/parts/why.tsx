/** What went wrong, in words. They are fetched when the first failure is to be told, or a moment after the first screen. */
import { useLayoutEffect } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import { text } from "../../i18n/text.ts";
import { useValue } from "../hooks/use-value.ts";
import { fetchLater, LaterPart } from "../page/later.ts";

export const failureWords = new LaterPart(async () => {
  await fetchLater("failures");
  return import("../../model/failures.ts");
});

export type Why = {
  readonly words: string;
  /** What the failure says beyond its words, for whoever can use it. */
  readonly detail?: string | undefined;
  /** The words could not be had. */
  readonly unsaid?: true;
};

/** `address`: the one that the failure is about. Each failure asks once more for words that could not be had. */
export function useWhy(failure: Failure | undefined, address: string): Why | undefined {
  useLayoutEffect(() => {
    if (failure !== undefined) failureWords.want();
  }, [failure]);
  const now = useValue(failureWords.now);
  if (failure === undefined) return undefined;
  const { kind, detail } = failure;
  if (now.state === "here") {
    const { failureText, detailBeyondWords } = now.part;
    return { words: failureText(failure, address), detail: detailBeyondWords(failure, address) };
  }
  // Whoever is offline cannot fetch why.
  if (kind === "offline" && detail === undefined) return { words: text("failure--offline") };
  if (now.state === "loading") return { words: text("later--loading") };
  return { words: text("later--no-words"), detail: detail === undefined ? kind : `${kind}: ${detail}`, unsaid: true };
}

/** As a part of a sentence or a line. */
export function Why({ failure, address }: { readonly failure: Failure; readonly address: string }) {
  return <>{useWhy(failure, address)?.words}</>;
}
