/** What an account's object has told the world: what it accepted, and what its browsers said they had stored. */
import type { Stack } from "../stack.ts";

/** A message that shows something; a key transport leaves no row in a browser. */
const SHOWN =
  "kind = 'message' and (json_extract(content, '$.omemo') is null or json_extract(content, '$.omemo.payload') is not null)";

export type Acknowledged = {
  readonly acknowledged: number;
  readonly accepted: number;
  readonly received: readonly string[];
};

/** How far one browser is, by its device, and the messages it must hold because of that. @throws for an unknown device. */
export async function acknowledgedBy(stack: Stack, jid: string, device: number): Promise<Acknowledged> {
  const [row] = await stack.objectRows(jid, `select acked_seq, accepted from browsers where device = ${device}`);
  if (row === undefined) throw new Error(`${jid} has no browser with device ${device}`);
  const acknowledged = Number(row["acked_seq"]);
  const messages = await stack.objectRows(jid, `select id from entries where ${SHOWN} and seq <= ${acknowledged}`);
  return { acknowledged, accepted: Number(row["accepted"]), received: messages.map(({ id }) => String(id)) };
}

/** Client ids of every text that the account has sent. */
export async function acceptedClients(stack: Stack, jid: string): Promise<readonly string[]> {
  const rows = await stack.objectRows(jid, `select origin_id from entries where ${SHOWN} and sender = '${jid}'`);
  return rows.map((row) => String(row["origin_id"]));
}

/** Origin ids of every text that stands in the account's log, whoever wrote it. */
export async function knownOrigins(stack: Stack, jid: string): Promise<ReadonlySet<string>> {
  const rows = await stack.objectRows(jid, `select origin_id from entries where ${SHOWN}`);
  return new Set(rows.map((row) => String(row["origin_id"])));
}

/** Where the log ends. */
export async function headOf(stack: Stack, jid: string): Promise<number> {
  const [row] = await stack.objectRows(jid, "select max(seq) as head from entries");
  return Number(row?.["head"] ?? 0);
}

/** Devices of the account as its server lists them, in words. */
export async function listedDevices(stack: Stack, jid: string): Promise<string> {
  const rows = await stack.objectRows(jid, `select devices from device_lists where jid = '${jid}'`);
  return JSON.stringify(rows);
}
