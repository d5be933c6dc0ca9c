/** The invitation that this tab was opened with; what it does and its words are fetched when there is one (`gate/invited.tsx`). */
import { INVITATION_FRAGMENT, JOIN_FRAGMENT } from "../../../worker/contract/fragments.ts";

/** Per tab, and gone with it: it stands here once it has left the address bar. */
export const KEY = "alcove-invitation";

/** The same of an invitation by an XMPP server (`gate/joining.ts`): its whole link. */
export const JOIN_KEY = "alcove-join";

/** Whether this tab was opened with an invitation of either kind. */
export function linkHere(): boolean {
  return joinHere() !== undefined || invitationHere() !== undefined;
}

/** The link of a server's invitation, in the address bar or from there. */
export function joinHere(): string | undefined {
  const { hash } = location;
  return (hash.startsWith(JOIN_FRAGMENT) ? hash : sessionStorage.getItem(JOIN_KEY)) ?? undefined;
}

/** The token in the address bar, or the one that was taken from there before a reload. */
export function invitationHere(): string | undefined {
  const { hash } = location;
  const behind = hash.startsWith(INVITATION_FRAGMENT) ? hash.slice(INVITATION_FRAGMENT.length) : "";
  return behind || (sessionStorage.getItem(KEY) ?? undefined);
}
