/** The hops that must stand for a message to travel, as pages see them. */
import type { Account } from "../account.ts";
import type { DeviceKeeper } from "../devices/publication.ts";
import type { SocketView } from "../object/socket.ts";
import type { ConnectionView, EngineEvent } from "../protocol.ts";

export class Connection {
  readonly #account: Account;
  readonly #keeper: DeviceKeeper;
  readonly #emit: (event: EngineEvent) => void;
  #socket: SocketView = { socket: "connecting" };

  constructor(account: Account, keeper: DeviceKeeper, emit: (event: EngineEvent) => void) {
    this.#account = account;
    this.#keeper = keeper;
    this.#emit = emit;
    keeper.onChange(() => this.changed());
    account.store.onCommit(({ behind }) => behind && this.changed());
  }

  get view(): ConnectionView {
    const { state } = this.#account.live;
    return {
      ...this.#socket,
      link: state?.link,
      encryption: this.#keeper.encryption,
      stayOnline: state?.stayOnline,
    };
  }

  socketChanged(socket: SocketView): void {
    this.#socket = socket;
    this.changed();
  }

  /** Tells pages what stands now. */
  changed(): void {
    this.#emit({ type: "connection", connection: this.view });
  }
}
