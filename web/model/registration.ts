/** Making an account, step by step: which server, its form, what came of it. What is typed stays until there is an account. */
import { FORM_ROUTES } from "../../worker/contract/forms.ts";
import { type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type {
  RegistrationField,
  RegistrationForm,
  RegistrationRefused,
  RegistrationReply,
  ServersOffered,
} from "../../worker/contract/registration.ts";
import { normaliseDomain } from "../../worker/shared/domains.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { readServerInvitation, type ServerInvitation } from "./server-invitation.ts";

export type RegistrationStep =
  /** `offered`: undefined while that is not known. */
  | { readonly step: "server"; readonly offered?: ServersOffered; readonly failure?: Failure }
  | { readonly step: "loading" }
  | {
      readonly step: "form";
      readonly attempt: string;
      readonly form: RegistrationForm;
      readonly busy: boolean;
      readonly refused?: RegistrationRefused;
      readonly failure?: Failure;
    }
  | { readonly step: "web"; readonly url: string };

type FormStep = Extract<RegistrationStep, { readonly step: "form" }>;

/** A server may be slow, and is asked one question after the other. */
const TIMEOUT_MS = 90_000;
const LEAST_PASSWORD = 8;
const OFFLINE: Failure = { kind: "offline" };
const UNANSWERED = { kind: "registration", detail: "unanswered" } as const satisfies Failure;

export class Registration {
  readonly server = signal("");
  readonly #step = signal<RegistrationStep>({ step: "server" });
  readonly #values = new Map<string, Signal<string>>();
  readonly #ask: typeof fetch;
  /** The token of an invitation to this deployment. */
  readonly #opens: () => string | undefined;
  readonly #made: (address: BareJid, password: string, by: ServerInvitation | undefined) => void;
  #offered: ServersOffered | undefined;
  #by: ServerInvitation | undefined;
  #ended = false;
  /** Whose account may exist: its form was sent, and the answer was lost. */
  #perhaps: string | undefined;

  /** `made`: there is an account; what follows is an ordinary sign-in. */
  constructor(
    made: (address: BareJid, password: string, by: ServerInvitation | undefined) => void,
    opens: () => string | undefined,
    ask: typeof fetch = (...args) => fetch(...args),
  ) {
    this.#made = made;
    this.#opens = opens;
    this.#ask = ask;
  }

  get step(): ReadonlySignal<RegistrationStep> {
    return this.#step;
  }

  /** By which the account is made. */
  get by(): ServerInvitation | undefined {
    return this.#by;
  }

  /** What is typed into a field. Choices of several are lines; a password is chosen by nobody else. */
  value(field: Pick<RegistrationField, "name" | "values"> & Partial<Pick<RegistrationField, "kind">>): Signal<string> {
    let value = this.#values.get(field.name);
    if (value === undefined) {
      value = signal(field.kind === "secret" ? "" : field.values.join("\n"));
      this.#values.set(field.name, value);
    }
    return value;
  }

  /** Which servers there are; with an invitation of one it is asked at once. */
  async begin(by: ServerInvitation | undefined): Promise<void> {
    if (by !== undefined) return this.#choose(by.domain, by);
    const answer = await this.#post<ServersOffered>(FORM_ROUTES.servers, {});
    if (answer.ok) this.#offered = answer.value;
    const [first] = this.#offered?.servers ?? [];
    if (this.server.peek() === "" && first !== undefined) this.server.value = first;
    this.#toServer(answer.ok ? undefined : answer.error);
  }

  /** Asks the server that was chosen, or the one that an invitation names which was pasted in its place. */
  async choose(): Promise<void> {
    const typed = this.server.peek().trim();
    const by = readServerInvitation(typed);
    if (by?.makesAccount === true) return this.#choose(by.domain, by);
    return this.#choose(normaliseDomain(typed.slice(typed.indexOf("@") + 1)), undefined);
  }

  /** Back to the choice of a server. */
  back(): void {
    this.#by = undefined;
    if (this.#offered === undefined) void this.begin(undefined);
    else this.#toServer();
  }

  /** Nobody looks any more: no answer is heard. */
  end(): void {
    this.#ended = true;
    this.#values.clear();
  }

  /** Sends the form. What cannot be right is answered without asking anybody. */
  async submit(): Promise<void> {
    const now = this.#step.peek();
    if (now.step !== "form" || now.busy) return;
    const { attempt, form } = now;
    const shown: FormStep = { step: "form", attempt, form, busy: false };
    const password = this.#values.get("password")?.peek() ?? "";
    if (form.fields.some(({ name }) => name === "password") && password.length < LEAST_PASSWORD) {
      this.#step.value = { ...shown, failure: { kind: "registration", detail: "password-short" } };
      return;
    }
    this.#step.value = { ...shown, busy: true };
    const { legacy } = form;
    const token = this.#by?.token;
    const about = { attempt, legacy, answers: this.#answers(form), ...(token !== undefined && { token }) };
    // Nobody knows how far it came.
    const answer = await this.#post<RegistrationReply>(FORM_ROUTES.submit, about, UNANSWERED);
    if (this.#ended) return;
    if (answer.ok && answer.value.step === "done") this.#made(answer.value.address, password, this.#by);
    else if (answer.ok) this.#take(answer.value);
    else if (answer.error.kind === "sign-in-lapsed") await this.#afresh(shown);
    else {
      if (answer.error.detail === UNANSWERED.detail) this.#perhaps = this.#address();
      this.#step.value = { ...shown, failure: answer.error };
    }
  }

  /** The form was too old: another one takes its place. */
  async #afresh(shown: FormStep): Promise<void> {
    const answer = await this.#askFor(this.#domain, this.#by);
    if (this.#ended) return;
    if (!answer.ok) this.#step.value = { ...shown, failure: answer.error };
    else this.#take(answer.value, { kind: "registration", detail: "lapsed" });
  }

  /** As it is typed now. */
  #address(): string {
    return `${this.#values.get("username")?.peek().trim().toLowerCase()}@${this.#domain}`;
  }

  /** A fresh form, where the one before is too old or its picture cannot be read; what was typed stays. */
  async again(): Promise<void> {
    await this.#choose(this.#domain, this.#by);
  }

  /** Whose account it will be. */
  get domain(): string {
    return this.#domain;
  }

  #domain = "";

  async #choose(domain: string, by: ServerInvitation | undefined): Promise<void> {
    this.#domain = domain;
    this.#by = by;
    if (domain === "") return this.#toServer({ kind: "registration", detail: "no-server" });
    this.#step.value = { step: "loading" };
    const answer = await this.#askFor(domain, by);
    if (this.#ended) return;
    if (answer.ok) this.#take(answer.value);
    else this.#toServer(answer.error);
  }

  #askFor(domain: string, by: ServerInvitation | undefined): Promise<Result<RegistrationReply>> {
    const invitation = this.#opens();
    const about = { domain, ...(by && { token: by.token }), ...(invitation && { invitation }) };
    return this.#post<RegistrationReply>(FORM_ROUTES.register, about);
  }

  #take(reply: RegistrationReply, failure = this.#failureOf(reply)): void {
    switch (reply.step) {
      case "form":
        // What one picture shows is not what the next one does.
        for (const { name, picture } of reply.form.fields) if (picture !== undefined) this.#values.delete(name);
        for (const field of reply.form.fields) if (field.kind === "hidden") this.#values.delete(field.name);
        if (this.#by?.name !== undefined) this.value({ name: "username", values: [] }).value = this.#by.name;
        this.#step.value = { ...reply, busy: false, ...(failure && { failure }) };
        return;
      case "web":
        this.#step.value = reply;
        return;
      case "done":
        return;
      default:
        missingCase(reply);
    }
  }

  /** The name is taken, by the very account that may have been made when the answer was lost. */
  #failureOf(reply: RegistrationReply): Failure | undefined {
    const taken = reply.step === "form" && reply.refused?.why === "name-taken";
    return taken && this.#perhaps === this.#address() ? { kind: "registration", detail: "perhaps-yours" } : undefined;
  }

  #toServer(failure?: Failure): void {
    if (this.#ended) return;
    this.#step.value = {
      step: "server",
      ...(this.#offered !== undefined && { offered: this.#offered }),
      ...(failure && { failure }),
    };
  }

  #answers({ fields, legacy }: RegistrationForm) {
    return fields.flatMap((field) => {
      if (field.name === "") return [];
      const typed = this.value(field).peek();
      const name = field.name;
      if (field.kind === "hidden" || field.kind === "note") return [{ name, values: field.values }];
      if (field.kind === "yes-no") return [{ name, values: [typed === "1" || typed === "true" ? "1" : "0"] }];
      const values = field.kind === "lines" || field.kind === "choices" ? typed.split("\n") : [typed];
      const said = values.map((value) => (name === "username" ? value.trim() : value)).filter((value) => value !== "");
      // What nobody has filled in is left out, but for the old form, which wants all of it.
      return said.length === 0 && !legacy ? [] : [{ name, values: said }];
    });
  }

  async #post<Value>(route: string, about: unknown, lost: Failure = OFFLINE): Promise<Result<Value>> {
    try {
      const answer = await this.#ask(route, {
        method: "POST",
        credentials: "same-origin",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(about),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const result = (await answer.json()) as Result<Value>;
      // A Worker of the release before knows no such thing.
      if (!result.ok && result.error.kind === "not-found") return { ok: false, error: { kind: "other-release" } };
      return result;
    } catch {
      // Whatever is in the way, it is told in the same words; what was typed stays.
      return { ok: false, error: lost };
    }
  }
}
