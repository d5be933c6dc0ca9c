/** The invitation that this tab was opened with; what it does and its words are fetched when there is one (`gate/invited.tsx`). */

/** Per tab, and gone with it: it stands here once it has left the address bar. */
export const KEY = "alcove-invitation";

/** The token behind `#invite=` (`INVITATION_FRAGMENT`), or the one that was taken from there before a reload. */
export function invitationHere(): string | undefined {
  return /^#invite=(.+)/.exec(location.hash)?.[1] ?? sessionStorage.getItem(KEY) ?? undefined;
}
