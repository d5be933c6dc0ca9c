/** SASL over XMPP (RFC 6120 §6), and the steps it shares with SASL 2: elements out, elements in, until one says the end. */
import { xml, type Element } from "@xmpp/xml";
import type { Failure, Result } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { fromBase64, toBase64 } from "../../../worker/shared/base64.ts";
import { furtherStep } from "../../../worker/shared/failure-causes.ts";
import { localOf } from "../../../worker/shared/jid.ts";
import type { Credentials, Exchange, Keys, Mechanism, Offer } from "./credentials.ts";
import { beginExchange, chooseMechanism } from "./exchange.ts";
import { NS_CHANNEL_BINDING, NS_SASL } from "../../xep/namespaces.ts";

/** `keys` is undefined after PLAIN without a token: there is nothing to keep but the password, and that is not kept. */
export type Authenticated = { readonly keys: Keys | undefined; readonly mechanism: Mechanism };

/** What SASL needs of a stream. */
export interface SaslStream {
  /** TLS with a verified certificate. */
  readonly secure: boolean;
  send(element: Element): void;
  next(): Promise<Result<Element>>;
}

/** How a version of SASL wraps an exchange into elements. */
export type Profile = {
  readonly namespace: string;
  /** The first element, with the first message of the exchange in it. */
  readonly start: Element;
  /** What a `<success/>` carries of the exchange, in base64; empty: nothing. */
  dataOf(success: Element): string;
};

/**
 * Sign in with the best mechanism that both know. Fails with `wrong-password`, `keys-unfit`, `account-disabled`, `only-plain`, `no-mechanism`, `server-not-proven`, `server-error`, or the end of the stream.
 */
export async function authenticate(
  stream: SaslStream,
  features: Element,
  account: BareJid,
  credentials: Credentials,
): Promise<Result<Authenticated>> {
  // Tokens exist in SASL 2 only, whatever this list says.
  if (credentials.kind === "fast") return { ok: false, error: { kind: "no-mechanism", detail: "no tokens" } };
  const offer = readOffer(features, features.getChild("mechanisms", NS_SASL));
  const mechanism = chooseMechanism(offer.mechanisms, credentials, stream.secure);
  if (!mechanism.ok) return mechanism;
  const exchange = await beginExchange(mechanism.value, localOf(account), credentials, offer);
  if (!exchange.ok) return exchange;
  const start = xml("auth", { xmlns: NS_SASL, mechanism: mechanism.value }, encode(exchange.value.first));
  const dataOf = (success: Element): string => {
    const text = success.getText().trim();
    // RFC 6120 §6.4.6: `=` stands for empty data.
    return text === "=" ? "" : text;
  };
  const outcome = await converse(stream, { namespace: NS_SASL, start, dataOf }, exchange.value);
  return outcome.ok ? { ok: true, value: { keys: outcome.value.keys, mechanism: mechanism.value } } : outcome;
}

/** The names a list of mechanisms holds, and the channel bindings beside it (XEP-0440). */
export function readOffer(features: Element, list: Element | undefined): Offer {
  const bindings = features.getChild("sasl-channel-binding", NS_CHANNEL_BINDING);
  return {
    mechanisms: list?.getChildren("mechanism").map((element) => element.getText().trim()) ?? [],
    channelBindings: bindings?.getChildren("channel-binding").map(({ attrs }) => attrs["type"] ?? ""),
  };
}

/** Runs the exchange to its end. Every failure on our side is told to the server (RFC 6120 §6.4.4). */
export async function converse(
  stream: SaslStream,
  profile: Profile,
  exchange: Exchange,
): Promise<Result<{ readonly keys: Keys | undefined; readonly success: Element }>> {
  const { namespace } = profile;
  const abort = (error: Failure): { readonly ok: false; readonly error: Failure } => {
    stream.send(xml("abort", { xmlns: namespace }));
    return { ok: false, error };
  };
  stream.send(profile.start);
  // An exchange refuses a challenge that it does not expect, so this ends.
  for (;;) {
    const answer = await stream.next();
    if (!answer.ok) return answer;
    const element = answer.value;
    const name = element.getNS() === namespace ? element.getName() : undefined;
    switch (name) {
      case "challenge": {
        const challenge = decode(element.getText());
        if (!challenge) return abort(ENCODING);
        const response = await exchange.respond(challenge);
        if (!response.ok) return abort(response.error);
        stream.send(xml("response", { xmlns: namespace }, encode(response.value)));
        break;
      }
      case "success": {
        const data = decode(profile.dataOf(element));
        if (!data) return { ok: false, error: ENCODING };
        const keys = exchange.conclude(data);
        return keys.ok ? { ok: true, value: { keys: keys.value, success: element } } : keys;
      }
      case "continue":
        // XEP-0388 § Continue: a second factor or a change of the password, for which there is no form here.
        return abort({ kind: "no-mechanism", detail: tasksOf(element) });
      case "failure":
        return { ok: false, error: failureOfSasl(element) };
      default:
        return { ok: false, error: { kind: "server-error", detail: "sasl" } };
    }
  }
}

/** As SASL carries it, on one line (RFC 6120 §6.4.2). */
export function encode(bytes: Uint8Array): string {
  return toBase64(bytes);
}

const ENCODING: Failure = { kind: "server-error", detail: "incorrect-encoding" };

/** RFC 6120 §6.4.2: white space aside, whole groups of four. */
function decode(text: string): Uint8Array | undefined {
  const compact = text.replace(/\s/g, "");
  return compact.length % 4 === 0 ? fromBase64(compact) : undefined;
}

function tasksOf(element: Element): string {
  const tasks = element.getChild("tasks")?.getChildren("task") ?? [];
  const names = tasks.map((task) => task.getText().trim()).filter((name) => /^[\w.-]{1,40}$/.test(name));
  return furtherStep(names.slice(0, 4));
}

/** RFC 6120 §6.5: `<failure/>` in answer to SASL. */
function failureOfSasl(element: Element): Failure {
  const condition = element
    .getChildElements()
    .find((child) => child.getName() !== "text")
    ?.getName();
  switch (condition) {
    case "not-authorized":
    case "invalid-authzid":
    case "credentials-expired":
      return { kind: "wrong-password" };
    case "account-disabled":
      return { kind: "account-disabled" };
    case "encryption-required":
      return { kind: "no-encryption" };
    case "invalid-mechanism":
    case "mechanism-too-weak":
      return { kind: "no-mechanism", detail: condition };
    default:
      return { kind: "server-error", detail: condition ?? "sasl" };
  }
}
