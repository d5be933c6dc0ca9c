// XEP-0313: Message Archive Management, version 1.1.3

import xml, { type Element } from "@xmpp/xml";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import { formatTime } from "./delay.ts";
import { attribute, child, isTrue } from "./element.ts";
import { buildSubmission, type FormField } from "./forms.ts";
import { parseForwarded, type Forwarded } from "./forward.ts";
import { usableId } from "./ids.ts";
import { parseBareJid } from "../../worker/shared/jid.ts";
import { buildPageRequest, parsePage, type Page, type PageRequest } from "./rsm.ts";
import { iqSet } from "./stanzas.ts";

export const NS_MAM = "urn:xmpp:mam:2";

export type ArchiveQuery = PageRequest & {
  /** Made for this query alone; every result repeats it. */
  readonly queryId: string;
  readonly with?: BareJid;
  readonly start?: Time;
};

/** Queries whose answer is not there yet, each with the archive it went to: the account's own or a room's. */
export type OpenQueries = ReadonlyMap<string, BareJid>;

/** One archived message out of `archive`. `id` names it in the archive (and is the stanza-id of the live copy, §4.2). */
export type ArchiveResult = Forwarded & { readonly archive: BareJid; readonly queryId: string; readonly id: string };

/** The end of one page. `complete`: nothing lies behind it. `stable: false`: do not build a cursor on it (§4.3). */
export type ArchivePage = Page & { readonly complete: boolean; readonly stable: boolean };

/** One page of the own archive, or of a room's (`to`). The results come as messages, the end of the page as the answer. */
export function buildArchiveQuery({ queryId, with: peer, start, ...page }: ArchiveQuery, to?: BareJid): Element {
  const filters: readonly FormField[] = [
    ...(peer === undefined ? [] : [{ name: "with", values: [peer] }]),
    ...(start === undefined ? [] : [{ name: "start", values: [formatTime(start)] }]),
  ];
  return iqSet(
    xml(
      "query",
      { xmlns: NS_MAM, queryid: queryId },
      filters.length > 0 ? buildSubmission(NS_MAM, filters) : undefined,
      buildPageRequest(page),
    ),
    to,
  );
}

/** Whether a stanza poses as an archive's result, rightly or not: it is one or it is nothing. */
export function isArchiveResult(message: Element): boolean {
  return child(message, "result", NS_MAM) !== undefined;
}

/** Which query a stanza poses as a result of, and under which id; whether rightly is for `parseArchiveResult`. */
export function claimedResult(message: Element): { readonly queryId: string; readonly id: string } | undefined {
  const result = child(message, "result", NS_MAM);
  const queryId = result && attribute(result, "queryid");
  const id = usableId(result && attribute(result, "id"));
  return queryId === undefined || id === undefined ? undefined : { queryId, id };
}

/**
 * A result counts only if it comes from the archive that this query went to (§9). Undefined for others, for queries that
 * are not open, and for removed messages (an empty result). Only the account's own archive may leave `from` out.
 */
export function parseArchiveResult(
  message: Element,
  account: BareJid,
  openQueries: OpenQueries,
): ArchiveResult | undefined {
  const result = child(message, "result", NS_MAM);
  const queryId = result && attribute(result, "queryid");
  const archive = queryId === undefined ? undefined : openQueries.get(queryId);
  if (result === undefined || queryId === undefined || archive === undefined) return undefined;
  const from = attribute(message, "from");
  if ((from === undefined ? account : parseBareJid(from)) !== archive) return undefined;
  const id = usableId(attribute(result, "id"));
  const forwarded = parseForwarded(result);
  if (id === undefined || forwarded === undefined) return undefined;
  return { ...forwarded, archive, queryId, id };
}

/** The answer to a query; undefined where it is no such answer. */
export function parseArchivePage(iq: Element): ArchivePage | undefined {
  const end = child(iq, "fin", NS_MAM);
  if (end === undefined || attribute(iq, "type") !== "result") return undefined;
  const stable = attribute(end, "stable");
  return {
    ...parsePage(end),
    complete: isTrue(attribute(end, "complete")),
    stable: stable === undefined || isTrue(stable),
  };
}
