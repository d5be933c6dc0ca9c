/** What must never happen behind a page, whatever the story: errors in the console, requests to somewhere else. */
import type { Page } from "puppeteer-core";

/** Failures travel as values with an HTTP status; Chromium writes such answers into the console by itself. */
const REFUSED_WITH_A_VALUE = /^Failed to load resource: the server responded with a status of 4\d\d/;
/** What a browser says about a server that is not there, and the page that would have been kept from it. */
const OUTAGE =
  /net::ERR_|NetworkError|WebSocket|can.t establish a connection|interrupted while the page was loading|status of 5\d\d|bad HTTP response code \((?:429|5\d\d)\)|could not be kept for a start without its server|error occurred when fetching the script/;

/** What Firefox says of a script with a hash whose fetching a reload has cut off: the hash that it names is that of nothing. */
const CUT_OFF = /integrity attribute match.* computed hash is “OLBgp1GsljhM2TJ\+sbHjaiH9txEUvgdDTAzHv2P24donTt6\/529l/;

export class Troubles {
  readonly #found: string[] = [];
  /** Origin of the page. */
  readonly home: string;
  /** Set while the Worker is meant to be away. */
  outage = false;
  /** What a page of another release says, which nobody can mend any more. */
  expected: RegExp | undefined;

  /** @param home origin of the page */
  constructor(home: string) {
    this.home = new URL(home).origin;
  }

  get found(): readonly string[] {
    return this.#found;
  }

  watch(page: Page): void {
    page.on("console", (message) => {
      if (message.type() === "error") this.#note(`console: ${message.text()}`, message.text());
    });
    page.on("pageerror", (error) => {
      const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.#note(`uncaught: ${words}`, words);
    });
    page.on("request", (request) => {
      const url = new URL(request.url());
      const local = url.protocol === "data:" || url.protocol === "blob:" || url.protocol === "about:";
      if (!local && url.host !== new URL(this.home).host) this.#note(`request to ${url.origin}`, "");
    });
  }

  #note(trouble: string, words: string): void {
    if (REFUSED_WITH_A_VALUE.test(words) || CUT_OFF.test(words) || (this.outage && OUTAGE.test(words))) return;
    if (this.expected?.test(words)) return;
    this.#found.push(trouble);
  }
}
