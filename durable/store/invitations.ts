/** Rooms that somebody asks us into, until we answer. They are no rooms of ours: what is sent in their name is not read. */
import type { BareJid } from "../../worker/contract/names.ts";
import type { Invitation } from "../xep/muc-invite.ts";
import type { Meta } from "./meta.ts";

/** Older ones make room: a flood of invitations costs no more than other invitations. */
const KEPT_MAX = 20;

export class Invitations {
  readonly #meta: Meta;

  constructor(meta: Meta) {
    this.#meta = meta;
  }

  all(): readonly Invitation[] {
    return this.#meta.get("invitations") ?? [];
  }

  get(room: BareJid): Invitation | undefined {
    return this.all().find((invitation) => invitation.room === room);
  }

  /** False: it was here already. */
  put(invitation: Invitation): boolean {
    if (this.get(invitation.room)) return false;
    this.#meta.set("invitations", [...this.all(), invitation].slice(-KEPT_MAX));
    return true;
  }

  /** False: there was none. */
  end(room: BareJid): boolean {
    if (!this.get(room)) return false;
    this.#meta.set(
      "invitations",
      this.all().filter((invitation) => invitation.room !== room),
    );
    return true;
  }
}
