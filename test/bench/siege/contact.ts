/** Somebody on the owner's roster: what they say has to come whatever strangers do. */
import type { BareJid } from "../../../worker/contract/names.ts";
import { RawClient } from "../../raw-client.ts";
import { BOB, type Stack } from "../../stack.ts";
import { type Owner, textOf } from "./owner.ts";

const ARRIVAL_MS = 60_000;

export class Contact {
  readonly #url: string;
  readonly #to: BareJid;
  #client: RawClient;
  said = 0;

  private constructor(url: string, to: BareJid, client: RawClient) {
    this.#url = url;
    this.#to = to;
    this.#client = client;
  }

  static async signIn({ xmpp }: Stack, to: BareJid): Promise<Contact> {
    const { ws } = xmpp.endpoints;
    return new Contact(ws, to, await RawClient.signIn(ws, BOB));
  }

  /** The server has ended the connection. */
  async again(): Promise<void> {
    this.#client.close();
    this.#client = await RawClient.signIn(this.#url, BOB);
  }

  /** Says something and waits until the owner's other browser has it. */
  async through({ sees }: Owner): Promise<void> {
    const text = `bob ${this.said}`;
    this.said += 1;
    const from = sees.entries.length;
    this.#client.say(this.#to, text);
    await sees.until(() => sees.entries.slice(from).some((entry) => textOf(entry) === text), ARRIVAL_MS);
  }

  /** How many of what was said the owner does not have. */
  lost({ sees }: Owner): number {
    const seen = new Set(sees.entries.map(textOf));
    return Array.from({ length: this.said }, (_, n) => `bob ${n}`).filter((text) => !seen.has(text)).length;
  }

  close(): void {
    this.#client.close();
  }
}
