/** SASL over XMPP (RFC 6120 §6). XEP-0388 with FAST will stand beside it and take the same credentials. */
import { xml, type Element } from "@xmpp/xml";
import type { BareJid, Failure, Result } from "../../worker/contract.ts";
import { toBase64, fromBase64 } from "../base64.ts";
import { failureOfSasl } from "./failures.ts";
import { NS_SASL } from "./namespaces.ts";
import {
  clientFinal,
  clientFirst,
  deriveKeys,
  keysFit,
  newNonce,
  readServerFirst,
  verifyServerFinal,
  type ScramKeys,
  type ScramMechanism,
} from "./scram.ts";

export type Credentials =
  /** `plain`: the person agreed that this server may get the password itself. */
  { readonly kind: "password"; readonly password: string; readonly plain: boolean } | ScramKeys;

export type Mechanism = ScramMechanism | "PLAIN";

/** `keys` is undefined after PLAIN: there is nothing to keep but the password, and that is not kept. */
export type Authenticated = { readonly keys: ScramKeys | undefined; readonly mechanism: Mechanism };

/** What SASL needs of a stream. */
export interface SaslStream {
  /** TLS with a verified certificate. */
  readonly secure: boolean;
  send(element: Element): void;
  next(): Promise<Result<Element>>;
}

/**
 * Sign in with the best mechanism that both know. Fails with `wrong-password` (also where kept keys no longer fit),
 * `account-disabled`, `only-plain`, `no-mechanism`, `server-not-proven`, `server-error`, or the end of the stream.
 */
export async function authenticate(
  stream: SaslStream,
  features: Element,
  account: BareJid,
  credentials: Credentials,
): Promise<Result<Authenticated>> {
  const offered = features.getChild("mechanisms", NS_SASL)?.getChildren("mechanism") ?? [];
  const mechanism = chooseMechanism(
    offered.map((element) => element.getText().trim()),
    credentials,
    stream.secure,
  );
  if (!mechanism.ok) return mechanism;
  const username = account.slice(0, account.indexOf("@"));
  if (mechanism.value !== "PLAIN") return scram(stream, mechanism.value, username, credentials);
  return credentials.kind === "password" ? plain(stream, username, credentials.password) : failed("no-mechanism");
}

/** SCRAM before PLAIN, always: a list from which somebody removed SCRAM must not cost the password (RFC 6120 §13.8.2). */
export function chooseMechanism(
  offered: readonly string[],
  credentials: Credentials,
  secure: boolean,
): Result<Mechanism> {
  if (credentials.kind === "scram") {
    // Keys of another mechanism are of no use: the password is needed again.
    return offered.includes(credentials.mechanism)
      ? { ok: true, value: credentials.mechanism }
      : failed("wrong-password", "mechanism changed");
  }
  for (const mechanism of ["SCRAM-SHA-256", "SCRAM-SHA-1"] as const) {
    if (offered.includes(mechanism)) return { ok: true, value: mechanism };
  }
  if (!offered.includes("PLAIN") || !secure) return failed("no-mechanism", offered.join(" ").slice(0, 200));
  return credentials.plain ? { ok: true, value: "PLAIN" } : failed("only-plain");
}

async function scram(
  stream: SaslStream,
  mechanism: ScramMechanism,
  username: string,
  credentials: Credentials,
): Promise<Result<Authenticated>> {
  const nonce = newNonce();
  const first = clientFirst(username, nonce);
  stream.send(xml("auth", { xmlns: NS_SASL, mechanism }, encode(first.message)));
  const challenge = await answer(stream, "challenge");
  if (!challenge.ok) return challenge;
  const server = readServerFirst(challenge.value, nonce);
  if (!server.ok) return abort(stream, server.error);
  if (credentials.kind === "scram" && !keysFit(credentials, server.value)) {
    return abort(stream, { kind: "wrong-password", detail: "salt changed" });
  }
  const keys =
    credentials.kind === "scram"
      ? ({ ok: true, value: credentials } as const)
      : await deriveKeys(mechanism, credentials.password, server.value);
  if (!keys.ok) return abort(stream, keys.error);
  const final = await clientFinal(keys.value, first.bare, server.value);
  stream.send(xml("response", { xmlns: NS_SASL }, encode(final.message)));
  const outcome = await answer(stream, "success", "challenge");
  if (!outcome.ok) return outcome;
  const proven = verifyServerFinal(outcome.value, final.signature);
  if (!proven.ok) return abort(stream, proven.error);
  if (outcome.name === "challenge") {
    // RFC 4422 §3.6: a server without "additional data with success" sends the signature as one more challenge.
    stream.send(xml("response", { xmlns: NS_SASL }));
    const success = await answer(stream, "success");
    if (!success.ok) return success;
  }
  return { ok: true, value: { keys: keys.value, mechanism } };
}

async function plain(stream: SaslStream, username: string, password: string): Promise<Result<Authenticated>> {
  stream.send(xml("auth", { xmlns: NS_SASL, mechanism: "PLAIN" }, encode(`\0${username}\0${password}`)));
  const success = await answer(stream, "success");
  return success.ok ? { ok: true, value: { keys: undefined, mechanism: "PLAIN" } } : success;
}

type Answer = { readonly ok: true; readonly name: string; readonly value: string };

async function answer(
  stream: SaslStream,
  ...expected: readonly string[]
): Promise<Answer | { readonly ok: false; readonly error: Failure }> {
  const element = await stream.next();
  if (!element.ok) return element;
  const name = element.value.getName();
  if (element.value.getNS() !== NS_SASL) return failed("server-error", "sasl");
  if (name === "failure") return { ok: false, error: failureOfSasl(element.value) };
  if (!expected.includes(name)) return failed("server-error", "sasl");
  const text = element.value.getText().trim();
  // RFC 6120 §6.4.6: `=` stands for empty data.
  const value = text === "=" ? "" : decode(text);
  return value === undefined ? failed("server-error", "incorrect-encoding") : { ok: true, name, value };
}

/** RFC 6120 §6.4.4: tell the server that we go no further. */
function abort(stream: SaslStream, error: Failure): { readonly ok: false; readonly error: Failure } {
  stream.send(xml("abort", { xmlns: NS_SASL }));
  return { ok: false, error };
}

function encode(text: string): string {
  return toBase64(new TextEncoder().encode(text));
}

function decode(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/\s]*={0,2}$/.test(text)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(fromBase64(text));
  } catch {
    // Neither base64 nor UTF-8 can be wrong in more than one way that matters here.
    return undefined;
  }
}

function failed(kind: Failure["kind"], detail?: string): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error: detail === undefined ? { kind } : { kind, detail } };
}
