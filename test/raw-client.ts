/**
 * Somebody's client that writes whatever a test wants, over the server's WebSocket (RFC 7395): stanzas no decent client
 * would send, or many of them.
 */
import { PATIENCE_MS } from "./e2e/waiting.ts";

const FRAMING = "urn:ietf:params:xml:ns:xmpp-framing";
const SASL = "urn:ietf:params:xml:ns:xmpp-sasl";

export class RawClient {
  readonly #socket: WebSocket;
  #received = "";
  #changed: () => void = () => undefined;
  #syncs = 0;

  private constructor(url: string) {
    this.#socket = new WebSocket(url, "xmpp");
    this.#socket.addEventListener("message", ({ data }) => {
      this.#received += String(data);
      this.#changed();
    });
  }

  /** Bound and without presence: it receives nothing, unless it asks. */
  static async signIn(url: string, { name, password }: { readonly name: string; readonly password: string }) {
    const client = new RawClient(url);
    await new Promise((resolve, reject) => {
      client.#socket.addEventListener("open", resolve);
      client.#socket.addEventListener("error", reject);
    });
    client.write(`<open xmlns='${FRAMING}' to='localhost' version='1.0'/>`);
    await client.#until("mechanism");
    const proof = Buffer.from(`\0${name}\0${password}`).toString("base64");
    client.write(`<auth xmlns='${SASL}' mechanism='PLAIN'>${proof}</auth>`);
    await client.#until("<success");
    client.write(`<open xmlns='${FRAMING}' to='localhost' version='1.0'/>`);
    await client.#until("xmpp-bind");
    client.write(
      "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>raw</resource></bind></iq>",
    );
    await client.#until("<jid>");
    return client;
  }

  write(text: string): void {
    this.#socket.send(text);
  }

  /** A chat message; `inside` is its markup. */
  message(to: string, id: string, inside: string): void {
    this.write(`<message xmlns='jabber:client' to='${to}' type='chat' id='${id}'>${inside}</message>`);
  }

  say(to: string, ...texts: readonly string[]): void {
    for (const text of texts) this.message(to, `id-${text}`, `<body>${text}</body>`);
  }

  /** The server has dealt with everything written so far. */
  async sync(): Promise<void> {
    this.#syncs += 1;
    const id = `sync-${this.#syncs}`;
    this.write(`<iq xmlns='jabber:client' type='get' to='localhost' id='${id}'><ping xmlns='urn:xmpp:ping'/></iq>`);
    await this.#until(id);
  }

  close(): void {
    this.#socket.close();
  }

  async #until(part: string): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!this.#received.includes(part)) {
      if (Date.now() > end) throw new Error(`no ${part} in ${this.#received.slice(-500)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100);
        this.#changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#received = "";
  }
}
