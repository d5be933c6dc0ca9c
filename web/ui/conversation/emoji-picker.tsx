import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { text } from "../../i18n/menus.ts";
import { spokenDirection } from "../../i18n/text.ts";
import {
  type Emoji,
  emojiOfText,
  type EmojiTable,
  findEmoji,
  type Group,
  GROUPS,
  toned,
  TONES,
} from "../../model/emoji.ts";
import { fromStart, placeMenu, type Point } from "../../model/menu-place.ts";
import { useBackdrop } from "../hooks/use-backdrop.ts";
import { readTaste, writeTaste } from "../page/emoji-taste.ts";

type Properties = {
  readonly table: EmojiTable;
  /** Where it opens; over its opener by itself. */
  readonly at?: Point;
  /** Gets the focus back. */
  readonly opener: HTMLElement;
  readonly onPick: (emoji: string) => void;
  readonly onClose: () => void;
};

const FOUND_MAX = 120;
/** A sign for each group, as a way to it. */
const SIGNS: Readonly<Record<Group, string>> = {
  smileys: "😀",
  people: "👋",
  animals: "🐵",
  food: "🍇",
  places: "🌍",
  activities: "🎃",
  objects: "👓",
  symbols: "❤️",
  flags: "🏁",
};

type Section = { readonly name: string; readonly title: string; readonly emoji: readonly Emoji[] };

/** The button beside, above or below another one, by where they are drawn; undefined: there is none. */
function besideOf(all: readonly HTMLElement[], from: HTMLElement, key: string): HTMLElement | undefined {
  const at = all.indexOf(from);
  const along = spokenDirection() === "rtl" ? -1 : 1;
  if (key === "ArrowRight") return all[at + along];
  if (key === "ArrowLeft") return all[at - along];
  if (key === "Home") return all[0];
  if (key === "End") return all.at(-1);
  const { left, top } = from.getBoundingClientRect();
  const down = key === "ArrowDown";
  const rows = (down ? all.slice(at + 1) : all.slice(0, at).reverse()).map((one) => ({
    one,
    box: one.getBoundingClientRect(),
  }));
  const next = rows.find(({ box }) => (down ? box.top > top : box.top < top))?.box.top;
  const inRow = rows.filter(({ box }) => box.top === next);
  const distance = ({ box }: (typeof inRow)[number]) => Math.abs(box.left - left);
  return inRow.toSorted((a, b) => distance(a) - distance(b))[0]?.one;
}

const KEYS: ReadonlySet<string> = new Set(["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home", "End"]);

/** All emoji in a grid of one tab stop, those of before first; found by words. One is chosen, and it closes. */
export function EmojiPicker({ table, at, opener, onPick, onClose }: Properties) {
  const dialog = useRef<HTMLDialogElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState("");
  const [taste, setTaste] = useState(readTaste);
  const tones = useId();
  const tone = TONES[taste.tone] ?? "";

  useLayoutEffect(() => {
    const [frame, sheet] = [dialog.current, box.current];
    if (frame === null || sheet === null || frame.open) return;
    frame.showModal();
    const size = { width: sheet.offsetWidth, height: sheet.offsetHeight };
    const { left, top } = opener.getBoundingClientRect();
    const { x: from, y: down } = at ?? { x: left, y: top };
    const point = { x: fromStart(from, innerWidth, spokenDirection()), y: down };
    const { x, y } = placeMenu(point, size, { width: innerWidth, height: innerHeight });
    frame.style.setProperty("--menu-x", `${x}px`);
    frame.style.setProperty("--menu-y", `${y}px`);
    // A finger comes to choose, and would have the keyboard cover half of them.
    if (!matchMedia("(pointer: coarse)").matches) sheet.querySelector("input")?.focus();
  }, []);
  useEffect(() => {
    scroller.current?.scrollTo(0, 0);
  }, [typed]);

  const leave = () => {
    dialog.current?.close();
    if (opener.isConnected) opener.focus({ preventScroll: true });
    onClose();
  };
  const pick = (chosen: string) => {
    writeTaste({ ...taste, recent: [chosen, ...taste.recent.filter((one) => one !== chosen)] });
    leave();
    onPick(chosen);
  };
  const sections: readonly Section[] =
    typed.trim() === ""
      ? [
          { name: "recent", title: text("emoji--recent"), emoji: taste.recent.map((one) => emojiOfText(table, one)) },
          ...GROUPS.map((group) => ({
            name: group,
            title: text(`emoji--${group}`),
            emoji: table.groups.get(group) ?? [],
          })),
        ]
      : [{ name: "found", title: text("emoji--found"), emoji: findEmoji(table, typed, FOUND_MAX) }];
  const shown = sections.filter(({ emoji }) => emoji.length > 0);
  const first = shown[0]?.name;
  const buttons = () => [...(scroller.current?.querySelectorAll<HTMLElement>("[data-emoji]") ?? [])];
  const walk = (event: KeyboardEvent) => {
    if (!KEYS.has(event.key) || !(event.target instanceof HTMLElement)) return;
    const next = besideOf(buttons(), event.target, event.key);
    event.preventDefault();
    if (next !== undefined) for (const one of buttons()) one.tabIndex = one === next ? 0 : -1;
    next?.focus();
  };
  return (
    <dialog
      ref={dialog}
      class="floating-menu"
      aria-label={text("emoji--title")}
      onCancel={(event) => {
        event.preventDefault();
        leave();
      }}
      {...useBackdrop(leave)}
    >
      <div ref={box} class="menu menu-open emoji-picker">
        <div class="emoji-top">
          <input
            type="search"
            autocomplete="off"
            aria-label={text("emoji--search")}
            placeholder={text("emoji--search")}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={(event) => {
              const [one] = buttons();
              if (one === undefined || event.isComposing) return;
              if (event.key === "ArrowDown") one.focus();
              else if (event.key === "Enter" && typed.trim() !== "") one.click();
              else return;
              event.preventDefault();
            }}
          />
          <fieldset class="emoji-tones">
            <legend class="unseen">{text("emoji--tone")}</legend>
            {TONES.map((one, index) => (
              <label key={one}>
                <input
                  type="radio"
                  name={tones}
                  checked={taste.tone === index}
                  aria-label={text(`emoji--tone-${index as 0 | 1 | 2 | 3 | 4 | 5}`)}
                  onChange={() => {
                    const next = { ...taste, tone: index };
                    writeTaste(next);
                    setTaste(next);
                  }}
                />
                <span aria-hidden="true">{`✋${one}`}</span>
              </label>
            ))}
          </fieldset>
        </div>
        <div ref={scroller} class="emoji-scroller" role="toolbar" aria-label={text("emoji--title")} onKeyDown={walk}>
          {shown.map(({ name, title, emoji }) => (
            <section key={name} data-group={name} aria-label={title}>
              <h3>{title}</h3>
              <div class="emoji-grid">
                {emoji.map((one, index) => {
                  const drawn = name === "recent" ? one.emoji : toned(one, tone);
                  return (
                    <button
                      key={one.emoji}
                      type="button"
                      data-emoji
                      tabIndex={name === first && index === 0 ? 0 : -1}
                      aria-label={one.label}
                      title={one.label}
                      onClick={() => pick(name === "recent" ? (taste.recent[index] ?? drawn) : drawn)}
                    >
                      {name === "recent" ? taste.recent[index] : drawn}
                    </button>
                  );
                })}
              </div>
            </section>
          ))}
          <p role="status" class={shown.length > 0 ? "unseen" : "emoji-none"}>
            {shown.length > 0 ? undefined : text("emoji--none")}
          </p>
        </div>
        {typed.trim() === "" ? (
          <nav class="emoji-groups" aria-label={text("emoji--groups")}>
            {GROUPS.map((group) => (
              <button
                key={group}
                type="button"
                aria-label={text(`emoji--${group}`)}
                title={text(`emoji--${group}`)}
                onClick={() => scroller.current?.querySelector(`[data-group=${group}]`)?.scrollIntoView()}
              >
                {SIGNS[group]}
              </button>
            ))}
          </nav>
        ) : undefined}
      </div>
    </dialog>
  );
}
