/** In which order endpoints are tried with which credentials, and which answer is the last word. */
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { Endpoint } from "./discovery/endpoint.ts";
import { isElsewhere } from "./failures.ts";
import type { Credentials } from "./sasl/credentials.ts";

/** `elsewhere`: whatever it failed with, it may be this endpoint's alone. */
type Attempt<T> = Result<T> & { readonly elsewhere?: boolean };

/**
 * One endpoint after the other until one says something; what the others said is in `failures`. Where a token is wanted
 * above all, whoever gives none is asked again only when nobody gives one. `tryAt` answers undefined to end it.
 */
export async function tryInTurn<T>(
  endpoints: readonly Endpoint[],
  credentials: Credentials,
  tryAt: (endpoint: Endpoint, credentials: Credentials) => Promise<Attempt<T> | undefined>,
): Promise<{ readonly answer: Result<T> | undefined; readonly failures: readonly Failure[] }> {
  const failures: Failure[] = [];
  for (const tried of turnsOf(credentials)) {
    for (const endpoint of endpoints) {
      const answer = await tryAt(endpoint, tried);
      if (answer === undefined || answer.ok) return { answer, failures };
      if (!isElsewhere(answer.error) && !answer.elsewhere) return { answer, failures };
      failures.push(answer.error);
    }
    if (!failures.some(({ kind }) => kind === "no-mechanism")) break;
  }
  return { answer: undefined, failures };
}

function turnsOf(credentials: Credentials): readonly Credentials[] {
  return prefersToken(credentials) ? [credentials, { ...credentials, prefersToken: false }] : [credentials];
}

function prefersToken(credentials: Credentials): credentials is Credentials & { readonly kind: "person" } {
  return credentials.kind === "person" && credentials.prefersToken;
}
