/**
 * Files of this account on their way. Their bytes never pass this object: it asks the account's server for a slot, says which
 * links its browsers may fetch, and counts what passes in a day. `docs/decisions/media-proxy.md` says why so.
 */
import type { Result } from "../../worker/contract/failures.ts";
import { FILE_LIMITS, type FileService, type FileSlot, type SlotWanted } from "../../worker/contract/media.ts";
import type { BrowserId, EntryId } from "../../worker/contract/names.ts";
import { PREVIEW_LIMITS } from "../../worker/contract/preview.ts";
import { fileAddress, isTrustworthy } from "../../worker/network/file-address.ts";
import { isWithin } from "../../worker/network/names.ts";
import { failed } from "../../worker/shared/failed.ts";
import { sealTicket } from "../../worker/shared/file-ticket.ts";
import { toHex } from "../../worker/shared/hex.ts";
import { domainOf } from "../../worker/shared/jid.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import { failureOfRequest, type RequestError } from "../link/iq.ts";
import type { Stores } from "../store/stores.ts";
import { parseSlot, requestSlot, type UploadSlot } from "../xep/http-upload.ts";
import type { FileSettings } from "./settings.ts";
import { type LinkTold, mayStandFor, names } from "./named.ts";
import { findUploadService, type UploadService } from "./service.ts";
import { Minute } from "./minute.ts";
import { bytesLeft, onThisDay, withDownload, withPreview, withSlot } from "./today.ts";

/** What the Worker tells of a link that a browser wants. */
export type LinkAsked = LinkTold & { readonly message: EntryId };
/** That it may be fetched. `trusted`: origins that may be in a private network. */
export type LinkAllowed = { readonly trusted: readonly string[] };

const NAME_BYTES = 12;
const OCTETS = "application/octet-stream";
const ORIGINS_MAX = 4;
/** Downloads begun within a minute: somebody who scrolls through years of pictures begins fewer. */
const DOWNLOADS_A_MINUTE = 600;

export class Files {
  readonly #stores: Stores;
  readonly #link: Pick<CurrentLink, "request" | "live" | "link">;
  readonly #settings: FileSettings;
  /** Of the stream that it was asked on. */
  #found: { readonly on: CurrentLink["link"]; readonly service: UploadService } | undefined;
  readonly #downloads = new Minute(DOWNLOADS_A_MINUTE);
  readonly #previews = new Minute(PREVIEW_LIMITS.aMinute);

  constructor(stores: Stores, link: Pick<CurrentLink, "request" | "live" | "link">, settings: FileSettings) {
    this.#stores = stores;
    this.#link = link;
    this.#settings = settings;
  }

  /** See the call `fileService`. */
  async service(): Promise<Result<FileService>> {
    const found = await this.#find();
    if (!found.ok) return found;
    const { mostBytes, limitedBy } = this.#limitOf(found.value);
    const leftToday = bytesLeft(this.#today(), this.#settings.mostBytesADay);
    return { ok: true, value: { mostBytes, limitedBy, leftToday } };
  }

  /** See the call `fileSlot`. */
  async slot(browser: BrowserId, { size, ending, type = OCTETS }: SlotWanted): Promise<Result<FileSlot>> {
    if (size === 0) return failed("file", "empty");
    const found = await this.#find();
    if (!found.ok) return found;
    const { jid, namespace } = found.value;
    if (size > this.#limitOf(found.value).mostBytes) return failed("file", "too-large");
    const counted = withSlot(this.#today(), size, this.#settings.mostBytesADay);
    if (counted === undefined) return failed("file", "day");
    // Before it is asked for: of several that come at once each finds those before it.
    this.#stores.note(() => this.#stores.meta.set("files-today", counted));
    const name = `${toHex(crypto.getRandomValues(new Uint8Array(NAME_BYTES)))}${ending === undefined ? "" : `.${ending}`}`;
    const answer = await this.#link.request(requestSlot(jid, namespace, { name, size, type }));
    if (!answer.ok) return { ok: false, error: failureOfSlot(answer.error) };
    const slot = parseSlot(answer.value, namespace);
    if (slot === undefined) return failed("malformed", "no slot");
    const checked = this.#checked(slot, jid);
    if (checked === undefined) return failed("file", "address");
    const until = Date.now() + FILE_LIMITS.ticketMs;
    const { put, get, trusted } = checked;
    const { headers } = slot;
    const ticket = await sealTicket(this.#settings.secret, { browser, url: put, size, type, headers, trusted, until });
    return { ok: true, value: { ticket, url: get, until } };
  }

  /**
   * Whether a browser of this account may fetch a link, and one more is counted. Fails with `file`: `not-named`, `day`,
   * `too-many`.
   */
  async mayFetch({ message, ...told }: LinkAsked): Promise<Result<LinkAllowed>> {
    const { log, fileLinks, meta } = this.#stores;
    const content = log.messageAt(message)?.content;
    if (content === undefined) return failed("file", "not-named");
    if (content.kind !== "omemo" && !(await names(content, told.digest))) return failed("file", "not-named");
    const known = content.kind === "omemo" ? fileLinks.of(message) : [];
    if (content.kind === "omemo" && !mayStandFor(content, told, known)) return failed("file", "not-named");
    if (!this.#downloads.inTime(Date.now())) return failed("file", "too-many");
    const counted = withDownload(this.#today(), this.#settings.mostBytesADay);
    if (counted === undefined) return failed("file", "day");
    this.#stores.turn(() => {
      meta.set("files-today", counted);
      if (content.kind === "omemo" && !known.includes(told.digest)) fileLinks.add(message, told.digest);
    });
    return { ok: true, value: { trusted: await this.#trusted() } };
  }

  /** Whether the Worker may look what is behind a link, which it does not tell; it is counted. Fails with `file`: `day`, `too-many`. */
  mayPreview(): Result<{ readonly counted: true }> {
    if (!this.#previews.inTime(Date.now())) return failed("file", "too-many");
    const counted = withPreview(this.#today(), this.#settings.mostBytesADay);
    if (counted === undefined) return failed("file", "day");
    this.#stores.note(() => this.#stores.meta.set("files-today", counted));
    return { ok: true, value: { counted: true } };
  }

  /** So much of a file has begun to pass. */
  passed(bytes: number): void {
    const today = this.#today();
    this.#stores.note(() => this.#stores.meta.set("files-today", { ...today, bytes: today.bytes + bytes }));
  }

  async #find(): Promise<Result<UploadService>> {
    if (!this.#link.live) return failed("offline");
    const on = this.#link.link;
    if (this.#found?.on === on && this.#found !== undefined) return { ok: true, value: this.#found.service };
    const found = await findUploadService(this.#link, this.#domain);
    if (found.ok) this.#found = { on, service: found.value };
    return found;
  }

  get #domain(): string {
    return domainOf(this.#stores.meta.account);
  }

  #limitOf({ mostBytes: ofServer = Number.POSITIVE_INFINITY }: UploadService): Omit<FileService, "leftToday"> {
    const { mostBytes: ours } = this.#settings;
    return ofServer <= ours
      ? { mostBytes: ofServer, limitedBy: "server" }
      : { mostBytes: ours, limitedBy: "deployment" };
  }

  #today() {
    return onThisDay(this.#stores.meta.get("files-today"), Date.now());
  }

  /**
   * Both addresses of a slot, where files may be put and fetched. A server that the deployment names may be anywhere, if the
   * service is its own; so may from then on what it hands out.
   */
  #checked({ put, get }: UploadSlot, service: string) {
    const [to, from] = [URL.parse(put), URL.parse(get)];
    if (!to || !from || put.length > FILE_LIMITS.linkLength || get.length > FILE_LIMITS.linkLength) return undefined;
    const trusted = this.#settings.isNamed(this.#domain) && isWithin(service, this.#domain);
    const origins = trusted && isTrustworthy(to) && isTrustworthy(from) ? [to.origin, from.origin] : [];
    const reach = { ports: this.#settings.ports, trusted: origins };
    const [checkedPut, checkedGet] = [fileAddress(put, reach), fileAddress(get, reach)];
    if (checkedPut === undefined || checkedGet === undefined) return undefined;
    if (origins.length > 0) this.#learn(origins);
    return { put: checkedPut.href, get: checkedGet.href, trusted: origins.length > 0 };
  }

  #learn(origins: readonly string[]): void {
    const { meta } = this.#stores;
    const known = meta.get("slot-origins") ?? [];
    const all = [...new Set([...origins, ...known])].slice(0, ORIGINS_MAX);
    if (all.join() !== known.join()) this.#stores.note(() => meta.set("slot-origins", all));
  }

  /** Where a named server has its files only a slot shows; so one is asked for that nobody uses. */
  async #trusted(): Promise<readonly string[]> {
    const { meta } = this.#stores;
    if (!this.#settings.isNamed(this.#domain)) return [];
    const known = meta.get("slot-origins");
    if (known !== undefined) return known;
    const found = await this.#find();
    if (!found.ok) return [];
    const { jid, namespace } = found.value;
    const wanted = { name: toHex(crypto.getRandomValues(new Uint8Array(NAME_BYTES))), size: 1, type: OCTETS };
    const answer = await this.#link.request(requestSlot(jid, namespace, wanted));
    const slot = answer.ok ? parseSlot(answer.value, namespace) : undefined;
    if (slot !== undefined) this.#checked(slot, jid);
    return meta.get("slot-origins") ?? [];
  }
}

/** XEP-0363 §5.1: too large, the quota is used up (for now), or not for this account. */
function failureOfSlot(error: RequestError): ReturnType<typeof failureOfRequest> {
  if (error.kind !== "stanza-error") return failureOfRequest(error);
  if (error.application?.name === "file-too-large") return { kind: "file", detail: "too-large" };
  switch (error.condition) {
    case "resource-constraint":
    case "policy-violation":
      return { kind: "file", detail: "server-quota" };
    case "service-unavailable":
    case "feature-not-implemented":
    case "item-not-found":
      return { kind: "file", detail: "no-service" };
    default:
      return failureOfRequest(error);
  }
}
