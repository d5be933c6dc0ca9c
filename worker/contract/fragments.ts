/** How a link to the page says that it is an invitation: by a fragment, which no browser sends to a server (RFC 9110 §4.2.4). */

/** To this deployment; its token follows. */
export const INVITATION_FRAGMENT = "#invite=";

/** By an XMPP server; its `xmpp:` address follows, encoded. */
export const JOIN_FRAGMENT = "#join=";
