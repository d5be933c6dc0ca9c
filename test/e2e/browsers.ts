/** Real browsers, each with a profile of its own: a fresh one, unless it is to come back to another. */
import { type Browser, launch } from "puppeteer-core";
import { findCommand } from "../../tools/provide.ts";
import { PATIENCE_MS } from "./waiting.ts";

export type BrowserKind = "chromium" | "firefox";

const CHROMIUM_ARGUMENTS = [
  ...["--no-sandbox", "--headless=new", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
  // Whatever would leave this machine fails loudly.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
];

/** A browser starts in a second where nobody else does anything, and in many where three others start. */
const PATIENTLY = { timeout: PATIENCE_MS, protocolTimeout: PATIENCE_MS } as const;

const NAMES = { chromium: ["chromium", "chromium-browser"], firefox: ["firefox-esr", "firefox"] } as const;

export type LaunchOptions = {
  /** A folder that outlives the browser. Default: one that is forgotten with it. Chromium only. */
  readonly profile?: string | undefined;
  /** SHA-256 of the public key (SPKI, base64) of a certificate that nobody vouches for. Chromium only. */
  readonly trusts?: string | undefined;
  /** It has a microphone that beeps, and lets every page use it. Default: it has none. */
  readonly microphone?: boolean | undefined;
  /** BCP 47: the language of the browser and of its reader. Chromium only. */
  readonly language?: string | undefined;
};

/** @throws when there is no such browser on this machine. */
export async function launchBrowser(
  kind: BrowserKind,
  { profile, trusts, language, microphone = false }: LaunchOptions = {},
): Promise<Browser> {
  const executablePath = await findCommand(...NAMES[kind]);
  if (executablePath === undefined) throw new Error(`There is no ${NAMES[kind].join(" or ")} on this machine.`);
  switch (kind) {
    case "chromium":
      return launch({
        ...PATIENTLY,
        executablePath,
        args: [
          ...CHROMIUM_ARGUMENTS,
          ...(trusts ? [`--ignore-certificate-errors-spki-list=${trusts}`] : []),
          ...(microphone ? ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"] : []),
          ...(language ? [`--lang=${language}`, `--accept-lang=${language}`] : []),
        ],
        ...(profile && { userDataDir: profile }),
      });
    case "firefox":
      return launch({
        ...PATIENTLY,
        browser: "firefox",
        executablePath,
        headless: true,
        ...(microphone && {
          extraPrefsFirefox: { "media.navigator.streams.fake": true, "media.navigator.permission.disabled": true },
        }),
      });
  }
}
