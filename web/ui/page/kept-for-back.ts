/**
 * A page that the browser keeps for Back stands still with its engine, which holds lock and socket: its account would take it for
 * open. So the engine ends, once what is being written is kept, and whoever comes back loads the page anew. One that holds what stands nowhere
 * else is left as it is.
 */
import { drop } from "../../../worker/shared/drop.ts";
import type { App } from "../../model/app.ts";
import { isPageHeld } from "./hold-page.ts";

/** Longer nobody waits for an engine that says nothing; a page that stands still before goes on where it was. */
const KEPT_WITHIN_MS = 300;

export function followBack(app: App, engine: Pick<Worker, "terminate">): void {
  let isGoing = false;
  let hasEnded = false;
  const end = () => {
    if (!isGoing) return;
    hasEnded = true;
    engine.terminate();
  };
  addEventListener("pagehide", ({ persisted }) => {
    if (!persisted || isPageHeld()) return;
    isGoing = true;
    app.look(false, false);
    setTimeout(end, KEPT_WITHIN_MS);
    // Behind what was said to it before.
    drop(app.engine.visible({ visible: false }).then(end, end));
  });
  addEventListener("pageshow", ({ persisted }) => {
    isGoing = false;
    if (persisted && hasEnded) location.reload();
  });
}
