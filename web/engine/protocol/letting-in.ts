/** What a page is told while a new browser is let in, and what the person can answer (`siblings/`). */
import type { DeviceId, Time } from "../../../worker/contract/names.ts";
import type { BrowserKind } from "../../../worker/contract/state.ts";

/**
 * Of one older browser, in the new one. `away`: it is not open. `code`: both show it. `asks`: it has allowed this browser, and
 * the person has to say here that both codes are the same. Then why nothing comes of it: `refused`: there; `key-replaced`:
 * somebody has put another key in the place of its own; `differs`: the person has seen two codes; `too-many`: of tries;
 * `broken`: what came was not what was promised.
 */
export type JoiningState =
  | "away"
  | "agreeing"
  | "code"
  | "asks"
  | "refused"
  | "key-replaced"
  | "differs"
  | "too-many"
  | "broken";

/** The same in the older browser. `allowed`: the new one has to confirm it. `gone`: it is no longer there. */
export type LettingInState = "code" | "allowed" | "key-replaced" | "differs" | "too-many" | "broken" | "gone";

/**
 * This browser is new, and shows itself to those that can let it in. `card`: the text of the picture that they scan. `again`: it
 * was let in, and what one of them had said did not arrive, so both show a code once more.
 */
export type JoiningView = {
  readonly kind: "joining";
  readonly key: string;
  readonly again?: boolean;
  readonly card?: string;
  readonly by: readonly {
    readonly device: DeviceId;
    readonly state: JoiningState;
    /** Six digits. */
    readonly code?: string;
    readonly name?: string;
  }[];
};

/** A new browser wants to be let in. `proven`: a picture was scanned, so there is nothing to compare. */
export type LettingInView = {
  readonly kind: "letting-in";
  readonly key: string;
  readonly device: DeviceId;
  readonly state: LettingInState;
  readonly code?: string;
  readonly card?: string;
  readonly proven?: boolean;
  readonly name?: string;
  readonly runsOn?: BrowserKind;
  readonly since?: Time;
};

/**
 * What the person does about it. `scanned`: the text of a picture. `again`: another code. `close`: they have read why it
 * did not go on.
 */
export type LetInAct =
  | { readonly act: "allow"; readonly device: DeviceId; readonly history: boolean }
  | { readonly act: "refuse" | "same" | "differs" | "again" | "close"; readonly device: DeviceId }
  | { readonly act: "scanned"; readonly text: string };
