/** A conversation of 10,000 messages behind a scripted engine, which gives them a page at a time. */
import type { Page } from "puppeteer-core";

const TEN_THOUSAND = 10_000;
const CHAT = "rui@example.net";
const PAGE_ROWS = 50;

/** Opens it, in a scene that stands; the newest message is in sight then. */
export async function openTenThousand(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    const item = (n) => ({
      key: "t" + n, id: "t" + n, chat: "${CHAT}", position: n, at: Date.now() - (${TEN_THOUSAND} - n) * 300_000,
      outgoing: n % 4 === 0, encrypted: true, ...(n % 4 === 0 && { state: "read" }),
      body: { kind: "text", text: "Message " + n + ". " + "A few more words. ".repeat((n * 7) % 11) },
    });
    engine.timeline = async ({ before = ${TEN_THOUSAND + 1}, after }) => {
      const from = after === undefined ? Math.max(1, before - ${PAGE_ROWS}) : after + 1;
      const to = after === undefined ? before : Math.min(${TEN_THOUSAND + 1}, from + ${PAGE_ROWS});
      return {
        chat: "${CHAT}", items: Array.from({ length: to - from }, (_, n) => item(from + n)),
        more: from > 1 ? "here" : "none", newer: to <= ${TEN_THOUSAND}, beforeDevice: 0,
      };
    };
    const row = app.chats.peek().get("${CHAT}");
    engine.tell({ type: "chats", removed: [], chats: [{ ...row, unread: 0, readTo: ${TEN_THOUSAND} }] });
    app.go({ screen: "chats", chat: "${CHAT}" });
    while (!document.querySelector(".messages li:last-child .words")?.textContent.startsWith("Message ${TEN_THOUSAND}."))
      await new Promise(requestAnimationFrame);
  })()`);
}
