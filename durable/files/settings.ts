/** What files of an account may do here, as the deployment decides. */
import { parsePorts, type Ports } from "../../worker/network/names.ts";
import { parseEndpoints } from "../connection/settings.ts";

export type FileSettings = {
  /** Bytes of one file on its way up: what the platform lets through. */
  readonly mostBytes: number;
  /** Bytes of one account in a day, both ways. */
  readonly mostBytesADay: number;
  readonly ports: Ports;
  /** The deployment names the server of this domain itself, so it may be in a private network. */
  readonly isNamed: (domain: string) => boolean;
  /** What tickets are sealed with. */
  readonly secret: string;
};

const MEGABYTE = 1024 * 1024;
/** What Cloudflare takes of one request on its smaller plans; and what a person seldom needs in a day. */
const FILE_MEGABYTES = 100;
const FILE_MEGABYTES_A_DAY = 5_000;

/** A variable that is no number stands for itself: for nothing. */
export function fileSettings(env: Env): FileSettings {
  return {
    mostBytes: megabytes(env.FILE_MEGABYTES, FILE_MEGABYTES),
    mostBytesADay: megabytes(env.FILE_MEGABYTES_A_DAY, FILE_MEGABYTES_A_DAY),
    ports: parsePorts(env.XMPP_PORTS ?? ""),
    isNamed: (domain) => Object.hasOwn(parseEndpoints(env.XMPP_ENDPOINTS), domain),
    secret: env.COOKIE_SECRET,
  };
}

function megabytes(text: string | undefined, otherwise: number): number {
  const number = Number(text || otherwise);
  return Number.isFinite(number) && number > 0 ? Math.floor(number * MEGABYTE) : 0;
}
