/**
 * What the owner of a server does about a finding: in words, and as lines of Prosody's and ejabberd's configuration.
 * `DOMAIN` and `HOST` stand for the names that the finding is about.
 */

export type Cure = { readonly words: string; readonly prosody?: string; readonly ejabberd?: string };

export const CURES = {
  "host-meta": {
    words:
      "Name a WebSocket in https://DOMAIN/.well-known/host-meta.json (XEP-0156), and in host-meta beside it: " +
      '{"links":[{"rel":"urn:xmpp:alt-connections:websocket","href":"wss://HOST/xmpp-websocket"}]}',
    prosody: 'modules_enabled: "websocket"; behind a proxy that ends TLS also consider_websocket_secure = true',
    ejabberd:
      "listen, module ejabberd_http, request_handlers: {/ws: ejabberd_http_ws, /.well-known/host-meta: mod_host_meta}",
  },
  "prove-name": {
    words:
      "Sign the zone of DOMAIN with DNSSEC, or let the SRV records name a host below DOMAIN that its certificate covers, " +
      "or name a WebSocket in host-meta.",
    prosody: 'for the WebSocket: modules_enabled: "websocket"',
    ejabberd: "for the WebSocket: request_handlers: {/ws: ejabberd_http_ws}",
  },
  certificate: {
    words:
      "Have the certificate cover HOST, the name that is dialled, beside DOMAIN; send the whole chain. Or name a WebSocket in host-meta, " +
      "whose certificate is for its own name.",
    prosody: "certbot certonly -d DOMAIN -d HOST, then prosodyctl --root cert import /etc/letsencrypt/live",
    ejabberd: "certfiles: [/etc/letsencrypt/live/DOMAIN/*.pem]; acme covers the names under hosts:",
  },
  renew: {
    words: "Renew the certificate, and let it be renewed by itself.",
    prosody: "prosodyctl --root cert import /etc/letsencrypt/live, as certbot's deploy hook",
    ejabberd: "acme: {auto: true}; or ejabberdctl reload_config after each renewal",
  },
  "tls-version": {
    words: "Offer TLS 1.2 and 1.3, nothing older.",
    prosody: 'ssl = { protocol = "tlsv1_2+" }',
    ejabberd: "c2s_protocol_options: [no_sslv3, no_tlsv1, no_tlsv1_1]",
  },
  alpn: {
    words:
      "The platform's sockets send no ALPN, so a port shared by its help cannot be used from there. Offer a port for XMPP alone (5222, 5223), " +
      "or a WebSocket in host-meta.",
    prosody: "c2s_ports = { 5222 }; c2s_direct_tls_ports = { 5223 }",
    ejabberd: "listen: - {port: 5223, module: ejabberd_c2s, tls: true}",
  },
  proxy: {
    words:
      "Cloudflare's proxy carries no XMPP. Switch it off for the name that the SRV records lead to (“DNS only”), " +
      "or name a WebSocket in host-meta: that may go through the proxy.",
  },
  port: {
    words: "Use 443, 5222, 5223, 5280 or 5281; whoever runs Alcove may allow others (XMPP_PORTS).",
    prosody: "c2s_ports = { 5222 }",
    ejabberd: "listen: - {port: 5222, module: ejabberd_c2s}",
  },
  "public-address": {
    words:
      "Lead the name to public addresses only. In one's own network, whoever runs Alcove names the server by XMPP_ENDPOINTS.",
  },
  listen: {
    words:
      "See that the server runs, that the records name the port it listens at, and that no firewall stands before it.",
    prosody: "prosodyctl status; prosodyctl check dns; prosodyctl check connectivity",
    ejabberd: "ejabberdctl status; listen: - {port: 5222, module: ejabberd_c2s, starttls: true}",
  },
  starttls: {
    words: "Offer STARTTLS, and require it.",
    prosody: 'modules_enabled: "tls"; c2s_require_encryption = true',
    ejabberd: "listen, module ejabberd_c2s: starttls: true, starttls_required: true",
  },
  websocket: {
    words:
      "The address has to answer a WebSocket with the subprotocol “xmpp” (RFC 7395); a proxy before it has to pass upgrades on.",
    prosody: 'modules_enabled: "websocket"; the path is /xmpp-websocket',
    ejabberd: "request_handlers: {/ws: ejabberd_http_ws}",
  },
  "websocket-secure": {
    words: "Tell the server that what comes through its proxy is encrypted.",
    prosody: "consider_websocket_secure = true",
    ejabberd: "listen, module ejabberd_http: tls: true; or the proxy before it speaks TLS to ejabberd",
  },
  scram: {
    words: "Offer SCRAM, so that nobody but the person's browser has the password, and they need not type it again.",
    prosody: 'authentication = "internal_hashed"; SCRAM must not stand in disable_sasl_mechanisms',
    ejabberd: "auth_method: internal; auth_password_format: scram; no SCRAM in disable_sasl_mechanisms",
  },
  "scram-plain": {
    words: "Offer SCRAM also without “-PLUS”: the platform shows nothing of the TLS channel to bind to.",
    prosody: 'disable_sasl_mechanisms = { "DIGEST-MD5" }',
    ejabberd: "disable_sasl_mechanisms: [digest-md5]",
  },
  rounds: {
    words:
      "Between 4,096 and 1,000,000 rounds; 10,000 to 600,000 are usual. They hold from each account's next password on.",
    prosody: "default_iteration_count = 10000",
    ejabberd: "auth_password_format: scram (4,096 rounds)",
  },
  salts: {
    words: "Store SCRAM's keys in place of passwords in clear: then each account has one salt. Or give tokens (FAST).",
    prosody: 'authentication = "internal_hashed"',
    ejabberd: "auth_password_format: scram; passwords in clear are converted by ejabberdctl convert_to_scram DOMAIN",
  },
  management: {
    words:
      "Switch stream management on: without it a message that is on its way when the connection breaks may be lost.",
    prosody: 'modules_enabled: "smacks"',
    ejabberd: "modules: mod_stream_mgmt: {}",
  },
  carbons: {
    words:
      "Switch carbons on: without them what is written and read in other apps is not seen here until the archive is read.",
    prosody: 'modules_enabled: "carbons"',
    ejabberd: "modules: mod_carboncopy: {}",
  },
  archive: {
    words: "Keep an archive for people: Alcove sleeps while nobody is there, and reads from it what came meanwhile.",
    prosody: 'modules_enabled: "mam"; default_archive_policy = true; archive_expires_after = "1y"',
    ejabberd: "modules: mod_mam: {default: always, assume_mam_usage: true}",
  },
  pep: {
    words: "Switch PEP on: a device's keys are published there. Without it nothing can be encrypted.",
    prosody: 'modules_enabled: "pep"',
    ejabberd:
      'modules: mod_pubsub: {plugins: [flat, pep], force_node_config: {"eu.siacs.conversations.axolotl.*": {access_model: open}}}',
  },
  "publish-options": {
    words: "Let clients say who may read a node when they publish it (publish-options), and keep it after a restart.",
    prosody: 'modules_enabled: "pep" (0.11 or newer; "pep_simple" cannot)',
    ejabberd: "modules: mod_pubsub: {plugins: [flat, pep], ignore_pep_from_offline: false}; 18.03 or newer",
  },
  upload: {
    words: "Offer HTTP upload for files.",
    prosody: 'Component "upload.DOMAIN" "http_file_share"; http_file_share_size_limit = 100*1024*1024',
    ejabberd: "modules: mod_http_upload: {max_size: 104857600}",
  },
  push: {
    words: "Offer push notifications, so that a client that is away can be woken.",
    prosody: 'modules_enabled: "cloud_notify"',
    ejabberd: "modules: mod_push: {}",
  },
} as const satisfies Readonly<Record<string, Cure>>;

export type CureId = keyof typeof CURES;

/** With the names filled in. */
export function cureFor(id: CureId, domain: string, host: string): Cure {
  const cure: Cure = CURES[id];
  const filled = (line: string): string => line.replaceAll("DOMAIN", domain).replaceAll("HOST", host);
  return {
    words: filled(cure.words),
    ...(cure.prosody !== undefined && { prosody: filled(cure.prosody) }),
    ...(cure.ejabberd !== undefined && { ejabberd: filled(cure.ejabberd) }),
  };
}
