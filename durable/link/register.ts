/**
 * A stream before there is an account to sign in with (XEP-0077 §3.1): as far as TLS, and then a form in place of SASL. It is
 * told nothing but what somebody has filled in.
 */
import type { Element } from "@xmpp/xml";
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { RegistrationRefusal, SubmitArguments } from "../../worker/contract/registration.ts";
import { failed } from "../../worker/shared/failed.ts";
import { domainOf } from "../../worker/shared/jid.ts";
import { parseStanzaError } from "../xep/errors.ts";
import {
  buildPreauth,
  buildRegistration,
  parseRegistration,
  type RegistrationOffer,
  requestRegistration,
  wordsOfError,
} from "../xep/register.ts";
import { untilFeatures } from "./negotiate.ts";
import { OPEN_TIMEOUT_MS } from "./prove.ts";
import { reach } from "./reach.ts";
import type { Person } from "./sasl/credentials.ts";
import type { LinkSettings } from "./settings.ts";
import type { Stream } from "./stream.ts";
import { withinTime } from "../../worker/shared/within.ts";

export type Offered = { readonly stream: Stream; readonly offer: RegistrationOffer };

/** It has taken the form, or has not; `says`: in its own words. */
export type Submitted =
  | { readonly made: true }
  | { readonly made: false; readonly why: RegistrationRefusal; readonly says?: string };

/** What is done with a server, one after the other. */
export const REGISTERING = { open: openRegistration, form: askForForm, send: submit };

/** Elements that are no answer, before one that is, and how long they are waited through. */
const MOST_OTHERS = 20;
const ANSWER_MS = 60_000;

/**
 * Reaches the server, shows the token of its invitation and asks for its form. The stream stays open. Fails as `reach` does, and
 * with `registration`.
 */
function openRegistration(settings: LinkSettings, token: string | undefined): Promise<Result<Offered>> {
  const domain = domainOf(settings.account);
  return withinTime(OPEN_TIMEOUT_MS, async (signal) => {
    const reached = await reach(settings, NOBODY, signal, silent, async (stream) => {
      const features = await untilFeatures(stream, silent);
      if (!features.ok) return features;
      const invited = await show(stream, domain, token);
      const form = invited.ok ? await askForForm(stream, domain) : invited;
      // A server that knows nothing of it ends the stream of whoever asks.
      const knows = features.value.getChildren("register").length > 0;
      return !form.ok && form.error.kind === "server-error" && !knows ? failed("registration", "closed") : form;
    });
    if (!reached.ok) return reached;
    return { ok: true, value: { stream: reached.value.stream, offer: reached.value.outcome } };
  });
}

/** The form of a stream that stands, also once more. Fails with `registration`, and with whatever ends the stream. */
async function askForForm(stream: Stream, domain: string): Promise<Result<RegistrationOffer>> {
  const answer = await ask(stream, requestRegistration(domain));
  if (!answer.ok) return answer;
  const why = refusalIn(answer.value);
  if (why !== undefined) return failed("registration", why === "too-many" ? why : "closed");
  const offer = parseRegistration(answer.value);
  return offer === undefined ? failed("registration", "unreadable") : { ok: true, value: offer };
}

/** Sends the form. Fails with whatever ends the stream before there is an answer. */
async function submit(
  stream: Stream,
  domain: string,
  form: Pick<SubmitArguments, "legacy" | "answers">,
): Promise<Result<Submitted>> {
  const answer = await ask(stream, buildRegistration(domain, form));
  if (!answer.ok) return answer;
  const why = refusalIn(answer.value);
  if (why === undefined) return { ok: true, value: { made: true } };
  const says = wordsOfError(answer.value);
  return { ok: true, value: { made: false, why, ...(says !== undefined && { says }) } };
}

/** Whatever a server has against a token, there will be no account by it. */
async function show(stream: Stream, domain: string, token: string | undefined): Promise<Result<true>> {
  if (token === undefined) return { ok: true, value: true };
  const answer = await ask(stream, buildPreauth(domain, token));
  if (!answer.ok) return answer;
  return parseStanzaError(answer.value) === undefined ? { ok: true, value: true } : failed("registration", "token");
}

/** The server speaks for itself alone here: an id is enough to know its answer by. */
async function ask(stream: Stream, iq: Element): Promise<Result<Element>> {
  const id = crypto.randomUUID();
  iq.attrs["id"] = id;
  stream.send(iq);
  const until = Date.now() + ANSWER_MS;
  for (let n = 0; n < MOST_OTHERS && Date.now() < until; n += 1) {
    const next = await stream.next();
    if (!next.ok) return next;
    const { name, attrs } = next.value;
    if (name === "iq" && attrs["id"] === id && ["result", "error"].includes(attrs["type"] ?? "")) return next;
  }
  return stream.fail({ kind: "server-error", detail: "no answer" } satisfies Failure);
}

/** What servers mean by a condition: Prosody's and ejabberd's, for XEP-0077 names few. Undefined: no error. */
function refusalIn(iq: Element): RegistrationRefusal | undefined {
  const error = parseStanzaError(iq);
  switch (error?.condition) {
    case undefined:
      return undefined;
    case "conflict":
      return "name-taken";
    case "resource-constraint":
    case "policy-violation":
      return "too-many";
    case "bad-request":
    case "not-acceptable":
    case "jid-malformed":
    case "undefined-condition":
    case "internal-server-error":
      return "not-accepted";
    case "not-allowed":
      return "picture";
    default:
      return "closed";
  }
}

const silent = (): undefined => undefined;

/** Nobody signs in on such a stream. */
const NOBODY: Person = {
  kind: "person",
  plain: false,
  prefersToken: false,
  keysFor: () => Promise.resolve(failed("internal")),
  password: () => Promise.resolve(failed("internal")),
};
