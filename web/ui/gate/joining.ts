/**
 * The invitation of an XMPP server that this tab was opened with: kept until somebody is signed in, then whoever invites becomes a
 * contact, at once where the account was made by it, else when the person says so.
 */
import { signal } from "@preact/signals-core";
import { drop } from "../../../worker/shared/drop.ts";
import type { App } from "../../model/app.ts";
import { addInviter } from "../../model/links.ts";
import { readServerInvitation, type ServerInvitation } from "../../model/server-invitation.ts";
import { JOIN_KEY } from "../page/invitation.ts";

/** `made`: the account of this browser is new, and made by it. */
type Held = { readonly invitation: ServerInvitation; readonly made: boolean };

export const joined = signal<Held | "unreadable" | undefined>(undefined);

let taken: string | undefined;

/** The one that is open; undefined where there is none. */
export function joining(): ServerInvitation | undefined {
  const held = joined.peek();
  return typeof held === "object" ? held.invitation : undefined;
}

/** Out of the address bar, as an invitation to the deployment is (`invited.tsx`). */
export function takeJoining(app: App, link: string): void {
  sessionStorage.setItem(JOIN_KEY, link);
  if (location.hash !== "") history.replaceState(history.state, "", location.pathname + location.search);
  // A reload, or the part of the page that shows it, takes the same one once more.
  if (link !== taken) {
    taken = link;
    const invitation = readServerInvitation(link);
    joined.value = invitation === undefined ? "unreadable" : { invitation, made: false };
  }
  if (app.session.peek().state === "signed-in") settle(app);
}

/** An account was made by this invitation; undefined: by none, and what else is open stays. */
export function accountMade(by: ServerInvitation | undefined): void {
  if (by !== undefined) joined.value = { invitation: by, made: true };
}

/** Somebody is signed in. */
export function settle(app: App): void {
  const held = joined.peek();
  if (held === undefined) return;
  joined.value = undefined;
  taken = undefined;
  sessionStorage.removeItem(JOIN_KEY);
  if (held === "unreadable") return;
  const { invitation, made } = held;
  if (made && invitation.inviter !== undefined) drop(addInviter(app, invitation.inviter, invitation.token));
  else if (!made) app.dialog.value = { kind: "server-invitation", invitation };
}
