/**
 * Which message somebody points at. Rows that move under a pointer that rests, with each message that is written, are not
 * pointed at: the browser would draw two of them anew in the frame of the new one, for nobody. It tells them that the pointer
 * has come and gone (UI Events §5.3.2), and of no movement.
 */

/** The pointer has moved over this row. */
export function point({ currentTarget }: { readonly currentTarget: HTMLElement }): void {
  if (currentTarget.dataset["pointed"] === undefined) currentTarget.dataset["pointed"] = "";
}

/** It has gone on, or the row has. */
export function unpoint({ currentTarget }: { readonly currentTarget: HTMLElement }): void {
  delete currentTarget.dataset["pointed"];
}
