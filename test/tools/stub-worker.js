/** A Worker that stands in for the real one where only the machinery around it is tested. */
import { DurableObject } from "cloudflare:workers";

export class Account extends DurableObject {
  count() {
    const { sql } = this.ctx.storage;
    sql.exec("create table if not exists visit (at integer)");
    sql.exec("insert into visit values (0)");
    return Number(sql.exec("select count(*) as visits from visit").one().visits);
  }
}

export default {
  async fetch(request, env) {
    switch (new URL(request.url).pathname) {
      case "/api/visit":
        return Response.json({ visits: await env.ACCOUNT.get(env.ACCOUNT.idFromName("stub")).count() });
      case "/api/endpoints":
        return new Response(env.XMPP_ENDPOINTS);
      case "/api/enter":
        return new Response("set", {
          headers: { "set-cookie": "__Host-stub=1; Path=/; Secure; HttpOnly; SameSite=Strict" },
        });
      case "/api/whoami":
        return Response.json({ cookie: request.headers.get("cookie"), origin: request.headers.get("origin") });
      default:
        return new Response("no such route", { status: 404 });
    }
  },
};

/** Both stand for what only has to be there. */
export class Gatekeeper extends DurableObject {}
export class Gateway extends DurableObject {}
