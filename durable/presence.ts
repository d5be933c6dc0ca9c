/** Who is there: kept in memory only, told to browsers as it changes (RFC 6121 §4). */
import type { BareJid, PresenceInfo } from "../worker/contract.ts";
import type { PresenceDraft } from "./draft.ts";

export class Presence {
  readonly #resources = new Map<BareJid, Set<string>>();
  readonly #changed: (presence: PresenceInfo) => void;

  constructor(changed: (presence: PresenceInfo) => void) {
    this.#changed = changed;
  }

  put(draft: PresenceDraft): void {
    const resources = this.#resources.get(draft.jid) ?? new Set();
    const before = resources.size > 0;
    if (draft.available) resources.add(draft.resource);
    else if (draft.resource === "") resources.clear();
    else resources.delete(draft.resource);
    const available = resources.size > 0;
    if (available) this.#resources.set(draft.jid, resources);
    else this.#resources.delete(draft.jid);
    if (available !== before) this.#changed({ jid: draft.jid, available });
  }

  all(): readonly PresenceInfo[] {
    return [...this.#resources.keys()].map((jid) => ({ jid, available: true }));
  }

  /** The stream is gone and with it what it told us. */
  clear(): void {
    for (const { jid } of this.all()) {
      this.#resources.delete(jid);
      this.#changed({ jid, available: false });
    }
  }
}
