/** The invitation that this tab was opened with; what it does and its words are fetched when there is one (`gate/invited.tsx`). */
import { INVITATION_FRAGMENT } from "../../../worker/contract/invitation.ts";

/** Per tab, and gone with it: it stands here once it has left the address bar. */
export const KEY = "alcove-invitation";

/** The token in the address bar, or the one that was taken from there before a reload. */
export function invitationHere(): string | undefined {
  const { hash } = location;
  const behind = hash.startsWith(INVITATION_FRAGMENT) ? hash.slice(INVITATION_FRAGMENT.length) : "";
  return behind || (sessionStorage.getItem(KEY) ?? undefined);
}
