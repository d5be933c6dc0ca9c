import { useEffect, useState } from "preact/hooks";
import { type LinkDetails, readLinkDetails } from "../../media/link-details.ts";
import { firstLink } from "../../model/first-link.ts";

/** What a sender says of the page behind their link. Nothing of it is fetched; its host is read from the link itself. */
export function LinkCard({
  words,
  details,
  stop,
}: {
  readonly words: string;
  readonly details: string;
  readonly stop: boolean;
}) {
  const link = firstLink(words);
  const said = link && readLinkDetails(details, link.href);
  if (said === undefined) return null;
  return (
    <a class="linked-card" href={said.url} target="_blank" rel="noopener noreferrer" tabIndex={stop ? 0 : -1}>
      <LinkWords said={said} />
    </a>
  );
}

/** The picture and the lines: in a message, and in the composer before it is one. */
export function LinkWords({ said }: { readonly said: LinkDetails }) {
  const { title, description, url } = said;
  return (
    <>
      <LinkPicture of={said} />
      <span class="linked-words">
        {title === undefined ? undefined : (
          <b class="linked-title" dir="auto">
            {title}
          </b>
        )}
        {description === undefined ? undefined : (
          <span class="linked-about" dir="auto">
            {description}
          </span>
        )}
        <span class="linked-host" dir="ltr">
          {new URL(url).host}
        </span>
      </span>
    </>
  );
}

function LinkPicture({ of: { url, picture } }: { readonly of: LinkDetails }) {
  const [shown, setShown] = useState<string | undefined>(undefined);
  useEffect(() => {
    if (picture === undefined) return undefined;
    const address = URL.createObjectURL(new Blob([picture], { type: "image/jpeg" }));
    setShown(address);
    return () => {
      setShown(undefined);
      URL.revokeObjectURL(address);
    };
    // Its bytes are read anew with each drawing; they change with the link alone.
  }, [url, picture?.length]);
  if (picture === undefined) return null;
  return <span class="linked-picture">{shown === undefined ? undefined : <img src={shown} alt="" />}</span>;
}
