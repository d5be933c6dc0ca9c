// Namespaces of the stream itself and of what is negotiated on it; those of a single extension stand in its own file.

/** Stanzas, and their own children `body`, `error`, `status` … (RFC 6120 §4.8.2). */
export const NS_CLIENT = "jabber:client";
export const NS_STREAM = "http://etherx.jabber.org/streams";
/** RFC 7395 §3.3 */
export const NS_FRAMING = "urn:ietf:params:xml:ns:xmpp-framing";
/** Conditions of stream errors (RFC 6120 §4.9). */
export const NS_STREAM_CONDITION = "urn:ietf:params:xml:ns:xmpp-streams";
/** Conditions of stanza errors (RFC 6120 §8.3). */
export const NS_STANZA_CONDITION = "urn:ietf:params:xml:ns:xmpp-stanzas";
export const NS_TLS = "urn:ietf:params:xml:ns:xmpp-tls";
export const NS_SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
export const NS_BIND = "urn:ietf:params:xml:ns:xmpp-bind";
/** XEP-0198 */
export const NS_MANAGEMENT = "urn:xmpp:sm:3";
/** XEP-0352 */
export const NS_CLIENT_STATE = "urn:xmpp:csi:0";
/** XEP-0388 */
export const NS_SASL2 = "urn:xmpp:sasl:2";
/** XEP-0386 */
export const NS_BIND2 = "urn:xmpp:bind:0";
/** XEP-0484 */
export const NS_FAST = "urn:xmpp:fast:0";
/** XEP-0440 */
export const NS_CHANNEL_BINDING = "urn:xmpp:sasl-cb:0";
