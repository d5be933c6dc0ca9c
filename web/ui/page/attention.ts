import { effect } from "@preact/signals-core";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/text.ts";
import { countText } from "../../model/format.ts";
import type { App } from "../../model/app.ts";
import { accountNow } from "../../model/clock.ts";

/** A timer of more than 2^31 ms rings at once; a machine that slept rings late, and is looked at again. */
const LONGEST_TIMER_MS = 3_600_000;

/** Tells the model whether somebody looks, and shows the number of unread messages in the page's title. */
export function followAttention(app: App): void {
  const look = () => app.look(document.visibilityState === "visible", document.hasFocus());
  document.addEventListener("visibilitychange", look);
  addEventListener("focus", look);
  addEventListener("blur", look);
  app.attentive.value = document.visibilityState === "visible" && document.hasFocus();
  effect(() => {
    const end = app.list.nextEnd.value;
    if (end === undefined) return;
    const wait = Math.min(Math.max(0, end - accountNow()) + 1, LONGEST_TIMER_MS);
    const timer = setTimeout(() => {
      app.list.clock.value = accountNow();
    }, wait);
    return () => clearTimeout(timer);
  });
  effect(() => {
    const count = app.unread.value;
    // Where the page was installed, its icon has it.
    if ("setAppBadge" in navigator) drop(navigator.setAppBadge(count).catch(() => undefined));
    document.title = count > 0 ? text("app--title-unread", { count: countText(count) }) : text("app--name");
  });
}
