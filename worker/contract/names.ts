/** How things are named and counted: addresses, browsers, devices, messages, places, times. */

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** `local@domain`, normalised by RFC 7622, without a resource; of a server or a service the domain alone. */
export type BareJid = Brand<string, "BareJid">;
/** A browser as the account's registry knows it; made by the object at the first sign-in, kept by the browser. */
export type BrowserId = Brand<string, "BrowserId">;
/** XEP-0384: 1 … 2^31 − 1, chosen by the device. */
export type DeviceId = Brand<number, "DeviceId">;
/** The permanent name of an entry, made by the object. */
export type EntryId = Brand<string, "EntryId">;
/** The name a browser gives to something it sends; also the stanza's `id` and origin-id (XEP-0359). */
export type ClientId = Brand<string, "ClientId">;
/** A picture by the SHA-1 of its bytes: 40 hex digits in small letters (XEP-0084 §3.1, XEP-0153 §3.1). */
export type PictureId = Brand<string, "PictureId">;
/** One talk between two browsers of an account, named by the one that begins it: 32 hex digits. */
export type RoadId = Brand<string, "RoadId">;
/** Place in the order of delivery; only grows within an epoch. */
export type Seq = Brand<number, "Seq">;
/** Place in a conversation; the same in every browser. */
export type Position = Brand<number, "Position">;
/** Milliseconds since 1970. */
export type Time = number;
/** Standard base64 with padding. */
export type Base64 = string;

/** How far a browser has consumed the log. Another epoch means another log: start again, keep every text. */
export type Cursor = { readonly epoch: string; readonly seq: Seq; readonly id?: EntryId };
