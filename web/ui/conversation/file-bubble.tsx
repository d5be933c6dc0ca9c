import type { ComponentChildren } from "preact";
import type { ShownItem } from "../../model/conversation/corrections.ts";
import { pictureIn, roomStyle } from "../../model/file-room.ts";
import { text } from "../../i18n/text.ts";
import { FetchedPart } from "../parts/fetched.tsx";
import { menus } from "./later-menus.ts";
import { Words } from "./message-words.tsx";
import type { Names } from "./styled-text.tsx";

type Properties = {
  readonly item: ShownItem;
  readonly stop: boolean;
  readonly names: Names | undefined;
  readonly children: ComponentChildren;
};

/** A file, and the words beside it. What looks at it is fetched with the menus; until then its room is there. */
export function FileBubble({ item, stop, names, children }: Properties) {
  const { body, shared } = item;
  const caption = shared !== undefined && body.kind === "text" && body.text !== shared.url ? body.text : undefined;
  const points = pictureIn(item);
  const instead =
    points === undefined ? (
      <div class="file file-line">{text("instead--file")}</div>
    ) : (
      <div class="file">
        <div class="file-frame" style={roomStyle(points)} />
      </div>
    );
  return (
    <>
      <FetchedPart later={menus} instead={instead}>
        {({ FileInMessage }) => <FileInMessage item={item} stop={stop} />}
      </FetchedPart>
      <div class="bubble-words" dir="auto">
        {caption === undefined ? (
          children
        ) : (
          <Words
            key={caption}
            words={caption}
            plain={item.unstyled === true}
            stop={stop}
            names={names}
            actor={undefined}
            meta={children}
          />
        )}
      </div>
    </>
  );
}
