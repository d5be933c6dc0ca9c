import type { App } from "../../model/app.ts";

export const FILTER_ID = "filter";

/**
 * Keys that work everywhere but in dialogs: Ctrl/Cmd+K opens the quick switcher, `/` and Ctrl/Cmd+Shift+F go to the search,
 * Ctrl/Cmd+comma to the settings, a question mark shows them all, Escape leaves an answer or an edit, else the conversation
 * for the list.
 */
export function listenForKeys(app: App): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || app.account.peek() === undefined) return;
    if (isCovered(app)) return;
    const control = (event.ctrlKey || event.metaKey) && !event.altKey;
    const key = event.key.toLowerCase();
    const searches = control ? key === "f" && event.shiftKey : key === "/" && !event.altKey && !isWriting(event.target);
    if (control && key === "k" && !event.shiftKey) {
      event.preventDefault();
      app.dialog.value = { kind: "switcher" };
      return;
    }
    if (searches) {
      event.preventDefault();
      focusFilter(app);
      return;
    }
    if (event.key === "," && control) {
      event.preventDefault();
      app.go({ screen: "settings" });
      return;
    }
    if (event.key === "?" && !isWriting(event.target)) {
      app.dialog.value = { kind: "shortcuts" };
      return;
    }
    // Whoever keeps it down has closed something by it, and means no more.
    if (event.key === "Escape" && !event.repeat && !leaveWriting(app)) goBack(app);
  });
}

/** Something is open above the screen, on its way there, or was closed by the key that is being heard: Escape closes one thing. */
export function isCovered(app: App): boolean {
  return app.dialog.peek() !== undefined || document.querySelector("dialog[open], [popover]:popover-open") !== null;
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, [contenteditable]");
}

function leaveWriting(app: App): boolean {
  const chat = app.openChat.peek();
  return chat !== undefined && app.conversation(chat).writing.cancel();
}

/** To the search at the head of the list. On a phone that is in sight only without a conversation. */
export function focusFilter(app: App): void {
  const filter = () => document.getElementById(FILTER_ID);
  if (filter()?.checkVisibility() !== true) app.go({ screen: "chats" });
  requestAnimationFrame(() => filter()?.focus());
}

/** What led to the screen gets the focus: the row that was open or found, so that the arrow keys go on from there, or the account's menu. */
function goBack(app: App): void {
  const place = app.place.peek();
  const chat = place.screen === "chats" ? place.chat : "of" in place ? place.of : undefined;
  if (chat === undefined && place.screen === "chats") return;
  app.go({ screen: "chats" });
  requestAnimationFrame(() => {
    const row = [...document.querySelectorAll<HTMLElement>("[role=option]")].find(
      (option) => option.dataset["jid"] === chat,
    );
    // Whoever was led here by the search goes on where they were in it.
    const stop = app.searching.peek() ? '.search [role=option][tabindex="0"]' : ".account-button";
    (row ?? document.querySelector<HTMLElement>(stop))?.focus();
  });
}
