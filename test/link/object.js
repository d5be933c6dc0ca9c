/**
 * A Durable Object around one `Link`, driven over HTTP: each path is a method, body and answer are JSON. It is plain
 * JavaScript because it lives in workerd while the tests beside it are checked for Node.
 */
import { DurableObject } from "cloudflare:workers";
import { xml } from "@xmpp/xml";
import { parseEndpoint } from "../../durable/link/discovery/endpoint.ts";
import { Link } from "../../durable/link/link.ts";
import { InMemoryStream } from "../../durable/testing/stream-memory.ts";
import { negotiate } from "../../durable/link/negotiate.ts";
import { probes } from "../../durable/link/probes.ts";
import { invalidateToken, prove } from "../../durable/link/prove.ts";
import { Stream } from "../../durable/link/stream.ts";
import { makeScramKeys } from "../../worker/shared/scram-keys.ts";

/** A password is somebody who knows it, with a browser's own code; `plain`: they agreed that the server gets it. */
const credentialsOf = ({ kind, password, plain, ...kept }) =>
  kind === "password"
    ? {
        kind: "person",
        plain,
        prefersToken: kept.prefersToken ?? false,
        keysFor: (challenge) => makeScramKeys(password, challenge),
        password: async () => ({ ok: true, value: password }),
      }
    : { kind, ...kept };

const nowhere = {
  fetchText: async () => undefined,
  srv: async () => ({ kind: "failed" }),
  addresses: async () => ({ kind: "failed" }),
};

const NO_LIMIT = { load: () => undefined, save: () => undefined };

export class LinkObject extends DurableObject {
  #link;
  #memory = new InMemoryStream();
  #seen = { states: [], streams: [], stanzas: [], acknowledged: [], closed: [] };

  async fetch(request) {
    const method = new URL(request.url).pathname.slice(1);
    const body = await request.json();
    return Response.json((await this[method](body)) ?? {});
  }

  async open({ settings, credentials, limitMs = 30_000 }) {
    const seen = { states: [], streams: [], stanzas: [], acknowledged: [], closed: [] };
    this.#seen = seen;
    const link = new Link(
      { ...settings, ports: [], resolver: nowhere, memory: this.#memory, limit: NO_LIMIT },
      {
        onState: (state) => seen.states.push(state),
        onStream: (resumed) => {
          seen.streams.push(resumed ? "resumed" : "new");
          return false;
        },
        onClosed: (failure) => seen.closed.push(failure),
      },
      {
        stanza: (stanza) => {
          seen.stanzas.push(stanza.toString());
          return false;
        },
        broke: () => false,
        acknowledged: (ids, store) => {
          seen.acknowledged.push(...ids);
          store();
        },
      },
    );
    const result = await link.open(credentialsOf(credentials), AbortSignal.timeout(limitMs));
    this.#link = result.ok ? link : undefined;
    return result;
  }

  async prove({ settings, credentials }) {
    return prove(
      { ...settings, ports: [], resolver: nowhere, memory: this.#memory, limit: NO_LIMIT },
      credentialsOf(credentials),
    );
  }

  async invalidate({ settings, credentials }) {
    return invalidateToken({ ...settings, resolver: nowhere }, credentials);
  }

  /** One stream and no session: how it was entered, and what followed in the next moment. */
  async negotiate({ settings, credentials, resume }) {
    const { account, resource, userAgent, endpoints } = settings;
    const endpoint = parseEndpoint(Object.values(endpoints)[0]).value;
    const stream = new Stream({ endpoint, account, stepTimeoutMs: settings.stepTimeoutMs ?? 5_000, probes });
    const dialled = await stream.dial();
    if (!dialled.ok) return dialled;
    const wish = { resource, userAgent, ...(resume && { resume }) };
    const result = await negotiate(stream, account, credentialsOf(credentials), wish, () => undefined);
    const after = [];
    stream.listen((element) => after.push(element.toString()));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await stream.close();
    return result.ok ? { ok: true, value: { ...result.value, after } } : result;
  }

  say({ to, id, text }) {
    const sent = this.#link?.send(xml("message", { to, id, type: "chat" }, xml("body", {}, text))) ?? false;
    return { sent };
  }

  async ask({ to, type = "get", name, namespace }) {
    const result = await this.#link.request(xml("iq", { type, to }, xml(name, { xmlns: namespace })));
    return result.ok ? { ok: true, value: result.value.toString() } : result;
  }

  /** How many stanzas have come. */
  count() {
    return { stanzas: this.#seen.stanzas.length };
  }

  seen() {
    return { ...this.#seen, lastByteAt: this.#link?.lastByteAt ?? 0 };
  }

  requestAck() {
    this.#link?.requestAck();
  }

  /** As a lost connection: no goodbye. */
  cut() {
    this.#link?.cut();
  }

  async close() {
    await this.#link?.close();
  }
}

export default {
  fetch(request, env) {
    return env.LINK.get(env.LINK.idFromName("one")).fetch(request);
  },
};
