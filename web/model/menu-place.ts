/** Where a menu opens, without a screen. Distances are CSS pixels from the upper corner where lines begin. */

export type Point = { readonly x: number; readonly y: number };
export type Size = { readonly width: number; readonly height: number };

/** Between a menu and the edges of the window. */
const MARGIN_PX = 8;

/** Below and behind a point, above it where there is no room below, and always inside the window. */
export function placeMenu({ x, y }: Point, menu: Size, view: Size): Point {
  const below = y + menu.height + MARGIN_PX <= view.height;
  return {
    x: inside(x, menu.width, view.width),
    y: inside(below ? y : y - menu.height, menu.height, view.height),
  };
}

/** What a pointer or a box says, from the left edge of the window, as the distance from where lines begin. */
export function fromStart(x: number, width: number, direction: "ltr" | "rtl"): number {
  return direction === "rtl" ? width - x : x;
}

function inside(start: number, length: number, room: number): number {
  return Math.max(MARGIN_PX, Math.min(start, room - length - MARGIN_PX));
}
