/** How large a picture in the viewer is, and what fingers, a mouse and a wheel on it mean. Places are CSS pixels on the screen. */

/** Of its size in the window, as keys and buttons go through them. */
const STEPS = [1, 1.5, 2, 3, 5] as const;
export const LARGEST = 8;
/** A press in its middle, twice. */
const CLOSE = 2;
/** Lines and pages of a wheel (UI Events §3.3.2), in pixels. */
const LINE_PX = 16;
const PAGE_PX = 400;
/** So far a wheel is turned for twice the size. */
const DOUBLE_PX = 300;
/** So far a finger draws for the next picture. */
const DRAWN_PX = 56;

export function isLargest(scale: number): boolean {
  return scale >= LARGEST;
}

function within(scale: number): number {
  return Math.min(LARGEST, Math.max(1, scale));
}

/** The next larger or smaller step. */
export function stepped(scale: number, step: -1 | 1): number {
  const next = step === 1 ? STEPS.find((one) => one > scale) : STEPS.findLast((one) => one < scale);
  return next ?? (step === 1 ? LARGEST : 1);
}

/** Near where it is as large as the window, and the other way round. */
export function toggled(scale: number): number {
  return scale > 1 ? 1 : CLOSE;
}

/** Turned away from oneself it becomes larger. `deltaMode`: 0 pixels, 1 lines, 2 pages. */
export function wheeled(scale: number, { deltaY, deltaMode }: Pick<WheelEvent, "deltaY" | "deltaMode">): number {
  const pixels = deltaY * (deltaMode === 1 ? LINE_PX : deltaMode === 2 ? PAGE_PX : 1);
  return within(scale * 2 ** (-pixels / DOUBLE_PX));
}

export function spread(scale: number, by: number): number {
  return within(scale * by);
}

/** `drawn`: so far, by one. `spread`: by two, so much further from each other, about the place between them. */
export type Moved =
  | { readonly kind: "drawn"; readonly x: number; readonly y: number }
  | { readonly kind: "spread"; readonly by: number; readonly x: number; readonly y: number };

type Place = { readonly x: number; readonly y: number };

/** What is down on a picture, from the first that comes to the last that goes. */
export class Touching {
  readonly #down = new Map<number, Place>();
  /** Where the only one came down; undefined: there was another one. */
  #alone: Place | undefined;

  down(id: number, at: Place): void {
    this.#alone = this.#down.size === 0 ? at : undefined;
    this.#down.set(id, at);
  }

  /** Undefined: it is none that is down, or the third. */
  move(id: number, at: Place): Moved | undefined {
    const before = this.#down.get(id);
    if (before === undefined) return undefined;
    const [one, other] = [...this.#down].filter(([name]) => name !== id).map(([, place]) => place);
    this.#down.set(id, at);
    if (other !== undefined) return undefined;
    if (one === undefined) return { kind: "drawn", x: at.x - before.x, y: at.y - before.y };
    const by = distance(at, one) / Math.max(1, distance(before, one));
    return { kind: "spread", by, x: (at.x + one.x) / 2, y: (at.y + one.y) / 2 };
  }

  /** How far aside the only one has drawn, where that is far enough and more aside than up or down: to the left is below 0. */
  up(id: number, at: Place): number | undefined {
    if (!this.#down.delete(id)) return undefined;
    const from = this.#alone;
    if (this.#down.size === 0) this.#alone = undefined;
    if (from === undefined) return undefined;
    const [x, y] = [at.x - from.x, at.y - from.y];
    return Math.abs(x) >= DRAWN_PX && Math.abs(x) > 2 * Math.abs(y) ? x : undefined;
  }
}

function distance(one: Place, other: Place): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
