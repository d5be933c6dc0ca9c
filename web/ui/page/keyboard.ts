import type { App } from "../../model/app.ts";

export const FILTER_ID = "filter";

/**
 * Keys that work everywhere but in dialogs: Ctrl/Cmd+K goes to the search box, Escape leaves an answer or an edit, else
 * the conversation for the list.
 */
export function listenForKeys(app: App): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || app.account.peek() === undefined) return;
    if (document.querySelector("dialog[open], [popover]:popover-open") !== null) return;
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      focusFilter(app);
      return;
    }
    if (event.key === "Escape" && !leaveWriting(app)) goBack(app);
  });
}

function leaveWriting(app: App): boolean {
  const chat = app.openChat.peek();
  return chat !== undefined && app.conversation(chat).writing.cancel();
}

function focusFilter(app: App): void {
  const filter = () => document.getElementById(FILTER_ID);
  if (filter()?.checkVisibility() !== true) app.go({ screen: "chats" });
  requestAnimationFrame(() => filter()?.focus());
}

/** What led to the screen gets the focus: the row that was open, so that the arrow keys go on from there, or the account's menu. */
function goBack(app: App): void {
  app.list.filter.value = "";
  const place = app.place.peek();
  const chat = place.screen === "chats" ? place.chat : place.of;
  if (chat === undefined && place.screen === "chats") return;
  app.go({ screen: "chats" });
  requestAnimationFrame(() => {
    const row = [...document.querySelectorAll<HTMLElement>("[role=option]")].find(
      (option) => option.dataset["jid"] === chat,
    );
    (row ?? document.querySelector<HTMLElement>(".account-button"))?.focus();
  });
}
