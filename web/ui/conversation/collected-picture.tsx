import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { CollectedItem } from "../../engine/protocol/search.ts";
import { text } from "../../i18n/menus.ts";
import { date } from "../../model/format.ts";
import { comesAhead, fileIn } from "../../model/files/file-view.ts";
import { filesOf } from "../../model/files/files-of.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { FileIcon } from "./file-icon.tsx";
import { RESTING } from "./file-resting.ts";

const AHEAD = "300px 0px";

/** One of the grid, fetched when it is about to be seen, by the rules of its conversation; a press leads to its message. */
export function CollectedPicture({ item }: { readonly item: CollectedItem }) {
  const app = useApp();
  const known = filesOf(app);
  const state = useValue(known?.files.of(item.key) ?? RESTING);
  const place = useRef<HTMLButtonElement>(null);
  const view = fileIn(item);
  const film = view?.kind === "video";
  useLayoutEffect(() => known?.files.use(item.key), [known?.files, item.key]);
  useEffect(() => {
    const element = place.current;
    const chat = app.chats.peek().get(item.chat);
    if (element === null || view === undefined || known === undefined || chat === undefined) return undefined;
    if (item.id === undefined || film || !comesAhead(view, item, chat)) return undefined;
    const watch = new IntersectionObserver(
      (seen) => {
        if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
        known.files.load(item, view, "ahead");
        watch.disconnect();
      },
      { root: element.closest("[data-scrolls]"), rootMargin: AHEAD },
    );
    watch.observe(element);
    return () => watch.disconnect();
  }, [item.key, known?.files]);
  const label = text(film ? "collected--film" : "collected--picture", { when: date(item.at) });
  const drawn = state.state === "here" && state.seen.kind === "image" ? state.shown : undefined;
  return (
    <button
      ref={place}
      type="button"
      class="collected-picture"
      aria-label={label}
      title={label}
      onClick={() => app.go({ screen: "chats", chat: item.chat }, item.key)}
    >
      {drawn === undefined ? <FileIcon name="file" /> : <img src={drawn} alt="" />}
    </button>
  );
}
