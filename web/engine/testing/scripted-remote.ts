/** One browser's way to its object: its cable, its session cookie, its socket. */
import type { BrowserFrame } from "../../../worker/contract/frames.ts";
import type { BareJid, BrowserId } from "../../../worker/contract/names.ts";
import type { ScramChallenge, SignInArguments } from "../../../worker/contract/sign-in.ts";
import type { Remote } from "../object/calls.ts";
import type { Live, LiveHandlers, OpenLive } from "../object/socket.ts";
import { ANSWERS } from "./scripted-calls.ts";
import { readCall, readSignIn, readSignInProof, readSignOut } from "./scripted-edge.ts";
import { type Attached, LOST, type Network, type ScriptedObject } from "./scripted-object.ts";

/** As little work as a server may ask for. */
const CHALLENGE: ScramChallenge = { mechanism: "SCRAM-SHA-1", salt: "QSXCR+Q6sek8bf92", iterations: 4_096 };

export class ScriptedRemote implements Remote {
  readonly #network: Network;
  readonly #name: string;
  #object: ScriptedObject | undefined;
  #browser: BrowserId | undefined;
  /** The session cookie: ends with a sign-out, outlives the database. */
  #session = false;
  #detach: (() => void) | undefined;
  #attach: (() => void) | undefined;
  #falter: (() => void) | undefined;
  #reaches = true;
  /** The sign-ins that wait for their keys, by attempt. */
  readonly #asked = new Map<string, SignInArguments>();

  constructor(network: Network, name: string) {
    this.#network = network;
    this.#name = name;
  }

  get object(): ScriptedObject {
    if (this.#object === undefined) throw new TypeError("not signed in");
    return this.#object;
  }

  /** Without its cable calls go nowhere either. */
  unplug(): void {
    this.#reaches = false;
    this.cut();
  }

  plug(): void {
    this.#reaches = true;
    this.mend();
  }

  /** The socket alone ends. */
  cut(): void {
    this.#detach?.();
  }

  /** The browser says that the network is gone and has come back; the socket has lived on. */
  falter(): void {
    this.#falter?.();
  }

  mend(): void {
    this.#attach?.();
  }

  signIn: Remote["signIn"] = async (said) => {
    const args = readSignIn(said);
    if (!args.ok) return args;
    const attempt = crypto.randomUUID();
    this.#asked.set(attempt, args.value);
    return { ok: true, value: { step: "prove", attempt, ...CHALLENGE } };
  };

  finishSignIn: Remote["finishSignIn"] = async (said) => {
    const proof = readSignInProof(said);
    if (!proof.ok) return proof;
    const asked = this.#asked.get(proof.value.attempt);
    this.#asked.delete(proof.value.attempt);
    if (asked === undefined) return { ok: false, error: { kind: "sign-in-lapsed" } };
    const { address, browser } = asked;
    this.#object = this.#network.object(address as BareJid);
    if (browser !== undefined && this.#object.revoked.has(browser)) return { ok: false, error: { kind: "revoked" } };
    this.#browser = browser ?? (crypto.randomUUID() as BrowserId);
    this.#session = true;
    const now = Date.now();
    if (!this.#object.browsers.some(({ id }) => id === this.#browser)) {
      this.#object.browsers.push({
        id: this.#browser,
        name: this.#name,
        kind: "computer",
        firstSeen: now,
        lastSeen: now,
        attached: true,
        signedOut: false,
      });
    }
    return { ok: true, value: { account: this.#object.jid, browser: this.#browser, epoch: this.#object.epoch } };
  };

  signOut: Remote["signOut"] = async (said) => {
    const args = readSignOut(said);
    if (!args.ok) return args;
    this.#session = false;
    if (args.value.erase) this.object.revoke(this.browser);
    return { ok: true, value: {} };
  };

  renew: Remote["renew"] = async () => ({ ok: true, value: {} });

  /** The name the object knows this browser by. */
  get browser(): BrowserId {
    if (this.#browser === undefined) throw new TypeError("not signed in");
    return this.#browser;
  }

  as(): Remote {
    return this;
  }

  call: Remote["call"] = async (name, said) => {
    this.#network.traffic += 1;
    if (!this.#reaches) return LOST;
    if (!this.#session) return { ok: false, error: { kind: "not-signed-in" } };
    const args = readCall(name, said);
    if (!args.ok) return args;
    const [network, object, browser] = [this.#network, this.object, this.browser];
    if (object.revoked.has(browser)) return { ok: false, error: { kind: "revoked" } };
    return ANSWERS[name](args.value, { network, object, browser });
  };

  openLive: OpenLive = (): Live => {
    let attached: Attached | undefined;
    const detach = () => {
      if (attached === undefined) return;
      this.#object?.attached.delete(attached);
      attached = undefined;
      this.#object?.changed();
    };
    const attach = (handlers: LiveHandlers) => {
      detach();
      void handlers.cursor().then((cursor) => {
        handlers.changed({ socket: "open" });
        const frame: LiveHandlers["frame"] = (told) => {
          this.#network.traffic += 1;
          handlers.frame(told);
        };
        attached = { browser: this.#browser as BrowserId, frame };
        this.object.hello(attached, this.object.startOf(cursor));
      });
    };
    let told: LiveHandlers | undefined;
    this.#detach = () => {
      detach();
      told?.changed({ socket: "waiting" });
    };
    this.#falter = () => {
      told?.changed({ socket: "waiting", offline: true });
      told?.changed({ socket: "open" });
    };
    return {
      start: (handlers) => {
        told = handlers;
        this.#attach = () => attach(handlers);
        attach(handlers);
      },
      stop: detach,
      doubt: () => undefined,
      hurry: () => undefined,
      send: (frame: BrowserFrame) => {
        this.#network.traffic += 1;
        if (frame.type === "ack" && frame.epoch === this.object.epoch)
          this.object.acknowledged.set(this.#browser as BrowserId, frame.seq);
      },
    };
  };
}
