/** Message styling (XEP-0393): blocks and spans of what others wrote, against a reading that asks every rule of every letter. */
import { type Block, type Inline, styled } from "../../web/model/styling.ts";
import { mutated } from "./mutation.ts";
import { joined, plainBlocks, type Tree } from "./plain-styling.ts";
import { compared, type Target, wrong } from "./target.ts";

const TOKENS = [
  ...[
    "*",
    "_",
    "~",
    "`",
    "```",
    "```\n",
    "```js\n",
    "\n",
    "\n\n",
    ">",
    "> ",
    ">> ",
    " ",
    "\u00a0",
    "\u3000",
    "a",
    "bc",
    "é",
    "🎈",
  ],
  ...[
    "*a*",
    "_b c_",
    "~d~",
    "`e`",
    "*_x_*",
    "\n> q",
    "\n```\ncode\n```\n",
    "https://e.org/_a_",
    "a@b.org",
    "aesgcm://a/b#0f",
  ],
];
const PARTS_MAX = 12;
/** The slow reading looks at everything again for each letter. */
const JUDGED_LENGTH = 1_500;

export const styling: Target<readonly Block[]> = {
  name: "message styling",
  share: 0.1,
  make: (random) => {
    const text = Array.from({ length: random.between(1, PARTS_MAX) }, () => random.pick(TOKENS)).join("");
    return random.between(0, 1) === 0 ? text : mutated(random, text, TOKENS);
  },
  run: styled,
  judge: (input, blocks) => {
    if (blocks.flatMap(shownIn).some((text) => /aesgcm:\S/i.test(text))) return wrong("a key is shown");
    if (input.length > JUDGED_LENGTH) return { taken: false };
    return { ...compared(blocks.map(blockTree), plainBlocks(input)), taken: blocks.length > 1 || !isPlain(blocks) };
  },
};

/** Each stretch of words that is drawn. */
function shownIn(block: Block): readonly string[] {
  return block.kind === "quote" ? block.blocks.flatMap(shownIn) : block.parts.flatMap(shownInline);
}

function shownInline(part: Inline): readonly string[] {
  return part.kind === "styled" ? part.parts.flatMap(shownInline) : part.kind === "file" ? [] : [part.text];
}

function isPlain(blocks: readonly Block[]): boolean {
  return blocks.every((block) => block.kind === "text" && block.parts.every(({ kind }) => kind === "text"));
}

function blockTree(block: Block): Tree {
  if (block.kind === "quote") return ["quote", ...block.blocks.map(blockTree)];
  if (block.kind === "code") return ["code block", block.info, block.parts.map(({ text }) => text).join("")];
  return ["text", ...joined(block.parts.map(inlineTree))];
}

function inlineTree(part: Inline): Tree {
  return part.kind === "styled" ? [part.style, ...joined(part.parts.map(inlineTree))] : part.text;
}
