/** The table of emoji as it is stored, which is all that its script holds. Of emojibase-data (MIT), by `tools/emoji.ts`. */
import stored from "./emoji-en.json" with { type: "json" };

export const lines: readonly string[] = stored;
