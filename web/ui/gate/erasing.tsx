import type { BareJid } from "../../../worker/contract/names.ts";
import { text } from "../../i18n/aside.ts";
import { Mark } from "../parts/icon.tsx";

type Properties = { readonly account: BareJid };

/** Another tab keeps what is to be erased: what is still here, and what to do about it. It goes on by itself. */
export function Erasing({ account }: Properties) {
  return (
    <main class="gate">
      <div class="gate-card">
        <Mark />
        <h1>{text("erasing--title")}</h1>
        <p class="gate-lead">{text("erasing--by-choice", { account })}</p>
        <p class="gate-lead">{text("erasing--what-to-do")}</p>
        <p class="gate-waiting" role="status">
          <span class="busy-dot" aria-hidden="true" />
          {text("erasing--waiting")}
        </p>
        <button type="button" class="button" onClick={() => location.reload()}>
          {text("erasing--action")}
        </button>
      </div>
    </main>
  );
}
