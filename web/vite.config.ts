import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The library's own curve (asm.js) and its SHA-512 for old browsers are replaced: ours is native, and nothing else is shipped. */
const NO_CURVE = here("./engine/omemo/no-curve.ts");
const NO_POLYFILL = "\0no-polyfill";

function withoutPolyfill(): Plugin {
  return {
    name: "without-polyfill",
    enforce: "pre",
    resolveId: (source) => (/\/msrcrypto(?:\.js)?$/.test(source) ? NO_POLYFILL : undefined),
    load: (id) => (id === NO_POLYFILL ? "export const subtle = undefined;" : undefined),
  };
}

/**
 * `Integrity-Policy` runs no script without a hash. Those that the page names carry theirs; those that are fetched later
 * have it from an import map (HTML, "import maps", `integrity`), the one script that stands in the page itself, so the
 * policy names its hash. Also copies the headers.
 */
function sealedPage(): Plugin {
  return {
    name: "sealed-page",
    apply: "build",
    enforce: "post",
    // Last of all: what the chunks import, Vite itself still writes into them at this stage.
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const page = bundle["index.html"];
        if (page?.type !== "asset") return;
        const contentOf = (file: string) => {
          const output = bundle[file];
          if (output === undefined) throw new Error(`The page names ${file}, which is not part of the build`);
          return output.type === "chunk" ? output.code : output.source;
        };
        const later = Object.values(bundle).filter((output) => output.type === "chunk" && !output.isEntry);
        const integrity = Object.fromEntries(
          later.map(({ fileName }) => [`/${fileName}`, hashOf("sha384", contentOf(fileName))]),
        );
        const map = JSON.stringify({ integrity });
        page.source = String(page.source)
          .replace(
            /<(?:script|link)\b[^>]*?(?:src|href)="\/(assets\/[^"]+)"/g,
            (tag, file: string) => `${tag} integrity="${hashOf("sha384", contentOf(file))}"`,
          )
          .replace("<script", `<script type="importmap">${map}</script>\n    <script`);
        const headers = readFileSync(here("./_headers"), "utf8");
        const source = headers.replace("script-src 'self'", `script-src 'self' '${hashOf("sha256", map)}'`);
        if (source === headers) throw new Error("The policy in web/_headers has no script-src 'self'");
        this.emitFile({ type: "asset", fileName: "_headers", source });
      },
    },
  };
}

function hashOf(algorithm: "sha256" | "sha384", content: string | Uint8Array): string {
  return `${algorithm}-${createHash(algorithm).update(content).digest("base64")}`;
}

export default defineConfig({
  root: here("."),
  publicDir: "manifest",
  clearScreen: false,
  plugins: [withoutPolyfill(), sealedPage()],
  resolve: { alias: { "@privacyresearch/curve25519-typescript": NO_CURVE } },
  worker: { format: "es", plugins: () => [withoutPolyfill()] },
  build: {
    outDir: here("../dist/web"),
    emptyOutDir: true,
    target: "es2023",
    cssTarget: ["chrome125", "firefox128", "safari17.5"],
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: true,
  },
});
