/**
 * Ill-meaning people with XMPP programs of their own, at a real server: an account that alice knows, somebody with OMEMO, and
 * a whole domain of others (XEP-0114). Each puts words wherever the protocol has room for them.
 */
import type { BareJid } from "../../worker/contract/names.ts";
import { Component } from "../bench/siege/component.ts";
import { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB, type Stack } from "../stack.ts";
import { PlainClient } from "../xmpp-server/plain-client.ts";

export const MALLORY = { name: "mallory", password: "malice" } as const;
export const DOMAIN = "evil.localhost";
export const ROOM = "hostile@conference.localhost" as BareJid;
const SECRET = "evil";
const ALICE_JID = "alice@localhost";
const MUC = "http://jabber.org/protocol/muc";

/** Lines for the server's configuration. */
export function configuration(port: number): string {
  return [
    `component_ports = { ${port} }`,
    "component_stanza_size_limit = 1024 * 1024",
    `Component "${DOMAIN}"`,
    `  component_secret = "${SECRET}"`,
  ].join("\n");
}

/** Of these words what an XML stream carries (XML 1.0 §2.2); a server ends the stream of whoever sends the rest. */
export function sendable(words: string): string {
  return Buffer.from(words)
    .toString()
    .replace(/(?![\t\n])\p{Cc}|[\uFFFE\uFFFF]/gu, "");
}

function escaped(words: string): string {
  return words.replace(/[&<>"'\t\n]/g, (one) => `&#${one.charCodeAt(0)};`);
}

export class HostilePeers {
  readonly #mallory: PlainClient;
  readonly #phone: PlainClient;
  readonly #domain: Component;
  readonly #bob: PythonPeer;
  #requests = 0;

  private constructor(mallory: PlainClient, phone: PlainClient, domain: Component, bob: PythonPeer) {
    this.#mallory = mallory;
    this.#phone = phone;
    this.#domain = domain;
    this.#bob = bob;
  }

  static async arrive(stack: Stack, componentPort: number): Promise<HostilePeers> {
    const { ws } = stack.xmpp.endpoints;
    const [mallory, phone] = [
      await PlainClient.signIn(ws, MALLORY.name, MALLORY.password),
      await PlainClient.signIn(ws, ALICE.name, ALICE.password, "phone"),
    ];
    const domain = await Component.open(componentPort, DOMAIN, SECRET);
    mallory.send("<presence xmlns='jabber:client'/>");
    mallory.send(`<presence xmlns='jabber:client' to='${ROOM}/owner'><x xmlns='${MUC}'/></presence>`);
    await mallory.until("status code='110'");
    return new HostilePeers(mallory, phone, domain, await PythonPeer.start(stack, BOB));
  }

  async leave(): Promise<void> {
    this.#mallory.close();
    this.#phone.close();
    this.#domain.close();
    await this.#bob.close();
  }

  /** In clear, from somebody known; `inside` is markup. */
  #say(id: string, words: string, inside = ""): void {
    this.#mallory.send(
      `<message xmlns='jabber:client' to='${ALICE_JID}' type='chat' id='${id}'><body>${escaped(words)}</body><origin-id xmlns='urn:xmpp:sid:0' id='${id}'/>${inside}</message>`,
    );
  }

  say(words: string): void {
    this.#say(`plain-${words}`, words);
  }

  /** Five rows: a mark, the words, an answer to them, a mark, a message whose correction they are. */
  talk(n: string, words: string): void {
    this.#say(`mark-${n}`, `mark-${n}`);
    this.#say(`words-${n}`, words);
    this.#say(`answer-${n}`, `answer-${n}`, `<reply xmlns='urn:xmpp:reply:0' id='words-${n}' to='mallory@localhost'/>`);
    this.#say(`edit-${n}`, `edit-${n}`);
    this.#say(`draft-${n}`, "draft");
    this.#say(`fixed-${n}`, words, `<replace xmlns='urn:xmpp:message-correct:0' id='draft-${n}'/>`);
  }

  /** Two rows, encrypted. */
  async whisper(n: string, words: string): Promise<void> {
    await this.#bob.send(ALICE_JID, `mark-${n}`);
    await this.#bob.send(ALICE_JID, words);
  }

  async whisperEnd(words: string): Promise<void> {
    await this.#bob.send(ALICE_JID, words);
  }

  /** A contact whose name and newest message are these words; the name comes by way of alice's phone. */
  async befriend(n: string, words: string): Promise<void> {
    const jid = `n${n}@${DOMAIN}`;
    this.#phone.send(
      `<iq xmlns='jabber:client' type='set' id='r${n}'><query xmlns='jabber:iq:roster'><item jid='${jid}' name='${escaped(words)}'/></query></iq>`,
    );
    this.#phone.send(`<presence xmlns='jabber:client' to='${jid}' type='subscribe'/>`);
    await this.#phone.until(`id='r${n}'`);
    await this.#domain.message(`n${n}`, ALICE_JID, `m${n}`, `<body>${escaped(words)}</body>`);
  }

  /** Enters the room under these words and says `said-n`. Names that the server refuses say nothing. */
  async enter(n: string, words: string): Promise<void> {
    const [from, to] = [`o${n}@${DOMAIN}/x`, `${ROOM}/${escaped(words)}`];
    await this.#domain.write(`<presence from='${from}' to='${to}'><x xmlns='${MUC}'/></presence>`);
    await this.sayInRoom(n, `said-${n}`, `<origin-id xmlns='urn:xmpp:sid:0' id='said-${n}'/>`);
  }

  async sayInRoom(n: string, text: string, inside = ""): Promise<void> {
    await this.#domain.write(
      `<message from='o${n}@${DOMAIN}/x' to='${ROOM}' type='groupchat' id='${text}'><body>${text}</body>${inside}</message>`,
    );
  }

  async answerInRoom(n: string, to: string): Promise<void> {
    await this.sayInRoom(n, `re-${to}`, `<reply xmlns='urn:xmpp:reply:0' id='said-${to}' to='${ROOM}/x'/>`);
  }

  async leaveRoom(n: string): Promise<void> {
    await this.#domain.write(`<presence from='o${n}@${DOMAIN}/x' to='${ROOM}/x' type='unavailable'/>`);
  }

  /** The room calls itself so (XEP-0045 §10.2), and is about it. */
  async callRoom(words: string): Promise<void> {
    this.#requests += 1;
    const id = `conf-${this.#requests}`;
    const field = (name: string, value: string) => `<field var='${name}'><value>${value}</value></field>`;
    this.#mallory.send(
      `<iq xmlns='jabber:client' type='set' to='${ROOM}' id='${id}'><query xmlns='${MUC}#owner'><x xmlns='jabber:x:data' type='submit'>${field("FORM_TYPE", `${MUC}#roomconfig`)}${field("muc#roomconfig_roomname", escaped(words))}</x></query></iq>`,
    );
    await this.#mallory.until(`id='${id}'`);
    this.#mallory.send(
      `<message xmlns='jabber:client' to='${ROOM}' type='groupchat'><subject>${escaped(words)}</subject></message>`,
    );
  }

  /** Everywhere else that a stanza has room for words, none of which is shown. */
  async mutter(n: string, words: string): Promise<void> {
    const [from, text] = [`n${n}@${DOMAIN}/${n}`, escaped(words)];
    const event = (node: string, inside: string) =>
      `<message from='${from}' to='${ALICE_JID}'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='${node}'><item id='current'>${inside}</item></items></event></message>`;
    await this.#domain.write(
      [
        `<presence from='${from}' to='${ALICE_JID}'><show>${text}</show><status>${text}</status><nick xmlns='http://jabber.org/protocol/nick'>${text}</nick></presence>`,
        `<presence from='${from}' to='${ALICE_JID}' type='subscribe'><status>${text}</status><nick xmlns='http://jabber.org/protocol/nick'>${text}</nick></presence>`,
        event("http://jabber.org/protocol/nick", `<nick xmlns='http://jabber.org/protocol/nick'>${text}</nick>`),
        event(
          "eu.siacs.conversations.axolotl.devicelist",
          `<list xmlns='eu.siacs.conversations.axolotl'><device id='7' label='${text}'/><device id='${text}'/></list>`,
        ),
        `<message from='${from}' to='${ALICE_JID}' type='error' id='${text}'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>${text}</gone><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>${text}</text></error></message>`,
        `<message from='${from}' to='${ALICE_JID}'><x xmlns='jabber:x:conference' jid='${ROOM}' reason='${text}' password='${text}'/></message>`,
        `<message from='${from}' to='${ALICE_JID}' type='headline'><subject>${text}</subject><html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>${text}</body></html></message>`,
      ].join(""),
    );
  }
}
