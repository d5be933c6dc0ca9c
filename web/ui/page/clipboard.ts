/** What was written, for other programs. */
import { text } from "../../i18n/text.ts";
import type { App } from "../../model/app.ts";

/** Copies words, and says whether that went well. */
export async function copyText(app: App, words: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(words);
    app.announcement.value = text("message--copied");
  } catch {
    // A browser may refuse, by its settings or because the page is not looked at.
    app.announcement.value = text("message--not-copied");
  }
}
