/** What opens in a conversation: fetched before somebody asks, or when they do. */
import { fetchLater, LaterPart } from "../page/later.ts";

/** What can be done with a message, and what helps while one is written. */
export const menus = new LaterPart(async () => {
  await fetchLater("menus");
  return import("./menus.tsx");
});

/** The table of emoji, which is nearly as large as the first screen: fetched when somebody wants one. */
export const emojiLines = new LaterPart(async () => {
  await fetchLater("emoji-lines");
  return import("../../model/emoji-lines.ts");
});
