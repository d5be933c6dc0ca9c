/**
 * What of Cloudflare's API a deployment has to know before wrangler uploads: accounts, the Worker that is there, host names.
 * Asked here and not through wrangler, whose commands choose no account when their output is read by a program.
 */
import * as v from "valibot";
import { refuse, type Said, so } from "./said.ts";

const API = "https://api.cloudflare.com/client/v4";
const TIMEOUT_MS = 30_000;
/** No such script; no such environment; no workers.dev name yet. */
const NOT_THERE = [10_007, 10_090];
const UNAUTHORIZED = [401, 403];

const answer = v.object({
  success: v.boolean(),
  errors: v.optional(v.nullable(v.array(v.object({ code: v.number(), message: v.string() })))),
  result: v.unknown(),
});
const accountList = v.array(v.object({ id: v.string(), name: v.string() }));
const bindingList = v.object({
  bindings: v.array(v.object({ name: v.string(), type: v.string(), text: v.optional(v.string()) })),
});
const subdomainAnswer = v.object({ subdomain: v.string() });
const enabledAnswer = v.object({ enabled: v.boolean() });
const domainList = v.array(v.object({ hostname: v.string(), service: v.string() }));
const changesetAnswer = v.object({ conflicting: v.array(v.object({ hostname: v.string() })) });

export type Account = v.InferOutput<typeof accountList>[number];
export type DeployedWorker = {
  /** Plain variables by name. */
  readonly variables: Readonly<Record<string, string>>;
  /** Names of its secrets. */
  readonly secrets: readonly string[];
  /** Host names of one's own that lead to it; undefined where this token may not see them. */
  readonly hosts: readonly string[] | undefined;
  /** Whether it is reached below workers.dev. */
  readonly onWorkersDev: boolean;
};

type Heard = { readonly kind: "result"; readonly result: unknown } | { readonly kind: "not-there" } | Problem;
type Problem = { readonly kind: "problem"; readonly words: string };

export class Platform {
  readonly #token: string;
  readonly #base: string;

  constructor(token: string, base = process.env["CLOUDFLARE_API_BASE_URL"] ?? API) {
    this.#token = token;
    this.#base = base;
  }

  /** All that the token or the sign-in reaches. */
  accounts(): Promise<Said<readonly Account[]>> {
    return this.#read("/accounts?per_page=50", accountList, "which accounts there are");
  }

  /** Undefined: there is no Worker of this name. Nothing is known where anything of it cannot be found out. */
  async worker(account: string, name: string): Promise<Said<DeployedWorker | undefined>> {
    const script = `/accounts/${account}/workers/scripts/${name}`;
    const heard = await this.#ask("GET", `${script}/settings`);
    if (heard.kind === "not-there") return so(undefined);
    const settings = parsed(heard, bindingList, "what is deployed");
    if (settings.kind === "refuse") return settings;
    const domains = await this.#domains(account, `service=${encodeURIComponent(name)}`);
    const reached = await this.#read(`${script}/subdomain`, enabledAnswer, "whether it is on workers.dev");
    if (reached.kind === "refuse") return reached;
    const { bindings } = settings.value;
    const ofType = (type: string) => bindings.filter((one) => one.type === type);
    return so({
      variables: Object.fromEntries(ofType("plain_text").map((one) => [one.name, one.text ?? ""])),
      secrets: ofType("secret_text").map((one) => one.name),
      hosts:
        domains.kind === "so"
          ? domains.value.filter(({ service }) => service === name).map(({ hostname }) => hostname)
          : undefined,
      onWorkersDev: reached.value.enabled,
    });
  }

  /** The Worker that has this host name now; without a terminal wrangler would take it away without a word. */
  async ownerOf(account: string, host: string): Promise<Said<string | undefined>> {
    const domains = await this.#domains(account, `hostname=${encodeURIComponent(host)}`);
    if (domains.kind === "refuse") return domains;
    return so(domains.value.find(({ hostname }) => hostname === host)?.service);
  }

  /**
   * Whether a DNS record that somebody made by hand is in the way of this host: without a terminal wrangler replaces it
   * without a word. It asks the same, and changes nothing. Undefined: the platform tells it for no Worker that is not there.
   */
  async hasRecord(account: string, name: string, host: string): Promise<Said<boolean | undefined>> {
    const changeset = `/accounts/${account}/workers/scripts/${name}/domains/changeset?replace_state=true`;
    const heard = await this.#ask("POST", changeset, [{ hostname: host }]);
    if (heard.kind === "not-there") return so(undefined);
    const said = parsed(heard, changesetAnswer, "which DNS records there are");
    return said.kind === "refuse" ? said : so(said.value.conflicting.length > 0);
  }

  /** The account's name below workers.dev; undefined where it has none yet. */
  async subdomain(account: string): Promise<Said<string | undefined>> {
    const heard = await this.#ask("GET", `/accounts/${account}/workers/subdomain`);
    if (heard.kind === "not-there") return so(undefined);
    const said = parsed(heard, subdomainAnswer, "the account's name below workers.dev");
    return said.kind === "refuse" ? said : so(said.value.subdomain);
  }

  /** Gives the account its name below workers.dev. Fails where somebody else has it. */
  async takeSubdomain(account: string, subdomain: string): Promise<Said<string>> {
    const heard = await this.#ask("PUT", `/accounts/${account}/workers/subdomain`, { subdomain });
    if (heard.kind === "problem") return refuse(`${subdomain}.workers.dev is not to be had.\n${heard.words}`);
    const said = parsed(heard, subdomainAnswer, `whether ${subdomain}.workers.dev is this account's now`);
    return said.kind === "refuse" ? said : so(said.value.subdomain);
  }

  #domains(account: string, query: string) {
    return this.#read(`/accounts/${account}/workers/domains?${query}`, domainList, "which host names lead where");
  }

  async #read<T>(path: string, schema: v.GenericSchema<unknown, T>, what: string): Promise<Said<T>> {
    return parsed(await this.#ask("GET", path), schema, what);
  }

  async #ask(method: "GET" | "PUT" | "POST", path: string, body?: object): Promise<Heard> {
    try {
      const response = await fetch(`${this.#base}${path}`, {
        method,
        headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const read = v.safeParse(answer, await response.json());
      if (!read.success)
        return { kind: "problem", words: `Cloudflare answered ${response.status} and nothing readable.` };
      const { success, errors, result } = read.output;
      if (success) return { kind: "result", result };
      if (errors?.some(({ code }) => NOT_THERE.includes(code))) return { kind: "not-there" };
      const words = (errors ?? []).map(({ code, message }) => `${message} [code: ${code}]`).join("\n");
      return { kind: "problem", words: `Cloudflare says: ${words || response.status}${cureOf(response.status)}` };
    } catch (error) {
      return {
        kind: "problem",
        words: `Cloudflare cannot be reached (${error instanceof Error ? error.message : "?"}).`,
      };
    }
  }
}

function parsed<T>(heard: Heard, schema: v.GenericSchema<unknown, T>, what: string): Said<T> {
  if (heard.kind === "result") {
    const read = v.safeParse(schema, heard.result);
    if (read.success) return so(read.output);
  }
  const words =
    heard.kind === "problem" ? heard.words : "Cloudflare's answer has another shape than its documentation says.";
  return refuse(`It could not be found out ${what}, so nothing was changed.\n${words}`);
}

function cureOf(status: number): string {
  if (!UNAUTHORIZED.includes(status)) return "";
  return (
    '\nThe token needs the permissions of the template "Edit Cloudflare Workers" for this account; a sign-in that has ' +
    "lapsed is made anew by: npx wrangler login"
  );
}
