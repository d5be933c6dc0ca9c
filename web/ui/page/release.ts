import { effect } from "@preact/signals-core";
import type { App } from "../../model/app.ts";
import { readReloaded, reloadAt, reloaded, writeReloaded } from "../../model/release.ts";

/** Per tab, and gone with it. */
const KEY = "alcove-reloaded";

/** Loads the page anew when the object is of another release, as soon as nothing is lost by it. */
export function followRelease(app: App): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    clearTimeout(timer);
    const { skew } = app.connection.value;
    const at = reloadAt(skew, app.writing.value, readReloaded(sessionStorage.getItem(KEY)), Date.now());
    if (skew !== undefined && at !== undefined)
      timer = setTimeout(() => reload(skew.contract), Math.max(0, at - Date.now()));
  });
}

/** @param contract the one that the page has met */
export function reload(contract: number): void {
  const before = readReloaded(sessionStorage.getItem(KEY));
  sessionStorage.setItem(KEY, writeReloaded(reloaded(contract, before, Date.now())));
  location.reload();
}
