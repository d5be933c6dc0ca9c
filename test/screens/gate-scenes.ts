/** Before and while somebody signs in. */
import type { Result } from "../../worker/contract/failures.ts";
import { FORM_ROUTES } from "../../worker/contract/forms.ts";
import type { InvitationView } from "../../worker/contract/invitation.ts";
import { ALICE, NOW } from "./people.ts";
import { gate, LIVE, type Scene } from "./scene.ts";

const WEEK_MS = 7 * 24 * 3_600_000;

export const credentials = [
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

export const SERVERS = { ok: true, value: { servers: ["example.org", "chat.example.net"], others: false } };
const ANY = { ok: true, value: { servers: [], others: true } };
const LETTERS = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";

function form(more: object = {}, refused?: object) {
  const field = (name: string, kind: string, about: object = {}) => ({
    name,
    kind,
    required: true,
    values: [],
    ...about,
  });
  return {
    ok: true,
    value: {
      step: "form",
      attempt: refused === undefined ? "one" : "two",
      ...(refused && { refused }),
      form: {
        legacy: false,
        instructions: "Choose a name and a password. Be kind.",
        fields: [field("username", "text"), field("password", "secret"), ...Object.values(more)],
      },
    },
  };
}

const PICTURED = form({
  picture: {
    name: "ocr",
    kind: "text",
    required: true,
    values: [],
    label: "Type what you see",
    picture: { data: LETTERS },
  },
  country: {
    name: "c",
    kind: "choice",
    required: false,
    values: [],
    label: "Country",
    options: [{ value: "1", label: "Here" }],
  },
  rules: { name: "r", kind: "yes-no", required: true, values: [], label: "I have read the rules" },
});
export const TO_FORM = ["Create an account", "Next"] as const;
const BY_BOB = "xmpp:bob@example.org?roster;preauth=TOKEN;ibr=y";

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
  "create-account": gate({ state: "signed-out" }, { answers: { [FORM_ROUTES.servers]: SERVERS }, press: TO_FORM[0] }),
  "create-account-any": gate({ state: "signed-out" }, { answers: { [FORM_ROUTES.servers]: ANY }, press: TO_FORM[0] }),
  "create-account-form": gate(
    { state: "signed-out" },
    { answers: { [FORM_ROUTES.servers]: SERVERS, [FORM_ROUTES.register]: PICTURED }, press: TO_FORM },
  ),
  "create-account-shown": gate(
    { state: "signed-out" },
    {
      answers: { [FORM_ROUTES.servers]: SERVERS, [FORM_ROUTES.register]: form() },
      press: [...TO_FORM, "Show password"],
    },
  ),
  "create-account-refused": gate(
    { state: "signed-out" },
    {
      answers: {
        [FORM_ROUTES.servers]: SERVERS,
        [FORM_ROUTES.register]: form({}, { why: "not-accepted", says: "The password is too weak" }),
      },
      press: TO_FORM,
    },
  ),
  "create-account-web": gate(
    { state: "signed-out" },
    {
      answers: {
        [FORM_ROUTES.servers]: SERVERS,
        [FORM_ROUTES.register]: { ok: true, value: { step: "web", url: "https://accounts.example.org/join" } },
      },
      press: TO_FORM,
    },
  ),
  "create-account-closed": gate(
    { state: "signed-out" },
    {
      answers: {
        [FORM_ROUTES.servers]: SERVERS,
        [FORM_ROUTES.register]: { ok: false, error: { kind: "registration", detail: "closed" } },
      },
      press: TO_FORM,
    },
  ),
  "invited-by-server": gate({ state: "signed-out" }, { join: BY_BOB }),
  "invited-by-server-form": gate(
    { state: "signed-out" },
    {
      join: BY_BOB,
      answers: { [FORM_ROUTES.register]: form() },
      press: ["Create an account at {domain}".replace("{domain}", "example.org")],
    },
  ),
  erasing: gate({ state: "erasing", account: ALICE }),
  unsupported: unable("unsupported"),
  "keys-not-kept": unable("not-kept"),
};
