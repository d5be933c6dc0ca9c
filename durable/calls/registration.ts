/**
 * Accounts that do not exist yet. The object of one place (`worker/registration.ts`) holds at most one stream with a form that
 * somebody fills in, in memory alone, for some minutes; where it is lost meanwhile, the answers go over another one. What is
 * typed goes to the server and stays nowhere.
 */
import { FORM_LIMITS } from "../../worker/contract/forms.ts";
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { RegistrationForm, RegistrationRefused, SubmitArguments } from "../../worker/contract/registration.ts";
import { drop } from "../../worker/shared/drop.ts";
import { failed } from "../../worker/shared/failed.ts";
import { domainOf, parseBareJid } from "../../worker/shared/jid.ts";
import type { Offered, REGISTERING } from "../link/register.ts";
import type { LinkSettings } from "../link/settings.ts";
import type { Stream } from "../link/stream.ts";

/** What the Worker says: which server, and whether its domain is let in by name, whatever the list of domains says. */
export type Registering = { readonly domain: string; readonly invited: boolean; readonly token?: string };
export type Submitting = Registering & Pick<SubmitArguments, "legacy" | "answers"> & { readonly id: string };

export type Registered =
  | {
      readonly step: "form";
      readonly id: string;
      readonly form: RegistrationForm;
      readonly refused?: RegistrationRefused;
    }
  | { readonly step: "web"; readonly url: string }
  | { readonly step: "done"; readonly address: BareJid };

export class Registrations {
  readonly #settings: (domain: string, invited: boolean) => LinkSettings;
  readonly #ways: typeof REGISTERING;
  #held: { readonly id: string; readonly stream: Stream; readonly late: ReturnType<typeof setTimeout> } | undefined;

  /** `settings`: how the server of a domain is reached by whoever has no account; `ways`: how it is asked. */
  constructor(settings: (domain: string, invited: boolean) => LinkSettings, ways: typeof REGISTERING) {
    this.#settings = settings;
    this.#ways = ways;
  }

  /** The form of a server; one that was open here before is given up. Fails as finding the server does, and with `registration`. */
  async begin({ domain, invited, token }: Registering): Promise<Result<Registered>> {
    this.#letGo();
    const opened = await this.#ways.open(this.#settings(domain, invited), token);
    return opened.ok ? { ok: true, value: this.#hold(opened.value) } : opened;
  }

  /**
   * The answers. A form that was refused is followed by another one, for a picture holds once. Fails as `begin` does, and with
   * `registration` and `unanswered` where the account may exist.
   */
  async submit({ id, domain, invited, token, ...form }: Submitting): Promise<Result<Registered>> {
    const address = addressOf(form, domain);
    if (address === undefined) return failed("address-invalid");
    const held = this.#held?.id === id ? this.#held.stream : undefined;
    this.#letGo(held);
    let stream = held;
    if (stream === undefined || stream.failure !== undefined) {
      const again = await this.#ways.open(this.#settings(domain, invited), token);
      if (!again.ok) return again;
      stream = again.value.stream;
    }
    const answer = await this.#ways.send(stream, domain, form);
    if (!answer.ok) return failed("registration", "unanswered");
    if (answer.value.made) {
      drop(stream.close());
      return { ok: true, value: { step: "done", address } };
    }
    const { made: _, ...refused } = answer.value;
    const offer = await this.#ways.form(stream, domain);
    if (!offer.ok) {
      drop(stream.close());
      return failed("registration", refused.why);
    }
    const next = this.#hold({ stream, offer: offer.value });
    return { ok: true, value: next.step === "form" ? { ...next, refused } : next };
  }

  #hold({ stream, offer }: Offered): Registered {
    // Another tab of this place may have asked meanwhile.
    this.#letGo();
    if (offer.kind === "web") {
      drop(stream.close());
      return { step: "web", url: offer.url };
    }
    const id = crypto.randomUUID();
    const late = setTimeout(() => this.#letGo(), FORM_LIMITS.formWaitMs);
    this.#held = { id, stream, late };
    return { step: "form", id, form: offer.form };
  }

  /** Ends what is held, but for a stream that goes on. */
  #letGo(but?: Stream): void {
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) return;
    clearTimeout(held.late);
    if (held.stream !== but) drop(held.stream.close());
  }
}

function addressOf({ answers }: Pick<SubmitArguments, "answers">, domain: string): BareJid | undefined {
  const name = answers.find((answer) => answer.name === "username")?.values[0] ?? "";
  const address = parseBareJid(`${name}@${domain}`);
  return address !== undefined && domainOf(address) === domain ? address : undefined;
}
