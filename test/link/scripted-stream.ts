/** One connection to the scripted server. */
import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import { Parser, type Element } from "@xmpp/xml";
import { plainServer, scramServer, tokenServer, type ServerMechanism } from "./scripted-mechanisms.ts";
import { HEADER, type World } from "./script.ts";

const SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
const SASL2 = "urn:xmpp:sasl:2";
const SM = "urn:xmpp:sm:3";
const BARE = "alice@localhost";
const TOKEN_DAYS_MS = 30 * 24 * 60 * 60_000;

export class ScriptedStream {
  readonly #socket: Socket;
  readonly #world: World;
  #parser = new Parser();
  #mechanism: ServerMechanism | undefined;
  /** The `<authenticate/>` under way; undefined in the older SASL. */
  #request: Element | undefined;
  #signedIn = false;
  #restarting = false;
  #received = 0;

  constructor(socket: Socket, world: World) {
    this.#socket = socket;
    this.#world = world;
    this.#attach();
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes: Buffer) => {
      if (this.#restarting) this.#attach();
      this.#restarting = false;
      this.#parser.write(bytes.toString());
    });
  }

  #attach(): void {
    this.#parser = new Parser();
    this.#parser.on("start", (root: Element) => {
      const known = root.attrs["from"] === BARE;
      this.#write(`${HEADER}<stream:features>${this.#features(known)}</stream:features>`);
    });
    this.#parser.on("element", (element: Element) => this.#take(element));
    this.#parser.on("end", () => this.#socket.end("</stream:stream>"));
    this.#parser.on("error", () => this.#socket.destroy());
  }

  #write(text: string): void {
    if (!this.#socket.destroyed) this.#socket.write(text);
  }

  /** Never nothing: after an empty write Node's TLS socket may deliver nothing any more of what comes. */
  #follow(bytes: Uint8Array | undefined): void {
    if (bytes !== undefined) this.#socket.write(bytes);
  }

  /** Tokens are offered to somebody who says in the header who they are. */
  #features(known: boolean): string {
    const { sasl, sasl2, channelBindings } = this.#world.script;
    if (this.#signedIn) {
      return `<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='${SM}'/><csi xmlns='urn:xmpp:csi:0'/>`;
    }
    const names = (list: readonly string[]) => list.map((name) => `<mechanism>${name}</mechanism>`).join("");
    const older = sasl ? `<mechanisms xmlns='${SASL}'>${names(sasl)}</mechanisms>` : "";
    const bindings = (channelBindings ?? []).map((type) => `<channel-binding type='${type}'/>`).join("");
    const bound = channelBindings
      ? `<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>${bindings}</sasl-channel-binding>`
      : "";
    if (!sasl2) return older + bound;
    const inline = (sasl2.bind ?? []).map((name) => `<feature var='${name}'/>`).join("");
    const bind = sasl2.bind ? `<bind xmlns='urn:xmpp:bind:0'><inline>${inline}</inline></bind>` : "";
    const resumption = sasl2.resumption === true ? `<sm xmlns='${SM}'/>` : "";
    const fast = sasl2.tokens && known ? `<fast xmlns='urn:xmpp:fast:0'>${names(sasl2.tokens)}</fast>` : "";
    const all = `${names(sasl2.mechanisms)}<inline>${bind}${resumption}${fast}</inline>`;
    return `${older}<authentication xmlns='${SASL2}'>${all}</authentication>${bound}`;
  }

  #take(element: Element): void {
    this.#world.heard.push(element);
    const name = element.getName();
    switch (name) {
      case "auth":
      case "authenticate":
        this.#begin(element);
        return;
      case "response":
        this.#step(element.getText());
        return;
      case "resume":
        this.#write(this.#resume(element));
        return;
      case "enable":
        this.#write(`<enabled xmlns='${SM}' id='apart' resume='true' max='300'/>`);
        return;
      case "r":
        if (this.#world.script.acknowledgesNothing !== true) this.#write(`<a xmlns='${SM}' h='${this.#received}'/>`);
        return;
      case "iq":
      case "message":
      case "presence":
        this.#received += 1;
        if (name === "iq") this.#answer(element);
        if (name === "message") this.#follow(this.#world.script.afterMessage);
        return;
      default:
    }
  }

  #begin(element: Element): void {
    const { script, tokens } = this.#world;
    const { mechanism = "" } = element.attrs;
    this.#request = element.is("authenticate", SASL2) ? element : undefined;
    const list = (this.#request ? script.sasl2?.mechanisms : script.sasl) ?? [];
    const proof = script.proof && {
      kind: script.proof,
      mechanisms: list,
      channelBindings: script.channelBindings,
    };
    const agent = this.#agent();
    const valid = script.refusesTokens === undefined ? (tokens.get(agent) ?? []) : [];
    if (mechanism === "PLAIN") this.#mechanism = plainServer();
    else if (!mechanism.startsWith("HT-")) this.#mechanism = scramServer(mechanism, proof, script.freshSalts);
    else {
      this.#mechanism = tokenServer(valid, script.lies === "token", (token) => {
        const invalidate = element.getChild("fast")?.attrs["invalidate"] === "true";
        // XEP-0484: the use of a token ends those before it.
        tokens.set(agent, invalidate ? [] : valid.slice(valid.indexOf(token)));
      });
    }
    this.#step(this.#request?.getChildText("initial-response") ?? element.getText());
  }

  #step(base64: string): void {
    const { script } = this.#world;
    const namespace = this.#request ? SASL2 : SASL;
    const step = this.#mechanism?.take(Buffer.from(base64, "base64"));
    if (step?.kind === "challenge") {
      this.#write(`<challenge xmlns='${namespace}'>${step.data.toString("base64")}</challenge>`);
      return;
    }
    if (step?.kind !== "success") {
      const condition = script.refusesTokens ?? step?.condition ?? "malformed-request";
      this.#write(`<failure xmlns='${namespace}'><${condition} xmlns='${SASL}'/><text>No.</text></failure>`);
      return;
    }
    const data = step.data?.toString("base64");
    if (!this.#request) {
      this.#signedIn = true;
      this.#restarting = true;
      this.#write(`<success xmlns='${SASL}'>${data ?? ""}</success>`);
      return;
    }
    const additional = data === undefined ? "" : `<additional-data>${data}</additional-data>`;
    if (script.tasks) {
      const tasks = script.tasks.map((task) => `<task>${task}</task>`).join("");
      this.#write(`<continue xmlns='${SASL2}'>${additional}<tasks>${tasks}</tasks></continue>`);
      return;
    }
    this.#signedIn = true;
    this.#write(this.#success(this.#request, additional) + (script.atOnce ?? ""));
  }

  /** `<success/>` and what follows it. */
  #success(request: Element, additional: string): string {
    const { script } = this.#world;
    const resume = request.getChild("resume", SM);
    const outcome = resume ? this.#resume(resume) : "";
    const resumed = outcome.startsWith("<resumed");
    const bind = resumed ? undefined : request.getChild("bind", "urn:xmpp:bind:0");
    const managed = bind?.getChild("enable", SM) !== undefined;
    const enabled = managed
      ? `<enabled xmlns='${SM}' id='inline' resume='true' max='600' location='localhost:1'/>`
      : "";
    const bound = bind ? `<bound xmlns='urn:xmpp:bind:0'>${enabled}</bound>` : "";
    const local = script.lies === "address" ? "mallory@localhost" : BARE;
    const identifier = bind || resumed ? `${local}/Alcove~scripted` : local;
    const inner = `${additional}<authorization-identifier>${identifier}</authorization-identifier>${outcome}${bound}`;
    const success = `<success xmlns='${SASL2}'>${inner}${this.#token(request)}</success>`;
    if (resumed) return success;
    const sm = managed && script.listsManagementAgain !== true ? "" : `<sm xmlns='${SM}'/>`;
    const classic = bind ? "" : "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>";
    return `${success}${script.tooEarly ?? ""}<stream:features>${classic}${sm}</stream:features>`;
  }

  #token(request: Element): string {
    const { script, tokens } = this.#world;
    const agent = this.#agent();
    const byToken = request.getChild("fast") !== undefined;
    const asked = request.getChild("request-token") !== undefined;
    const invalidated = request.getChild("fast")?.attrs["invalidate"] === "true";
    if (!asked && (!byToken || script.rotates !== true || invalidated)) return "";
    if (agent === "" || script.forgetsAgents === true) return "";
    const token = `scripted-${randomUUID()}`;
    tokens.set(agent, [...(tokens.get(agent) ?? []), token]);
    const expiry = new Date(Date.now() + TOKEN_DAYS_MS).toISOString();
    return `<token xmlns='urn:xmpp:fast:0' token='${token}' expiry='${expiry}'/>`;
  }

  #resume({ attrs }: Element): string {
    const { script, kept } = this.#world;
    if (kept?.id !== attrs["previd"] && script.lies !== "stream") {
      return `<failed xmlns='${SM}' h='7'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`;
    }
    return `<resumed xmlns='${SM}' previd='${kept?.id ?? "of somebody else"}' h='${kept?.h ?? 0}'/>`;
  }

  #answer(iq: Element): void {
    const { id = "", type } = iq.attrs;
    if (type !== "set" && type !== "get") return;
    const resource = iq.getChild("bind")?.getChildText("resource");
    const bound = resource
      ? `<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>${BARE}/${resource}</jid></bind>`
      : "";
    // Binding is not counted: nothing is enabled yet.
    if (resource) this.#received = 0;
    this.#write(`<iq type='result' id='${id}'>${bound}</iq>`);
  }

  #agent(): string {
    return this.#request?.getChild("user-agent")?.attrs["id"] ?? "";
  }
}
