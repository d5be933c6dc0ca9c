import { text } from "../../i18n/text.ts";
import { RowShapes } from "../parts/shapes.tsx";

/** While the engine opens its database: the shape of what comes, shown only if it takes long enough to be noticed. */
export function Starting() {
  return (
    <div class="frame" aria-busy="true" aria-label={text("starting--label")} role="status">
      <div class="list">
        <RowShapes />
      </div>
      <main class="pane">
        <h1 class="unseen">{text("app--name")}</h1>
      </main>
    </div>
  );
}
