/**
 * A whole domain of other people, played by one program: a component of the server (XEP-0114) that says whatever a siege
 * wants in the name of anybody there, and answers a room's guests.
 */
import { createHash } from "node:crypto";
import { connect, type Socket } from "node:net";

const NS = "jabber:component:accept";
const JOIN = /<presence\b[^>]*\bto=['"]([^'"/]+)\/([^'"]+)['"][^>]*>/g;
const REQUEST = /<iq\b(?=[^>]*\btype=['"](?:get|set)['"])[^>]*>/g;
const WAIT_MS = 20_000;

export class Component {
  /** Who enters a room of this domain is given so many other occupants. */
  occupants = 0;
  readonly #domain: string;
  readonly #socket: Socket;
  #received = "";
  #syncs = 0;
  #changed: () => void = () => undefined;
  ended = false;

  private constructor(domain: string, socket: Socket) {
    this.#domain = domain;
    this.#socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      this.#received = (this.#received + text).slice(-200_000);
      this.#answer(text);
      this.#changed();
    });
    socket.on("close", () => {
      this.ended = true;
    });
    socket.on("error", () => socket.destroy());
  }

  /** @throws when the server does not take it. */
  static async open(port: number, domain: string, secret: string): Promise<Component> {
    const socket = connect(port, "127.0.0.1");
    const component = new Component(domain, socket);
    socket.write(`<stream:stream xmlns='${NS}' xmlns:stream='http://etherx.jabber.org/streams' to='${domain}'>`);
    const header = await component.#until(/\bid=['"]([^'"]+)['"]/);
    socket.write(`<handshake>${createHash("sha1").update(`${header[1]}${secret}`).digest("hex")}</handshake>`);
    await component.#until(/<handshake/);
    return component;
  }

  /** Settles when the socket has taken it. */
  write(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.write(text, () => resolve());
    });
  }

  message(from: string, to: string, id: string, inside: string): Promise<void> {
    return this.write(`<message from='${from}@${this.#domain}' to='${to}' type='chat' id='${id}'>${inside}</message>`);
  }

  /** The server has dealt with everything that was written before. Answers with what ended the stream, where something did. */
  async sync(): Promise<string> {
    this.#syncs += 1;
    const id = `sync-${this.#syncs}`;
    const ping = `<iq from='eve@${this.#domain}' to='localhost' type='get' id='${id}'><ping xmlns='urn:xmpp:ping'/></iq>`;
    await this.write(ping);
    return this.#until(new RegExp(`\\bid=['"]${id}['"]`)).then(
      () => "",
      (error: unknown) => String(error),
    );
  }

  close(): void {
    this.#socket.end("</stream:stream>");
  }

  #answer(text: string): void {
    for (const [tag] of text.matchAll(REQUEST)) {
      const [from, to, id] = ["from", "to", "id"].map((name) => attribute(tag, name));
      void this.write(
        `<iq type='error' from='${to}' to='${from}' id='${id}'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`,
      );
    }
    for (const [tag, room = "", nick = ""] of text.matchAll(JOIN)) {
      if (!tag.includes("type=") && this.occupants > 0) void this.#welcome(room, nick, attribute(tag, "from"));
    }
  }

  async #welcome(room: string, nick: string, guest: string): Promise<void> {
    const here = (name: string, status = "") =>
      `<presence from='${room}/${name}' to='${guest}'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='member' role='participant'/>${status}</x></presence>`;
    for (let n = 0; n < this.occupants; n += 1) await this.write(here(`occupant-${n}`));
    await this.write(here(nick, "<status code='110'/>"));
    await this.write(`<message from='${room}' to='${guest}' type='groupchat'><subject>besieged</subject></message>`);
  }

  async #until(pattern: RegExp): Promise<RegExpExecArray> {
    const end = Date.now() + WAIT_MS;
    for (;;) {
      const found = pattern.exec(this.#received);
      if (found) {
        this.#received = "";
        return found;
      }
      if (Date.now() > end || this.ended) throw new Error(`the component heard: ${this.#received.slice(-300)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100);
        this.#changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

function attribute(tag: string, name: string): string {
  return new RegExp(`\\b${name}=['"]([^'"]*)['"]`).exec(tag)?.[1] ?? "";
}
