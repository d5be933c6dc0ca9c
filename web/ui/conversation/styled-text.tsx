import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/text.ts";
import type { TextPart } from "../../model/linkify.ts";
import { type Block, type Inline, type Style, styled, unstyled } from "../../model/styling.ts";
import { namesIn } from "../../words/mentions.ts";
import { withoutStrayClosings } from "../../words/visible.ts";
import { useApp } from "../hooks/use-app.ts";
import { copyText } from "../page/clipboard.ts";
import { Icon } from "../parts/icon.tsx";

const TAGS = { strong: "strong", emphasis: "em", strike: "s", code: "code" } as const satisfies Record<Style, string>;

type Around = {
  /** The tab stop of the list: what can be pressed in it comes to Tab. */
  readonly stop: boolean;
  /** Our own name in the room, to be seen in the words. */
  readonly self: string | undefined;
};

function Leaf({ part, self }: { readonly part: TextPart; readonly self: string | undefined }) {
  if (part.kind === "file") return <i>{text("message--file")}</i>;
  if (part.kind === "text") return self === undefined ? part.text : <Named words={part.text} self={self} />;
  const { href, leadsTo } = part;
  return (
    <>
      <a href={href} dir="ltr" target="_blank" rel="noopener noreferrer" title={href === part.text ? undefined : href}>
        {part.text}
      </a>
      {leadsTo === undefined ? undefined : (
        <bdi class="leads-to" dir="ltr">
          {` (${text("link--leads-to", { host: leadsTo })})`}
        </bdi>
      )}
    </>
  );
}

/** Words in which our own name stands out. */
function Named({ words, self }: { readonly words: string; readonly self: string }) {
  let done = 0;
  const parts = namesIn(words, self).map(({ from, to }) => {
    const before = words.slice(done, from);
    done = to;
    return [before, <mark key={from}>{words.slice(from, to)}</mark>];
  });
  return <>{[...parts, words.slice(done)]}</>;
}

/** Marks stay, as XEP-0393 §7 has it: nothing that was written is gone. They are pale, and not read aloud. */
function Parts({ parts, self }: { readonly parts: readonly Inline[]; readonly self?: string | undefined }) {
  return (
    <>
      {parts.map((part, index) => {
        if (part.kind !== "styled") return <Leaf key={index} part={part} self={self} />;
        const Tag = TAGS[part.style];
        const mark = (
          <span class="style-mark" aria-hidden="true">
            {part.mark}
          </span>
        );
        return (
          <Tag key={index}>
            {mark}
            <Parts parts={part.parts} self={part.style === "code" ? undefined : self} />
            {mark}
          </Tag>
        );
      })}
    </>
  );
}

/** Code may be wider than the bubble, and is copied as it was written. */
function Code({ block, stop }: { readonly block: Extract<Block, { readonly kind: "code" }>; readonly stop: boolean }) {
  const app = useApp();
  const { info } = block;
  // Written on one line: what stands behind the marks is the code itself.
  const parts = block.parts.length > 0 ? block.parts : [{ kind: "text", text: info.replace(/`+$/, "") } as const];
  const code = parts.map((part) => (part.kind === "file" ? text("message--file") : part.text)).join("");
  const tabIndex = stop ? 0 : -1;
  return (
    <span class="code-block" dir="ltr">
      <span class="code-head">
        <bdi>{block.parts.length > 0 ? info : undefined}</bdi>
        <button
          type="button"
          class="icon-button"
          tabIndex={tabIndex}
          aria-label={text("code--copy")}
          onClick={() => drop(copyText(app, code))}
        >
          <Icon name="copy" />
        </button>
      </span>
      {/* What scrolls has to be reached by keys. */}
      <pre tabIndex={tabIndex}>
        <code>
          <Parts parts={parts} />
        </code>
      </pre>
    </span>
  );
}

function Blocks({ blocks, stop, self }: Around & { readonly blocks: readonly Block[] }) {
  return (
    <>
      {blocks.map((block, index) => {
        if (block.kind === "code") return <Code key={index} block={block} stop={stop} />;
        if (block.kind === "text") return <Parts key={index} parts={block.parts} self={self} />;
        return (
          <blockquote key={index} class="styled-quote" dir="auto">
            <Blocks blocks={block.blocks} stop={stop} self={undefined} />
          </blockquote>
        );
      })}
    </>
  );
}

type Properties = Partial<Around> & {
  readonly words: string;
  /** As it is written: its author wants that. */
  readonly plain?: boolean;
};

/**
 * A message's words as text nodes, styled (XEP-0393), with its addresses as links; where one does not say where it leads,
 * that stands beside.
 */
export function StyledText({ words, plain = false, stop = false, self }: Properties) {
  const said = withoutStrayClosings(words);
  return <Blocks blocks={plain ? unstyled(said) : styled(said)} stop={stop} self={self} />;
}
