import { signal } from "@preact/signals-core";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Point } from "../../model/menu-place.ts";

/** The menu of a conversation of the list that is open: whose, where, and what gets the focus back. */
export type OpenRowMenu = { readonly jid: BareJid; readonly at: Point; readonly opener: HTMLElement };

export const rowMenu = signal<OpenRowMenu | undefined>(undefined);

/** Below what has the focus: the button of another menu, which has just closed. */
export function openRowMenu(jid: BareJid): void {
  const opener = document.activeElement;
  if (!(opener instanceof HTMLElement)) return;
  const { left, bottom } = opener.getBoundingClientRect();
  rowMenu.value = { jid, at: { x: left, y: bottom }, opener };
}
