/**
 * The sealed road between two browsers of one account: messages in order, each once, that neither the object nor a server can
 * read, change, or send in a browser's place. It is there as long as both are attached; what is lost with it is asked for anew.
 */
import type { Result } from "../../../worker/contract/failures.ts";
import type { DeviceId } from "../../../worker/contract/names.ts";
import type { Bytes } from "../bytes.ts";

/**
 * Why there is no road any more. `closed`: one of both has said so; `gone`: the other one is no longer attached, or says nothing;
 * `broken`: something was lost, or came that the other one never sent; `distrusted`: it is trusted here no longer; `left`: this
 * browser was signed out, or its engine ends.
 */
export type ChannelEnd = "closed" | "gone" | "broken" | "distrusted" | "left";

export type SiblingChannel = {
  /** The OMEMO device at the other end, by the identity key that is pinned here. */
  readonly peer: DeviceId;
  /** Of two ends exactly one is. */
  readonly initiator: boolean;
  /** The largest message, in bytes. */
  readonly maxBytes: number;
  /**
   * Sends one message; resolves when the peer may be sent more, which follows how fast it takes them in. After the end it
   * resolves at once and does nothing: `onEnd` has told. More than `maxBytes` is a bug and throws.
   */
  send(message: Bytes): Promise<void>;
  /**
   * The one that takes what comes; what came before it was named waits. The next message follows when it has settled, and
   * only then is the other end let send more. Its failure ends the road (`broken`).
   */
  onMessage(listener: (message: Bytes) => void | Promise<void>): void;
  /** Told once; at once where it has ended already. */
  onEnd(listener: (why: ChannelEnd) => void): void;
  /** Ends it at both ends; sent messages that were not taken in yet are lost. */
  close(why?: ChannelEnd): void;
};

/** Why a road is opened. `asked`: between browsers that know each other; else what the person has answered to a new browser. */
export type RoadReason = "asked" | "allowed" | "allowed-with-history";

/** Whoever takes part in the roads of this browser. */
export type SiblingRoads = {
  /** Own browsers that are attached, allowed and trusted here: those that a road can be opened to. */
  reachable(): readonly DeviceId[];
  /**
   * The road to one of them: the one there is, else a new one, without asking a person. Fails with `not-found` where it is
   * not reachable or does not answer, with `offline` where the object cannot be asked.
   */
  open(peer: DeviceId): Promise<Result<SiblingChannel>>;
  /** Of every road, whoever opened it, before its first message. */
  onRoad(listener: (channel: SiblingChannel, reason: RoadReason) => void): void;
};
