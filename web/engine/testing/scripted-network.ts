/**
 * The objects and the network between them, in memory, for tests: it keeps the contract's promises (idempotent sends, one
 * log per account, keys only for the browser that reads) and can be told to lose, repeat and hold back. Calls are read by
 * the Worker's own schemas.
 */
import type { BareJid } from "../../../worker/contract/names.ts";
import type { OpenLive } from "../object/socket.ts";
import { type Network, ScriptedObject } from "./scripted-object.ts";
import { ScriptedRemote } from "./scripted-remote.ts";
import type { ScriptedRoom } from "./scripted-room.ts";

export class ScriptedNetwork implements Network {
  readonly rooms = new Map<BareJid, ScriptedRoom>();
  readonly objects = new Map<BareJid, ScriptedObject>();
  /** How often something went between a browser and an object, in either direction. */
  traffic = 0;

  object(jid: BareJid): ScriptedObject {
    const object = this.objects.get(jid) ?? new ScriptedObject(this, jid);
    this.objects.set(jid, object);
    return object;
  }

  /** The remote and the socket of a browser that has not signed in yet. */
  browser(name: string): { readonly remote: ScriptedRemote; readonly openLive: OpenLive } {
    const remote = new ScriptedRemote(this, name);
    return { remote, openLive: () => remote.openLive() };
  }
}
