/** Before and while somebody signs in. */
import type { Result } from "../../worker/contract/failures.ts";
import type { InvitationView } from "../../worker/contract/invitation.ts";
import { ALICE, NOW } from "./people.ts";
import { gate, LIVE, type Scene } from "./scene.ts";

const WEEK_MS = 7 * 24 * 3_600_000;

const credentials = [
  ["Address", "alice@example.org"],
  ["Password", "correct horse"],
] as const;

function invited(whom: Partial<InvitationView>): Result<InvitationView> {
  return { ok: true, value: { ...whom, ends: NOW + WEEK_MS } };
}

function unable(encryption: "unsupported" | "not-kept"): Scene {
  const session = { state: "signed-out" } as const;
  return gate(session, {
    snapshot: { session, connection: { ...LIVE, encryption }, chats: [], notices: [], gaps: [] },
  });
}

export const GATE_SCENES: Readonly<Record<string, Scene>> = {
  starting: gate({ state: "starting" }),
  "sign-in": gate({ state: "signed-out" }),
  "sign-in-wrong": gate(
    { state: "signed-out" },
    { signIn: { kind: "wrong-password" }, typed: credentials, press: "Sign in" },
  ),
  "sign-in-unknown": gate(
    { state: "signed-out" },
    { signIn: { kind: "bad-certificate", detail: "xmpp.example.org" }, typed: credentials, press: "Sign in" },
  ),
  "sign-in-no-resolver": gate(
    { state: "signed-out" },
    { signIn: { kind: "refused", detail: "no resolver" }, typed: credentials, press: "Sign in" },
  ),
  "sign-in-storage-full": gate(
    { state: "signed-out" },
    { signIn: { kind: "storage-full", detail: "sign-in" }, typed: credentials, press: "Sign in" },
  ),
  "sign-in-invited": gate({ state: "signed-out" }, { invitation: invited({ address: ALICE }) }),
  "sign-in-invited-domain": gate({ state: "signed-out" }, { invitation: invited({ domain: "example.org" }) }),
  "sign-in-used-up": gate(
    { state: "signed-out" },
    { invitation: { ok: false, error: { kind: "invitation", detail: "used-up" } } },
  ),
  "sign-in-for-another": gate(
    { state: "signed-out" },
    {
      invitation: invited({}),
      signIn: { kind: "invitation", detail: "for-another" },
      typed: credentials,
      press: "Sign in",
    },
  ),
  "sign-in-busy": gate({ state: "signed-out" }, { typed: credentials, press: "Sign in" }),
  "sign-in-consent": gate(
    { state: "signed-out" },
    { signIn: { kind: "only-plain" }, typed: credentials, press: "Sign in" },
  ),
  "sign-in-returning": gate({ state: "signed-out", account: ALICE, because: "expired" }),
  "sign-in-revoked": gate({ state: "signed-out", account: ALICE, because: "revoked" }),
  "erase-locked": gate(
    { state: "signed-out", account: ALICE, because: "revoked" },
    { press: "Erase what is kept here…" },
  ),
  "sign-in-evicted": gate({ state: "signed-out", account: ALICE, because: "evicted" }),
  "sign-in-erased": gate({ state: "signed-out", because: "by-choice" }),
  erasing: gate({ state: "erasing", account: ALICE }),
  unsupported: unable("unsupported"),
  "keys-not-kept": unable("not-kept"),
};
