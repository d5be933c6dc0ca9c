import { text } from "../../i18n/text.ts";
import type { Ability } from "../page/ability.ts";
import { Mark } from "../parts/icon.tsx";

/** Instead of everything else, where the browser lacks what keys need. */
export function Unsupported({ missing }: { readonly missing: Ability }) {
  return (
    <main class="gate">
      <div class="gate-card">
        <Mark />
        <h1>{text("unsupported--title")}</h1>
        <p class="gate-lead">{text(missing === "secure-context" ? "unsupported--insecure" : "unsupported--text")}</p>
      </div>
    </main>
  );
}
