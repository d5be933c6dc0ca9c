/**
 * The plainest XMPP client there is: one WebSocket on loopback (RFC 7395), PLAIN, one resource. It sends what it is told
 * as it is told and keeps what comes, so a test can be any contact, a fast or an ill-mannered one.
 */
import { Buffer } from "node:buffer";
import { PATIENCE_MS } from "../e2e/waiting.ts";

const NS_FRAMING = "urn:ietf:params:xml:ns:xmpp-framing";

export class PlainClient {
  /** Everything that came, one element each, as text. */
  readonly received: string[] = [];
  readonly #socket: WebSocket;
  #changed: (() => void)[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      this.received.push(String(data));
      this.#wake();
    });
    socket.addEventListener("close", () => this.#wake());
  }

  /** Signed in, bound as `resource`, without presence. @throws when the server refuses or is silent for 15 s. */
  static async signIn(url: string, name: string, password: string, resource = "plain"): Promise<PlainClient> {
    const socket = new WebSocket(url, "xmpp");
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error(`no WebSocket at ${url}`)));
    });
    const client = new PlainClient(socket);
    const open = `<open xmlns='${NS_FRAMING}' to='localhost' version='1.0'/>`;
    client.send(open);
    await client.until("<mechanism>PLAIN</mechanism>");
    const proof = Buffer.from(`\0${name}\0${password}`).toString("base64");
    client.send(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${proof}</auth>`);
    await client.until("<success");
    client.send(open);
    await client.until("urn:ietf:params:xml:ns:xmpp-bind");
    client.send(
      `<iq xmlns='jabber:client' type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${resource}</resource></bind></iq>`,
    );
    await client.until("<jid>");
    return client;
  }

  /** One element per call (RFC 7395 §3.3.3), with its namespace. */
  send(element: string): void {
    this.#socket.send(element);
  }

  /** The first element, now or later, that contains this text. */
  async until(text: string): Promise<string> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = this.received.find((element) => element.includes(text));
      if (found !== undefined) return found;
      const left = end - Date.now();
      if (left <= 0 || this.#socket.readyState !== WebSocket.OPEN) throw new Error(`"${text}" never came`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#changed.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  close(): void {
    this.#socket.close();
  }

  #wake(): void {
    const waiting = this.#changed;
    this.#changed = [];
    for (const wake of waiting) wake();
  }
}
