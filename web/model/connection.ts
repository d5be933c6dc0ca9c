/** The three hops a message travels, in one calm line: this browser to Alcove, Alcove to the server, encryption. */
import type { Failure, FailureKind } from "../../worker/contract/failures.ts";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import type { LinkState } from "../../worker/contract/state.ts";
import type { ConnectionView, VersionSkew } from "../engine/protocol/account.ts";
import { type TextKey, text } from "../i18n/text.ts";
import { domainOf } from "../../worker/shared/jid.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { SPENT } from "../../worker/shared/spent-quota.ts";

/**
 * `busy`: it moves by itself. `broken`: something stands still; `until` counts down, `retry` offers to try at once, and with
 * `password` nothing but the person's password helps.
 */
export type ConnectionLine =
  | { readonly tone: "fine"; readonly words: string }
  /** `load`: the page may be loaded anew now, before it does so by itself. */
  | { readonly tone: "busy"; readonly words: string; readonly load?: VersionSkew }
  | {
      readonly tone: "broken";
      readonly words: string;
      /** What is known of the reason: words, or a failure that has some. */
      readonly why?: string | Failure;
      readonly retry: boolean;
      readonly password?: true;
    };

/** What this browser does not know of yet is on its way to it: an empty list says nothing so far. */
export function isArriving({ socket, link }: ConnectionView): boolean {
  if (socket !== "open") return socket === "connecting";
  if (link === undefined) return true;
  return link.state === "live" ? !link.caughtUp : link.state !== "off" && link.state !== "waiting";
}

const SECOND_MS = 1000;

const secondsUntil = (until: Time, now: Time) => Math.max(0, Math.ceil((until - now) / SECOND_MS));

/** Why the password is wanted of somebody who is signed in here; undefined where it would not help. */
function whyAgain(kind: FailureKind): TextKey | undefined {
  if (kind === "locked") return "again--locked";
  if (kind === "wrong-password") return "again--wrong-password";
  return kind === "keys-unfit" ? "again--keys-unfit" : undefined;
}

function lineOfLink(link: LinkState, account: BareJid, now: Time): ConnectionLine | undefined {
  const domain = domainOf(account);
  switch (link.state) {
    case "off": {
      const broken = { tone: "broken", words: text("connection--off", { domain }) } as const;
      const { failure } = link;
      if (failure === undefined) return { ...broken, retry: true };
      const asks = whyAgain(failure.kind);
      if (asks === undefined) return { ...broken, why: failure, retry: true };
      return { ...broken, why: text(asks, { domain }), retry: false, password: true };
    }
    case "resolving":
    case "dialing":
    case "securing":
    case "authenticating":
      return { tone: "busy", words: text(`connection--${link.state}`, { domain }) };
    case "waiting": {
      const seconds = secondsUntil(link.until, now);
      const words =
        seconds > 0 ? text("connection--waiting", { domain, seconds }) : text("connection--waiting-now", { domain });
      return { tone: "broken", words, why: link.failure, retry: seconds > 0 };
    }
    case "live":
      return link.caughtUp ? undefined : { tone: "busy", words: text("connection--catching-up") };
    default:
      return missingCase(link);
  }
}

function lineOfEncryption(view: ConnectionView, account: BareJid): ConnectionLine | undefined {
  const domain = domainOf(account);
  switch (view.encryption) {
    case "ready":
    case "unsupported":
    case "not-kept":
    // A notice of its own says it, with the way out.
    case "behind":
      return undefined;
    case "starting":
      return { tone: "busy", words: text("connection--encryption-starting") };
    case "missing-pep":
      return { tone: "broken", words: text("connection--missing-pep", { domain }), retry: false };
    case "not-loaded":
      return { tone: "broken", words: text("connection--not-loaded"), retry: true };
    case "broken-pep":
      return { tone: "broken", words: text("connection--broken-pep", { domain }), retry: true };
    default:
      return missingCase(view.encryption);
  }
}

function lineOfSkew(skew: VersionSkew): ConnectionLine {
  return {
    tone: "busy",
    words: text(skew.object === "newer" ? "connection--page-older" : "connection--object-older"),
    load: skew,
  };
}

/** The first hop that does not stand, in words; `fine` when all do. */
export function connectionLine(view: ConnectionView, account: BareJid, now: Time): ConnectionLine {
  switch (view.socket) {
    case "connecting":
      return { tone: "busy", words: text("connection--socket-connecting") };
    case "waiting": {
      const seconds = secondsUntil(view.until ?? now, now);
      if (view.offline) {
        const why = text("connection--offline-text");
        return { tone: "broken", words: text("connection--offline"), why, retry: false };
      }
      const words = seconds > 0 ? text("connection--socket-waiting", { seconds }) : text("connection--socket-now");
      const why = view.spent && ({ kind: "offline", detail: SPENT } as const);
      return { tone: "broken", words, ...(why && { why }), retry: seconds > 0 };
    }
    case "open":
      break;
    default:
      return missingCase(view.socket);
  }
  if (view.skew !== undefined) return lineOfSkew(view.skew);
  if (view.link === undefined) return { tone: "busy", words: text("connection--link-unknown") };
  return (
    lineOfLink(view.link, account, now) ??
    lineOfEncryption(view, account) ?? { tone: "fine", words: text("connection--connected") }
  );
}

/** Whether the line counts down, so that a clock is needed. */
export function countsDown(view: ConnectionView): boolean {
  return (view.socket === "waiting" && !view.offline) || view.link?.state === "waiting";
}
