import { effect } from "@preact/signals-core";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/text.ts";
import { countText } from "../../model/format.ts";
import type { App } from "../../model/app.ts";

/** Tells the model whether somebody looks, and shows the number of unread messages in the page's title. */
export function followAttention(app: App): void {
  const look = () => app.look(document.visibilityState === "visible", document.hasFocus());
  document.addEventListener("visibilitychange", look);
  addEventListener("focus", look);
  addEventListener("blur", look);
  app.attentive.value = document.visibilityState === "visible" && document.hasFocus();
  effect(() => {
    const count = app.unread.value;
    // Where the page was installed, its icon has it.
    if ("setAppBadge" in navigator) drop(navigator.setAppBadge(count).catch(() => undefined));
    document.title = count > 0 ? text("app--title-unread", { count: countText(count) }) : text("app--name");
  });
}
