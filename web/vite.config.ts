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

/** `Integrity-Policy` runs no script without a hash, so the page's own ones carry theirs. Also copies the headers. */
function sealedPage(): Plugin {
  return {
    name: "sealed-page",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      this.emitFile({ type: "asset", fileName: "_headers", source: readFileSync(here("./_headers")) });
      const page = bundle["index.html"];
      if (page?.type !== "asset") return;
      page.source = String(page.source).replace(
        /<(?:script|link)\b[^>]*?(?:src|href)="\/(assets\/[^"]+)"/g,
        (tag, file: string) => {
          const output = bundle[file];
          if (output === undefined) throw new Error(`The page names ${file}, which is not part of the build`);
          const content = output.type === "chunk" ? output.code : output.source;
          return `${tag} integrity="sha384-${createHash("sha384").update(content).digest("base64")}"`;
        },
      );
    },
  };
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
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
