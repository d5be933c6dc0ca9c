/** How a page of a world is written down that wishes the Worker no good. */
import type { LinkPreview, PreviewRefusal } from "../../contract/preview.ts";

export const SITE = "site.alcove-corpus.net";
export const OTHER = "other.alcove-corpus.net";
export const MEGABYTE = 1024 * 1024;

export type Answer = {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Sends this again and again, and never ends. */
  readonly endless?: string | Uint8Array;
  /** Says nothing for so long. */
  readonly waitMs?: number;
};
/** `shown`: a picture is said to be there or not. */
type Shown = Omit<LinkPreview, "picture"> & { readonly picture?: boolean };
export type HostilePage = {
  readonly what: string;
  /** Of the site; or a whole link. */
  readonly path: string;
  readonly answer?: Answer;
  readonly shown: Shown | PreviewRefusal;
  readonly slow?: true;
};

export const head = (inner: string) => `<!doctype html><html><head>${inner}</head><body><h1>no</h1></body></html>`;
export const meta = (property: string, content: string) => `<meta property="${property}" content="${content}">`;
export const page = (inner: string): Answer => ({ body: head(inner) });
export const moves = (location: string): Answer => ({ status: 302, headers: { location } });
export const pictured = (link: string): Answer => page(`<title>T</title>${meta("og:image", link)}`);
