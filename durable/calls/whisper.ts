/** A browser writes to one occupant of a room alone (XEP-0045 §7.5), in clear. */
import type { SendReply, WhisperArguments } from "../../worker/contract/calls.ts";
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import { maySend, NOW_PRIVATE } from "../rooms/outgoing.ts";
import type { Browser } from "../store/browser-row.ts";
import type { Stores } from "../store/stores.ts";
import { legalText } from "../xep/element.ts";
import { buildWhisper } from "../xep/message.ts";

/**
 * Only now, and to whom it is meant for: it never waits, for later the name may be somebody else's. Again with the same
 * `client` it changes nothing. See the contract for how it fails.
 */
export function whisper(
  stores: Stores,
  link: Pick<CurrentLink, "caughtUp" | "write">,
  browser: Pick<Browser, "id">,
  args: WhisperArguments,
): Result<SendReply> {
  const { log, meta } = stores;
  const known = log.own(meta.account, args.client);
  if (known) return { ok: true, value: { id: known.id, seq: known.seq, position: known.position } };
  const refused = refusalOf(stores, link, args);
  if (refused) return { ok: false, error: refused };
  const { room: chat, nick, client } = args;
  const text = legalText(args.text);
  const stanza = buildWhisper(chat, nick, client, text).toString();
  const place = stores.turn(() => {
    const room = stores.rooms.get(chat);
    const placed = log.message(
      {
        ...{ kind: "message", chat, sender: meta.account, outgoing: true, at: Date.now(), originId: client },
        ...{ whisper: nick, content: { kind: "clear", text } },
        ...(room && { occupant: stores.rooms.self(room) }),
      },
      { browser: browser.id, client },
    );
    stores.outbox.put({ seq: placed.seq, client, stanza });
    stores.conversations.setWrittenTo(chat);
    return placed;
  });
  link.write({ client, stanza });
  return { ok: true, value: { id: place.id, seq: place.seq, position: place.position } };
}

function refusalOf(
  { rooms }: Stores,
  link: Pick<CurrentLink, "caughtUp">,
  { room: jid, nick, occupant }: WhisperArguments,
): Failure | undefined {
  const room = rooms.get(jid);
  if (!room?.wanted) return { kind: "peer-refused", detail: "not in the room" };
  const may = maySend(room, "clear");
  if (may === "no") return NOW_PRIVATE;
  if (!link.caughtUp || room.state !== "joined" || may === "unknown") return { kind: "offline" };
  const there = rooms.occupants.byNick(jid, nick);
  const isOther = occupant !== undefined && there?.id !== undefined && there.id !== occupant;
  return there === undefined || isOther ? { kind: "peer-refused", detail: "not there" } : undefined;
}
