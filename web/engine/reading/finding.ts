/** Which row of the store a message of the log is: one message has several names, and none of them alone can be believed. */
import type { Entry, MessageEntry } from "../../../worker/contract/entries.ts";
import type { OmemoMessage } from "../../../worker/contract/omemo.ts";
import { cipherKeyOf } from "../omemo/message.ts";
import type { Self } from "../omemo/sessions.ts";
import { archiveKeyOf, type MessageRow } from "../store/conversation-rows.ts";
import type { Lookup, Unit } from "../store/unit.ts";
import { type Found, type FoundBy, type Told, verdictOf } from "./binding.ts";
import { originKeyOf } from "./references.ts";

/**
 * The row of a message that was here before: by its entry id, our client id, the same ciphertext or its archive id. In
 * another epoch also by the id that the sender gave, which alone proves nothing (XEP-0359 §4). An entry that tells the
 * message of a row as something else is refused, and that is told.
 */
export async function findMessage(unit: Unit, self: Self, told: Told): Promise<MessageRow | "contradicts" | undefined> {
  const { entry, epoch, ciphers, anonymous } = told;
  const { archive, originId, sent } = entry;
  // A new message is found by none of its ids, so all are looked up at once.
  const [known, own, same, archived, named, said] = await Promise.all([
    unit.messages("id", entry.id),
    sent?.browser === self.browser ? unit.get("messages", sent.client) : undefined,
    Promise.all(ciphers.map((cipher) => unit.messages("cipherKey", cipher))),
    archive === undefined ? [] : unit.messages("archiveKey", archiveKeyOf(archive)),
    originId === undefined ? [] : unit.messages("originKey", originKeyOf(entry.sender, originId)),
    // What we have said, where the archive of a room does not say whose it is.
    originId === undefined || !anonymous ? [] : unit.messages("originKey", originKeyOf(self.jid, originId)),
  ]);
  const candidates: readonly Found[] = [
    ...foundBy("entry", known),
    ...foundBy("client", own === undefined ? [] : [own]),
    ...foundBy("cipher", same.flat()),
    ...foundBy("outside", archived),
    ...foundBy(
      "outside",
      [...named, ...said.filter((row) => saysTheSame(row, entry))].filter((row) => row.epoch !== epoch),
    ),
  ];
  for (const found of candidates) {
    const verdict = verdictOf(found, told);
    if (verdict === "same") return found.row;
    if (verdict === "another") continue;
    await refuse(unit, found.row);
    return "contradicts";
  }
  return undefined;
}

/** An id alone proves nothing: whoever is in the room can repeat it. */
function saysTheSame({ body }: MessageRow, { content }: MessageEntry): boolean {
  return body.kind === "text" && content.kind === "clear" && body.text === content.text;
}

function foundBy(by: FoundBy, rows: readonly MessageRow[]): readonly Found[] {
  return rows.map((row) => ({ row, by }));
}

/** Nothing of what was told is taken over; the message and a notice say that something was. */
async function refuse(unit: Unit, row: MessageRow): Promise<void> {
  const key = `retold:${row.chat}`;
  if (row.retold !== true) unit.put("messages", { ...row, retold: true }, { row });
  unit.put("notices", { key, dismissed: false, notice: { kind: "retold", key, jid: row.chat } });
}

/** Keys of the ciphertext: by the author that is believed, then by the one that is told. */
export async function ciphersOf(told: MessageEntry, claimed: MessageEntry): Promise<readonly string[]> {
  const { content } = told;
  if (content.kind !== "omemo") return [];
  return Promise.all([claimed, told].map((entry) => cipherKeyIn(entry, content.omemo)));
}

/** The lookups that these entries will make: of a message all its names, of progress the message that it is about. */
export async function lookupsOf(entries: readonly Entry[]): Promise<readonly Lookup[]> {
  const lookups = entries.map(async (entry): Promise<readonly Lookup[]> => {
    if (entry.kind === "progress") return [["id", entry.message]];
    if (entry.kind !== "message") return [];
    const { id, archive, originId, sender, content, sent } = entry;
    const sealed = content.kind === "omemo" && content.omemo.payload !== undefined;
    return [
      ["id", id],
      ...(sent === undefined ? [] : [["key", sent.client] as const]),
      ...(archive === undefined ? [] : [["archiveKey", archiveKeyOf(archive)] as const]),
      ...(originId === undefined ? [] : [["originKey", originKeyOf(sender, originId)] as const]),
      ...(sealed ? [["cipherKey", await cipherKeyIn(entry, content.omemo)] as const] : []),
    ];
  });
  return (await Promise.all(lookups)).flat();
}

function cipherKeyIn({ sender }: MessageEntry, omemo: OmemoMessage): Promise<string> {
  return cipherKeyOf({ jid: sender, device: omemo.sid }, omemo);
}
