/** What `wrangler.toml` and the deployment's secrets give to the Worker and its objects. */
interface Env {
  readonly ACCOUNT: DurableObjectNamespace<import("../durable/account.ts").Account>;
  /** One for the whole deployment: every sign-in passes it. */
  readonly GATEKEEPER: DurableObjectNamespace<import("../durable/gatekeeper.ts").Gatekeeper>;
  /** One for the whole deployment, where it has an account for that: servers tell it that something has come (XEP-0357). */
  readonly GATEWAY: DurableObjectNamespace<import("../durable/gateway.ts").Gateway>;
  readonly ASSETS: Fetcher;
  readonly SIGN_IN_LIMIT: RateLimit;
  /** Names the objects: losing it loses every account. Never replaced by a deploy. */
  readonly NAME_SECRET: string;
  /**
   * Signs session cookies, and makes the key by which push services know this deployment: replacing it signs every browser out, no
   * more.
   */
  readonly COOKIE_SECRET: string;
  /** Origins of push services, separated by spaces, beside those of the public network, wherever they are. */
  readonly PUSH_SERVICES?: string;
  /** The gateway's own account: its address, and its password, a secret. Without both of them there is no gateway. */
  readonly GATEWAY_ADDRESS?: string;
  readonly GATEWAY_PASSWORD?: string;
  /** JSON: domain → endpoints in the order to try, separated by spaces, where discovery is not wanted. `{"localhost":"starttls://localhost:5222"}` */
  readonly XMPP_ENDPOINTS: string;
  /** Ports beside those of XMPP that the records of a domain may name, as numbers and ranges; none where it is missing. */
  readonly XMPP_PORTS?: string;
  /** Resolvers for DNS over HTTPS (the JSON form) in the order to ask; Cloudflare's and Google's where it is missing or empty. */
  readonly DNS_RESOLVERS?: string;
  /** Domains whose accounts may sign in here; `*`: all; empty: none, until the deployer has said which. */
  readonly ALLOWED_DOMAINS: string;
  /** `eu`, `us` …: where all objects run and keep what they know; `none` or nothing: anywhere. Never changed later. */
  readonly JURISDICTION?: string;
  /** `weur`, `enam` …: near where new objects are made, without a jurisdiction; `auto` or nothing: near the first sign-in. */
  readonly LOCATION?: string;
  /** What was deployed, as JSON: `{version, commit, contract, …}`. A deployment writes it; a Worker may run without. */
  readonly RELEASE?: string;
  /** Megabytes (2^20) of the largest file that is sent through here, and of all files of one account in a day; numbers. */
  readonly FILE_MEGABYTES?: string;
  readonly FILE_MEGABYTES_A_DAY?: string;
  /** Megabytes (2^20 characters) of the sealed copy that is kept for one account; a number, 0: none is. */
  readonly COPY_MEGABYTES?: string;
  /** How many accounts may come for the first time in a day; a number. */
  readonly NEW_ACCOUNTS_A_DAY: string;
  /** Servers that are offered to whoever has no account, in this order; `none`: no accounts are made here; missing or empty: those of `ALLOWED_DOMAINS`. */
  readonly NEW_ACCOUNT_SERVERS?: string;
}

declare module "*.sql" {
  const text: string;
  export default text;
}
