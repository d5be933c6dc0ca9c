import type { BareJid } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/text.ts";
import type { TextPart } from "../../model/linkify.ts";
import { type Block, type Inline, type Style, styled, unstyled } from "../../model/styling.ts";
import { calledIn, type People } from "../../words/mentions.ts";
import { withoutStrayClosings } from "../../words/visible.ts";
import { useApp } from "../hooks/use-app.ts";
import { copyText } from "../page/clipboard.ts";
import { Icon } from "../parts/icon.tsx";

const TAGS = { strong: "strong", emphasis: "em", strike: "s", code: "code" } as const satisfies Record<Style, string>;

type Around = {
  /** The tab stop of the list: what can be pressed in it comes to Tab. */
  readonly stop: boolean;
  readonly names: Names | undefined;
};
/** In a room. `self`: our own name there, to be seen in the words; those of others lead to who they are. */
export type Names = { readonly chat: BareJid; readonly self: string | undefined; readonly others: People };

function Leaf({ part, names }: { readonly part: TextPart } & Pick<Around, "names">) {
  const app = useApp();
  if (part.kind === "file") return <i>{text("message--file")}</i>;
  if (part.kind === "text") return names === undefined ? part.text : <Named words={part.text} {...names} />;
  const { href, leadsTo } = part;
  return (
    <>
      <a
        href={href}
        dir="ltr"
        target="_blank"
        rel="noopener noreferrer"
        title={href === part.text ? undefined : href}
        onClick={(event) => {
          // What leads to a room or somebody is for us, not for the next app.
          if (!href.startsWith("xmpp:")) return;
          event.preventDefault();
          app.dialog.value = { kind: "open-link", link: href };
        }}
      >
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

/** Words in which our own name stands out, and others that are called by theirs can be looked up. */
function Named({ words, chat, self, others }: Names & { readonly words: string }) {
  const app = useApp();
  let done = 0;
  const parts = calledIn(words, self, others).map(({ from, to, jid }) => {
    const before = words.slice(done, from);
    const name = words.slice(from, to);
    done = to;
    if (jid === undefined) return [before, <mark key={from}>{name}</mark>];
    // A link wraps and is copied with the words around it, as a button would not.
    const named = (
      <a
        key={from}
        href={`xmpp:${encodeURI(jid)}`}
        title={jid}
        onClick={(event) => {
          event.preventDefault();
          app.go({ screen: "person", of: jid, from: chat });
        }}
      >
        {name}
      </a>
    );
    return [before, named];
  });
  return <>{[...parts, words.slice(done)]}</>;
}

/** Marks stay, as XEP-0393 §7 has it: nothing that was written is gone. They are pale, and not read aloud. */
function Parts({ parts, names }: { readonly parts: readonly Inline[]; readonly names?: Names | undefined }) {
  return (
    <>
      {parts.map((part, index) => {
        if (part.kind !== "styled") return <Leaf key={index} part={part} names={names} />;
        const Tag = TAGS[part.style];
        const mark = (
          <span class="style-mark" aria-hidden="true">
            {part.mark}
          </span>
        );
        return (
          <Tag key={index}>
            {mark}
            <Parts parts={part.parts} names={part.style === "code" ? undefined : names} />
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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys (WCAG 2.1.1) */}
      <pre tabIndex={0}>
        <code>
          <Parts parts={parts} />
        </code>
      </pre>
    </span>
  );
}

function Blocks({ blocks, stop, names }: Around & { readonly blocks: readonly Block[] }) {
  return (
    <>
      {blocks.map((block, index) => {
        if (block.kind === "code") return <Code key={index} block={block} stop={stop} />;
        if (block.kind === "text") return <Parts key={index} parts={block.parts} names={names} />;
        return (
          <blockquote key={index} class="styled-quote" dir="auto">
            <Blocks blocks={block.blocks} stop={stop} names={undefined} />
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
export function StyledText({ words, plain = false, stop = false, names }: Properties) {
  const said = withoutStrayClosings(words);
  return <Blocks blocks={plain ? unstyled(said) : styled(said)} stop={stop} names={names} />;
}
