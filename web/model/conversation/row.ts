/** What stands below each other in a conversation. */
import type { Failure } from "../../../worker/contract/failures.ts";
import type { Time } from "../../../worker/contract/names.ts";
import type { RoomChange } from "../../../worker/contract/rooms.ts";
import type { GapView } from "../../engine/protocol/conversations.ts";
import type { ShownItem } from "./corrections.ts";

/** Where in an album a picture stands (`album.ts`); `end` and `wide` are the last one, beside another and below them all. */
export type Tile = "left" | "right" | "end" | "wide";

export type Row =
  | { readonly kind: "beginning"; readonly key: string; readonly empty: boolean }
  | { readonly kind: "older"; readonly key: string; readonly state: "loading" | "asking" }
  | { readonly kind: "older"; readonly key: string; readonly state: "failed"; readonly failure: Failure }
  /** The room of a line that stood here while older messages were looked for: whoever is at the top sees nothing move as it goes. */
  | { readonly kind: "above"; readonly key: string }
  /** `until`: when the message behind it was written. */
  | { readonly kind: "gap"; readonly key: string; readonly gap: GapView; readonly until: Time }
  | {
      readonly kind: "before-device";
      readonly key: string;
      readonly count: number;
      readonly elders: readonly string[];
    }
  /** A run of messages that came while nothing was encrypted to this browser. */
  | { readonly kind: "while-away"; readonly key: string; readonly count: number }
  /** What has happened to the room or its people. */
  | { readonly kind: "room-line"; readonly key: string; readonly what: RoomChange }
  | { readonly kind: "day"; readonly key: string; readonly at: Time }
  /** How many there are is told where it can fall: in the list, at the way down, in the title. */
  | { readonly kind: "unread"; readonly key: string }
  | {
      readonly kind: "message";
      readonly key: string;
      readonly item: ShownItem;
      readonly first: boolean;
      readonly last: boolean;
      /** It is one of several pictures that are shown as one thing. */
      readonly tile?: Tile;
    };
