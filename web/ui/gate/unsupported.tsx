import { type TextKey, text } from "../../i18n/text.ts";
import type { Ability } from "../page/ability.ts";
import { Mark } from "../parts/icon.tsx";

const WORDS = {
  "secure-context": "unsupported--insecure",
  storage: "unsupported--text",
  workers: "unsupported--text",
  "kept-keys": "unsupported--not-kept",
} as const satisfies Record<Ability, TextKey>;

/** Instead of everything else, where the browser lacks what keys need. */
export function Unsupported({ missing }: { readonly missing: Ability }) {
  return (
    <main class="gate">
      <div class="gate-card">
        <Mark />
        <h1>{text("unsupported--title")}</h1>
        <p class="gate-lead">{text(WORDS[missing])}</p>
      </div>
    </main>
  );
}
