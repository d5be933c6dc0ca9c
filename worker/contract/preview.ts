/**
 * What is behind a link, for whoever is about to send it. The sender alone asks, once, before the message leaves; what comes
 * of it travels with the message, and whoever receives that fetches nothing.
 *
 * `POST PREVIEW_ROUTE` with `PreviewWanted` as JSON, signed as a call is, answers as a call does: a `LinkPreview`, or the
 * failure `file` with a `PreviewRefusal`. Any other failure is that of a call.
 */
import type { Base64 } from "./names.ts";

export const PREVIEW_ROUTE = "/api/media/preview";

export const PREVIEW_LIMITS = {
  linkLength: 2_048,
  /** Of a page, all that is read; of its picture, or there is none. */
  pageBytes: 512 * 1024,
  pictureBytes: 1024 * 1024,
  /** For all of the page, and for all of its picture. */
  pageMs: 5_000,
  pictureMs: 5_000,
  redirects: 3,
  /** Of one account: in 24 hours (UTC days), and within a minute. */
  aDay: 200,
  aMinute: 15,
  /** Characters (code points) of what a page says of itself. */
  titleLength: 200,
  descriptionLength: 300,
} as const;

/**
 * Why there is none. `address`: not https, a port of its own, a private network, or it leads to such a place. `nothing`: what
 * is there is no page, or says nothing of itself. `gone`, `refused`, `unreachable`, `slow`, `day`, `too-many` as of files.
 */
export type PreviewRefusal = "address" | "gone" | "refused" | "unreachable" | "slow" | "nothing" | "day" | "too-many";

/** `https:`, as it will stand in the message. */
export type PreviewWanted = { readonly url: string };

/**
 * What a page says of itself, on one line each and without what turns or hides a text; it may be a lie like any other.
 * `picture`: the bytes of a PNG, JPEG, GIF or WebP by their beginning; nobody has decoded them.
 */
export type LinkPreview = {
  readonly title?: string;
  readonly description?: string;
  readonly picture?: Base64;
};
