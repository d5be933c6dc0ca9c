/** What a scripted server can be told to be, and what it remembers between connections. */
import type { Element } from "@xmpp/xml";
import type { OfferProof } from "./scripted-mechanisms.ts";

export type Script = {
  /** Mechanisms of the older SASL. */
  readonly sasl?: readonly string[];
  readonly sasl2?: {
    readonly mechanisms: readonly string[];
    /** What Bind 2 enables inline; undefined: no Bind 2. */
    readonly bind?: readonly string[];
    /** `<resume/>` may stand inside `<authenticate/>`. */
    readonly resumption?: boolean;
    /** Mechanisms for tokens. */
    readonly tokens?: readonly string[];
  };
  readonly channelBindings?: readonly string[];
  /** XEP-0474. */
  readonly proof?: OfferProof["kind"];
  /** ejabberd by default: the password itself is stored, and salted anew for each exchange. */
  readonly freshSalts?: boolean;
  /** ejabberd: the features list stream management again after it was enabled inline. */
  readonly listsManagementAgain?: boolean;
  /** Prosody: a new token with every sign-in by token, unasked. */
  readonly rotates?: boolean;
  /** ejabberd: no token without the id of a user agent. */
  readonly forgetsAgents?: boolean;
  /** Tasks that are left after the password was right. */
  readonly tasks?: readonly string[];
  /** `token`: signs without knowing it. `address`, `stream`: signs in or resumes another one. */
  readonly lies?: "token" | "address" | "stream";
  /** Elements between `<success/>` and the features that should follow it. */
  readonly tooEarly?: string;
  /** Elements in the same chunk as the end of the sign-in. */
  readonly atOnce?: string;
  /** Bytes behind the first message that is sent to it. */
  readonly afterMessage?: Uint8Array;
  /** `<r/>` gets no answer: what has come to it counts as lost on the way. */
  readonly acknowledgesNothing?: boolean;
  /** Condition for every token from now on. */
  readonly refusesTokens?: string;
};

/** The stream that can be resumed. */
export type Kept = { readonly id: string; readonly h: number };

/** What outlives one connection. */
export type World = {
  script: Script;
  kept: Kept | undefined;
  /** Valid tokens by user agent. */
  readonly tokens: Map<string, string[]>;
  readonly heard: Element[];
};

export const HEADER =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' " +
  "id='1' from='localhost' version='1.0'>";
