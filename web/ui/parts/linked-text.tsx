import { text } from "../../i18n/text.ts";
import { linkify, type TextPart } from "../../model/linkify.ts";
import { withoutStrayClosings } from "../../words/visible.ts";

function Part({ part }: { readonly part: Exclude<TextPart, { readonly kind: "text" }> }) {
  if (part.kind === "file") return <i>{text("message--file")}</i>;
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

/** A message's words as text nodes, with its addresses as links; where one does not say where it leads, that stands beside. */
export function LinkedText({ words }: { readonly words: string }) {
  return (
    <>
      {linkify(withoutStrayClosings(words)).map((part, index) =>
        part.kind === "text" ? part.text : <Part key={index} part={part} />,
      )}
    </>
  );
}
