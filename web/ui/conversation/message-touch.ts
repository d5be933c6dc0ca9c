/** Messages under a finger: a long press opens the menu, drawing one along the line answers it. */
import { spokenDirection } from "../../i18n/text.ts";
import { fromStart } from "../../model/menu-place.ts";
import { EDGE_PX, hasMoved, isEnough, swipeOffset } from "../../model/swipe.ts";
import { messageAt } from "./message-keys.ts";

const LONG_PRESS_MS = 450;

type Acts = {
  readonly openMenu: (row: HTMLElement, x: number, y: number) => void;
  readonly canAnswer: (row: HTMLElement) => boolean;
  readonly answer: (row: HTMLElement) => void;
};

/** Follows fingers on the list; returns how to stop that. */
export function followFingers(list: HTMLElement, acts: () => Acts): () => void {
  const stop = new AbortController();
  let end: (() => void) | undefined;
  const down = (event: PointerEvent) => {
    end?.();
    const row = messageAt(event.target);
    if (event.pointerType === "touch" && event.isPrimary && row !== undefined) end = follow(event, row, acts);
  };
  list.addEventListener("pointerdown", down, { signal: stop.signal });
  return () => {
    end?.();
    stop.abort();
  };
}

function follow(start: PointerEvent, row: HTMLElement, acts: () => Acts): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const { pointerId } = start;
  const across = (x: number) => fromStart(x, innerWidth, spokenDirection());
  let offset = 0;
  const timer = setTimeout(() => {
    end();
    acts().openMenu(row, start.clientX, start.clientY);
  }, LONG_PRESS_MS);
  const end = () => {
    stop.abort();
    clearTimeout(timer);
    row.style.removeProperty("--swiped");
    row.removeAttribute("data-swiped");
  };
  const on = (type: "pointermove" | "pointerup" | "pointercancel", act: (event: PointerEvent) => void) =>
    addEventListener(type, (event) => event.pointerId === pointerId && act(event), { signal });
  on("pointermove", ({ clientX, clientY }) => {
    const [along, downwards] = [across(clientX) - across(start.clientX), clientY - start.clientY];
    if (!hasMoved(along, downwards)) return;
    clearTimeout(timer);
    if (across(start.clientX) < EDGE_PX || !acts().canAnswer(row)) return;
    offset = swipeOffset(along, downwards);
    row.style.setProperty("--swiped", `${offset}px`);
    row.dataset["swiped"] = isEnough(offset) ? "enough" : "begun";
  });
  on("pointerup", () => {
    end();
    if (isEnough(offset)) acts().answer(row);
  });
  on("pointercancel", end);
  return end;
}
