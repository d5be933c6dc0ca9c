/** How the page looks on this device, as the person has chosen; `web/look.ts` applies it before anything is painted. */
import { type ReadonlySignal, signal } from "@preact/signals-core";

const KEY = "alcove-look";

/** `system`, `normal`, `comfortable`: nothing was chosen. */
export type Look = {
  readonly theme: "system" | "light" | "dark";
  readonly text: "small" | "normal" | "large" | "largest";
  readonly density: "comfortable" | "compact";
};

const PLAIN: Look = { theme: "system", text: "normal", density: "comfortable" };
const VALUES = {
  theme: ["system", "light", "dark"],
  text: ["small", "normal", "large", "largest"],
  density: ["comfortable", "compact"],
} as const;

/** What can be chosen of each. */
export const LOOKS: { readonly [Name in keyof Look]: readonly Look[Name][] } = VALUES;

/** What is kept, as far as this release knows it. */
export function readLook(kept: string | null): Look {
  const values = fieldsOf(kept);
  const known = <Name extends keyof Look>(name: Name): Look[Name] =>
    (LOOKS[name] as readonly unknown[]).includes(values[name]) ? (values[name] as Look[Name]) : PLAIN[name];
  return { theme: known("theme"), text: known("text"), density: known("density") };
}

/** Only what differs from how it looks by itself. */
export function writeLook(look: Look): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(look).filter(([name, value]) => value !== PLAIN[name as keyof Look])),
  );
}

function fieldsOf(kept: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(kept ?? "{}");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

let current: ReturnType<typeof signal<Look>> | undefined;

/** How it looks here and now; also where another tab has changed it. */
export function look(): ReadonlySignal<Look> {
  if (current === undefined) {
    current = signal(readLook(localStorage.getItem(KEY)));
    addEventListener("storage", ({ key, newValue }) => {
      if (key === KEY && current !== undefined) current.value = readLook(newValue);
    });
  }
  return current as ReadonlySignal<Look>;
}

/** From now on, and after every start, in all tabs of this browser. */
export function chooseLook(change: Partial<Look>): void {
  const next = { ...look().peek(), ...change };
  localStorage.setItem(KEY, writeLook(next));
  if (current !== undefined) current.value = next;
  dispatchEvent(new Event(KEY));
}
