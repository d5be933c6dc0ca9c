/** What a person recognises this browser by: "Firefox on Linux", and the sort of thing it runs on. */
import type { BrowserKind } from "../../../worker/contract/state.ts";

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg(?:e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/CriOS\/|Chrome\/|Chromium\//, "Chrome"],
  [/Safari\//, "Safari"],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/CrOS/, "ChromeOS"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/Windows/, "Windows"],
  [/Linux|X11/, "Linux"],
];

/** Reads `navigator.userAgent`; what it does not know it calls by a general name. */
export function browserName(userAgent: string): string {
  const browser = BROWSERS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? "Browser";
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1];
  return system === undefined ? browser : `${browser} on ${system}`;
}

/** Android says "Mobile" for phones alone; an iPad that poses as a Mac counts as a computer. */
export function browserKind(userAgent: string): BrowserKind {
  if (/iPad|Tablet/.test(userAgent)) return "tablet";
  if (/iPhone|Mobile/.test(userAgent)) return "phone";
  return /Android/.test(userAgent) ? "tablet" : "computer";
}
