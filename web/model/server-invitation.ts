/**
 * An invitation by an XMPP server, as it stands in a link (XEP-0401 §4, XEP-0379 §3.1): to make an account there, to become
 * somebody's contact, or both. It is none to this deployment (`invitation.ts`).
 */
import { FORM_LIMITS } from "../../worker/contract/forms.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { JOIN_FRAGMENT } from "../../worker/contract/fragments.ts";
import { domainOf, peerOf } from "../../worker/shared/jid.ts";

export type ServerInvitation = {
  readonly domain: string;
  readonly token: string;
  /** Who invites: becomes a contact. */
  readonly inviter?: BareJid;
  /** Under which name the account is to be made. */
  readonly name?: string;
  /** An account can be made at `domain` with it. */
  readonly makesAccount: boolean;
};

/** The link of a page that opens it. What stands behind the `#` no browser sends to a server. */
export function linkOf(uri: string, origin: string): string {
  return `${origin}/${JOIN_FRAGMENT}${encodeURIComponent(uri)}`;
}

/**
 * Undefined where the text is no such link: `xmpp:` with a token, or a page's link with one behind its `#`.
 *
 * @example readServerInvitation("xmpp:bob@example.org?roster;preauth=TOKEN;ibr=y")
 */
export function readServerInvitation(text: string): ServerInvitation | undefined {
  const behind = text.indexOf(JOIN_FRAGMENT);
  try {
    const uri = (behind < 0 ? text : decodeURIComponent(text.slice(behind + JOIN_FRAGMENT.length))).trim();
    const [, path, query = ""] = /^xmpp:(?:\/\/)?([^?#]+)\?([^#]*)/i.exec(uri) ?? [];
    return path === undefined ? undefined : fromParts(decodeURIComponent(path), query.split(/[;&]/));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function fromParts(path: string, [action = "", ...pairs]: readonly string[]): ServerInvitation | undefined {
  const about = new Map(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at).toLowerCase(), decodeURIComponent(pair.slice(at + 1))] as const;
    }),
  );
  const whose = path.includes("/") ? undefined : peerOf(path);
  const token = about.get("preauth") ?? "";
  if (whose === undefined || !/^[\x21-\x7e]+$/.test(token) || token.length > FORM_LIMITS.serverTokenLength)
    return undefined;
  const domain = domainOf(whose);
  const local = whose.includes("@") ? whose.slice(0, whose.indexOf("@")) : undefined;
  switch (action.toLowerCase()) {
    case "register":
      return { domain, token, makesAccount: true, ...(local !== undefined && { name: local }) };
    case "roster":
    case "subscribe":
      if (local === undefined) return undefined;
      return { domain, token, inviter: whose, makesAccount: about.get("ibr") === "y" };
    default:
      return undefined;
  }
}
