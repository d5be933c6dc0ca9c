import { text } from "../../i18n/text.ts";
import { Mark } from "../parts/icon.tsx";

/** The store or the engine could not be opened: nothing is lost, and trying again may be all it needs. */
export function Stuck() {
  return (
    <main class="gate">
      <div class="gate-card">
        <Mark />
        <h1>{text("stuck--title")}</h1>
        <p class="gate-lead">{text("stuck--text")}</p>
        <button type="button" class="button" onClick={() => location.reload()}>
          {text("stuck--action")}
        </button>
      </div>
    </main>
  );
}
