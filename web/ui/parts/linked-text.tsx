import { linkify } from "../../model/linkify.ts";

/** A message's words as text nodes, with its addresses as links. */
export function LinkedText({ words }: { readonly words: string }) {
  return (
    <>
      {linkify(words).map((part, index) =>
        part.kind === "text" ? (
          part.text
        ) : (
          <a
            key={index}
            href={part.href}
            target="_blank"
            rel="noopener noreferrer"
            title={part.href === part.text ? undefined : part.href}
          >
            {part.text}
          </a>
        ),
      )}
    </>
  );
}
