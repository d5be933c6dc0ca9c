/**
 * Reads what a browser sends as the Worker does: as JSON, by the Worker's own schemas. A call that the Worker would refuse
 * as malformed fails the test file that made it, whatever the engine makes of the answer.
 */
import * as v from "valibot";
import { callArguments, signInArguments, signInProof, signOutArguments } from "../../../worker/arguments.ts";
import type { CallArguments, CallName } from "../../../worker/contract/calls.ts";
import type { Result } from "../../../worker/contract/failures.ts";
import type { SignInArguments, SignInProof, SignOutArguments } from "../../../worker/contract/sign-in.ts";

export function readCall<Name extends CallName>(name: Name, said: unknown): Result<CallArguments<Name>> {
  // The table has one schema a call; TypeScript loses the link between name and arguments when it indexes.
  const schema = callArguments[name] as unknown as v.GenericSchema<unknown, CallArguments<Name>>;
  return read(name, schema, said);
}

export function readSignIn(said: unknown): Result<SignInArguments> {
  return read("sign-in", signInArguments, said);
}

export function readSignInProof(said: unknown): Result<SignInProof> {
  return read("sign-in/finish", signInProof, said);
}

export function readSignOut(said: unknown): Result<SignOutArguments> {
  return read("sign-out", signOutArguments, said);
}

function read<Arguments>(name: string, schema: v.GenericSchema<unknown, Arguments>, said: unknown): Result<Arguments> {
  const args = v.safeParse(schema, JSON.parse(JSON.stringify(said)));
  if (args.success) return { ok: true, value: args.output };
  const why = args.issues.map((issue) => `${v.getDotPath(issue) ?? "arguments"}: ${issue.message}`).join("; ");
  const refusal = new TypeError(`the Worker refuses ${name}: ${why}`);
  // Nobody awaits this, so nobody can catch it: the run of the test file ends here.
  setTimeout(() => {
    throw refusal;
  });
  return { ok: false, error: { kind: "malformed" } };
}
