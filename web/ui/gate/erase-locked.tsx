import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { signOut } from "../../model/account-actions.ts";
import { useApp } from "../hooks/use-app.ts";
import { Question } from "./question.tsx";

/** Asked once more, because nobody can bring it back. */
export function EraseLocked({ account, onBack }: { readonly account: string; readonly onBack: () => void }) {
  const app = useApp();
  return (
    <main class="gate">
      <Question title={text("erase-locked--title")}>
        <p class="gate-lead">{text("erase-locked--what", { account })}</p>
        <button type="button" class="button button-bad button-wide" onClick={() => drop(signOut(app, true))}>
          {text("erase-locked--confirm")}
        </button>
        <button type="button" class="button button-quiet button-wide" onClick={onBack}>
          {text("consent--back")}
        </button>
      </Question>
    </main>
  );
}
