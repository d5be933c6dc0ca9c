// biome-ignore-all lint/style/noDefaultExport: they are how the packages export
// Types for the parts of @xmpp/client 0.14.0 that are used here; the packages ship none.

declare module "@xmpp/xml" {
  import type { EventEmitter } from "@xmpp/events";

  /** What may stand between two tags. Text is unescaped; it is escaped when the element is written. */
  export type Node = Element | string;

  /** Values that are undefined or null are left out when the element is written. */
  export type Attributes = Readonly<Record<string, string | number | undefined | null>>;

  export class Element {
    constructor(name: string, attrs?: Attributes | string);
    /** With its prefix, as it stood in the stream. */
    name: string;
    attrs: Record<string, string>;
    children: Node[];
    parent: Element | null;
    is(name: string, xmlns?: string): boolean;
    /** Without a prefix. */
    getName(): string;
    /** The namespace, inherited from the parents where the element itself declares none. */
    getNS(): string | undefined;
    getAttr(name: string, xmlns?: string): string | null | undefined;
    getChild(name: string, xmlns?: string): Element | undefined;
    getChildren(name: string, xmlns?: string): Element[];
    getChildElements(): Element[];
    getChildText(name: string, xmlns?: string): string | null;
    /** The element's own text, not that of its children. */
    getText(): string;
    text(): string;
    text(value: string): this;
    attr(name: string): string | undefined;
    attr(name: string, value: string): this;
    /** Add a child and return the child. */
    c(name: string, attrs?: Attributes | string): Element;
    /** Add text and return this element. */
    t(text: string): this;
    append(...nodes: Node[]): void;
    remove(child: Element): this;
    remove(name: string, xmlns?: string): this;
    root(): Element;
    up(): Element;
    toString(): string;
  }

  type Child = Node | undefined | null | readonly Child[];

  export function xml(name: string, attrs?: Attributes | string | null, ...children: readonly Child[]): Element;
  export { xml as createElement };
  export default xml;

  /**
   * Events: `start` (root), `element` (complete child of the root), `end` (root), `error`. No limits of its own:
   * `guard.ts` stands before it.
   */
  export class Parser extends EventEmitter {
    root: Element | null;
    write(text: string): void;
    end(text?: string): void;
  }

  export class XMLError extends Error {}
}

declare module "@xmpp/events" {
  export class EventEmitter {
    on(event: string, listener: (...args: never[]) => void): this;
    once(event: string, listener: (...args: never[]) => void): this;
    off(event: string, listener: (...args: never[]) => void): this;
    removeListener(event: string, listener: (...args: never[]) => void): this;
    emit(event: string, ...args: unknown[]): boolean;
  }
  export class TimeoutError extends Error {}
}

declare module "@xmpp/connection" {
  import type { Element, Parser } from "@xmpp/xml";
  import { EventEmitter } from "@xmpp/events";

  export type ConnectionOptions = {
    readonly domain?: string;
    readonly service?: string;
    readonly lang?: string;
    /** Milliseconds for opening and closing a stream. */
    readonly timeout?: number;
  };

  /** What `Socket` below must construct. Events: `connect`, `data` (text), `close` (dirty, reason), `error`. */
  export interface ConnectionSocket extends EventEmitter {
    readonly secure: boolean;
    connect(parameters: unknown): void;
    write(text: string, done?: (error?: unknown) => void): void;
    end(): void;
  }

  /** Events: `status`, `element`, `stanza`, `nonza`, `error`, `open`, `close`, `connect`, `disconnect`. */
  export default class Connection extends EventEmitter {
    constructor(options?: ConnectionOptions);
    NS: string;
    Socket: new () => ConnectionSocket;
    Parser: new () => Parser;
    timeout: number;
    status: string;
    socket: ConnectionSocket | null;
    parser: Parser | null;
    root: Element | null;
    isSecure(): boolean;
    connect(service: string): Promise<void>;
    open(options: { readonly domain: string; readonly lang?: string }): Promise<Element>;
    disconnect(): Promise<unknown>;
    write(text: string): Promise<void>;
    send(element: Element): Promise<void>;
    header(element: Element): string;
    headerElement(): Element;
    footer(element?: Element): string;
    footerElement(): Element | undefined;
    socketParameters(service: string): unknown;
    _jid(address: string): unknown;
    _onData(data: string): void;
    _onStreamError(element: Element): void;
    _detachParser(): void;
  }
}

declare module "@xmpp/websocket/lib/Connection.js" {
  export { default } from "@xmpp/connection";
}

/** As `Parser`, of messages that are a document each (RFC 7395); the package's transport has it by itself. */
declare module "@xmpp/websocket/lib/FramedParser.js" {
  export { Parser as default } from "@xmpp/xml";
}

declare module "@xmpp/client-core" {
  import Connection from "@xmpp/connection";

  /** Chooses the first of `transports` that knows the URI and takes over its framing. */
  export class Client extends Connection {
    transports: (typeof Connection)[];
  }
}

declare module "@xmpp/xml/lib/parse.js" {
  import type { Element } from "@xmpp/xml";
  /** One element from a text. Throws an XMLError where it is none. */
  export default function parse(text: string): Element;
}
