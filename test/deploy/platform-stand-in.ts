/**
 * A stand-in for Cloudflare's API, as far as the deploy command and the real wrangler ask it: accounts, one Worker by its
 * name, its variables and names of secrets, host names. It shows that we say the right things; not that Cloudflare does.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";

export const ALPHA = { id: "a".repeat(32), name: "Alpha's account" } as const;
export const BETA = { id: "b".repeat(32), name: "Beta's account" } as const;
export const TOKEN = "a-token-of-the-stand-in";

const NO_SUCH_WORKER = 10_007;
const NOT_FOUND = 404;
const CONFLICT = 409;
/** Not 500: wrangler asks again by itself after those. */
const FAILED = 400;
const FORBIDDEN = 403;

type Binding = { readonly name: string; readonly type: string; readonly text?: string };
type Worker = {
  readonly bindings: readonly Binding[];
  readonly flags: readonly string[];
  readonly compatibilityDate: string;
  workersDev: boolean;
};
type Answer = { readonly result?: unknown; readonly status?: number; readonly error?: string; readonly code?: number };

/** What Cloudflare would hold, and what it was asked to change. */
export class PlatformStandIn {
  accounts: readonly { readonly id: string; readonly name: string }[] = [ALPHA];
  /** Name below workers.dev by account. */
  subdomains = new Map<string, string>();
  /** By account and name, `id/name`. */
  workers = new Map<string, Worker>();
  /** Host names with a DNS record that somebody made by hand. */
  records = new Set<string>();
  domains: { readonly id: string; readonly hostname: string; readonly service: string }[] = [];
  /** The next upload of code ends with an error of the platform's. */
  failNextUpload = false;
  /** The next upload is taken, and the answer is lost. */
  loseNextAnswer = false;
  /** Methods and paths that changed something. */
  changes: string[] = [];
  #server: Server | undefined;

  /** @returns its address, for CLOUDFLARE_API_BASE_URL */
  async start(port: number): Promise<string> {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const body = Buffer.concat(parts).toString("latin1");
        const { result, status = 200, error, code = 1 } = this.#answer(request, body);
        response.writeHead(status, { "content-type": "application/json" });
        const errors = error === undefined ? [] : [{ code, message: error }];
        response.end(JSON.stringify({ success: error === undefined, errors, messages: [], result: result ?? null }));
      });
    });
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${port}/client/v4`;
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  /** Plain variables of a Worker that is there. */
  variables(account: string, name = "alcove"): Readonly<Record<string, string>> {
    const bindings = this.workers.get(`${account}/${name}`)?.bindings ?? [];
    return Object.fromEntries(bindings.flatMap((it) => (it.type === "plain_text" ? [[it.name, it.text ?? ""]] : [])));
  }

  /** Secrets of a Worker that is there; the real platform shows their names alone. */
  secrets(account: string, name = "alcove"): Readonly<Record<string, string>> {
    const bindings = this.workers.get(`${account}/${name}`)?.bindings ?? [];
    return Object.fromEntries(bindings.flatMap((it) => (it.type === "secret_text" ? [[it.name, it.text ?? ""]] : [])));
  }

  #answer(request: IncomingMessage, body: string): Answer {
    const method = request.method ?? "";
    const { pathname, searchParams } = new URL(request.url ?? "", "http://stand-in");
    const path = pathname.replace("/client/v4", "");
    if (request.headers.authorization !== `Bearer ${TOKEN}` && !path.endsWith("/assets/upload"))
      return { status: FORBIDDEN, error: "Authentication error", code: 10_000 };
    if (method !== "GET" && !path.endsWith("/changeset")) this.changes.push(`${method} ${path}`);
    if (path === "/accounts") return { result: this.accounts };
    if (path === "/memberships") return { result: this.accounts.map((account) => ({ account })) };
    const [, account = "", rest = ""] = /^\/accounts\/([^/]+)\/workers\/(.*)$/.exec(path) ?? [];
    if (rest === "subdomain") return this.#subdomain(method, account, body);
    if (rest === "domains") return { result: this.#domains(searchParams) };
    const [, kind, name = "", part = ""] = /^(scripts|services|workers)\/([^/]+)\/?(.*)$/.exec(rest) ?? [];
    if (kind === undefined) return { result: {} };
    const worker = this.workers.get(`${account}/${name}`);
    if (method === "PUT" && kind === "scripts" && part === "") return this.#upload(account, name, body);
    if (part === "assets-upload-session") return { result: { jwt: "a.b.c", buckets: [] } };
    if (worker === undefined) return { status: NOT_FOUND, error: "This Worker does not exist", code: NO_SUCH_WORKER };
    if (part.startsWith("domains/")) return this.#takeDomains(name, part, body);
    if (part.endsWith("/subdomain") || part === "subdomain") {
      if (method === "POST") worker.workersDev = (JSON.parse(body) as { enabled: boolean }).enabled;
      return { result: { enabled: worker.workersDev, previews_enabled: false } };
    }
    if (part === "settings")
      return {
        result: {
          bindings: worker.bindings.map(({ text, ...it }) => (it.type === "plain_text" ? { ...it, text } : it)),
        },
      };
    if (part === "secrets") return { result: worker.bindings.filter(({ type }) => type === "secret_text") };
    if (part === "deployments") return { result: { deployments: [] } };
    if (kind === "services") return { result: { default_environment: { script: { last_deployed_from: "wrangler" } } } };
    return { result: { id: name, subdomain: { enabled: worker.workersDev, previews_enabled: false } } };
  }

  #subdomain(method: string, account: string, body: string): Answer {
    if (method === "PUT") {
      const { subdomain } = JSON.parse(body) as { subdomain: string };
      if (subdomain === "taken") return { status: CONFLICT, error: "This subdomain is somebody else's", code: 10_031 };
      this.subdomains.set(account, subdomain);
    }
    const subdomain = this.subdomains.get(account);
    if (subdomain !== undefined) return { result: { subdomain } };
    return { status: NOT_FOUND, error: "There is no workers.dev subdomain", code: NO_SUCH_WORKER };
  }

  #domains(query: URLSearchParams) {
    const [service, hostname] = [query.get("service"), query.get("hostname")];
    return this.domains.filter(
      (it) => (service ?? it.service) === it.service && (hostname ?? it.hostname) === it.hostname,
    );
  }

  #takeDomains(name: string, part: string, body: string): Answer {
    if (part.startsWith("domains/changeset")) {
      const asked = JSON.parse(body) as readonly { hostname: string }[];
      const conflicting = asked.filter(({ hostname }) => this.records.has(hostname));
      return { result: { added: [], removed: [], updated: [], conflicting } };
    }
    const { origins, override_existing_dns_record: replaces } = JSON.parse(body) as {
      origins: readonly { hostname: string }[];
      override_existing_dns_record: boolean;
    };
    for (const { hostname } of origins) {
      if (this.records.has(hostname) && !replaces)
        return { status: CONFLICT, error: "Hostname already has externally managed DNS records", code: 100_117 };
      this.records.delete(hostname);
    }
    this.domains = origins.map(({ hostname }, at) => ({ id: `${at}`, hostname, service: name }));
    return { result: this.domains };
  }

  #upload(account: string, name: string, body: string): Answer {
    if (this.failNextUpload) {
      this.failNextUpload = false;
      return { status: FAILED, error: "The platform has a bad day", code: 10_013 };
    }
    const metadata = JSON.parse(/\{"main_module".*\}/.exec(body)?.[0] ?? "{}") as {
      bindings?: readonly Binding[];
      keep_bindings?: readonly string[];
      compatibility_flags?: readonly string[];
      compatibility_date?: string;
    };
    const before = this.workers.get(`${account}/${name}`);
    const there = before?.bindings ?? [];
    const bindings = (metadata.bindings ?? []).flatMap((it) =>
      it.type === "inherit" ? there.filter(({ name: known }) => known === it.name) : [it],
    );
    const kept = there.filter(
      ({ name: known, type }) => metadata.keep_bindings?.includes(type) && !bindings.some((it) => it.name === known),
    );
    this.workers.set(`${account}/${name}`, {
      bindings: [...bindings, ...kept],
      flags: metadata.compatibility_flags ?? [],
      compatibilityDate: metadata.compatibility_date ?? "",
      workersDev: before?.workersDev ?? true,
    });
    if (this.loseNextAnswer) {
      this.loseNextAnswer = false;
      return { status: FAILED, error: "The answer is lost", code: 10_013 };
    }
    return { result: { id: name, etag: "e", startup_time_ms: 1, has_preview: false, deployment_id: "d" } };
  }
}
