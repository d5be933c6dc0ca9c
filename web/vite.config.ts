import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import type { Shell } from "./offline/shell.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The library's own curve (asm.js) is replaced: ours is native, and nothing else is shipped. */
const NO_CURVE = here("./engine/omemo/no-curve.ts");
/** So are its message formats: `wire.ts` reads them already, before the library does. */
const MESSAGES = here("./engine/omemo/ratchet-messages.ts");
const NOTHING = "\0nothing";
/** Its base64 is ours. It asks for it by both ways. */
const BASE64 = "\0base64";
const OUR_BASE64 = `
  import { toBase64 as fromByteArray, knownBase64 as toByteArray } from ${JSON.stringify(here("../worker/shared/base64.ts"))};
  export { fromByteArray, toByteArray };
  export default { fromByteArray, toByteArray };`;
/**
 * What the ratchet library exports besides, and nothing here calls: SHA-512 for old browsers, a numeric fingerprint, keys made
 * by its own generator; and its records, for which there are our own (`record.ts`). A bundler drops no part of CommonJS.
 */
const NOT_CALLED = /\/(?:msrcrypto|fingerprint-generator|key-helper|session-record)(?:\.js)?$/;

function withoutWhatIsNotCalled(): Plugin {
  return {
    name: "without-what-is-not-called",
    enforce: "pre",
    resolveId: (source) => (source === "base64-js" ? BASE64 : NOT_CALLED.test(source) ? NOTHING : undefined),
    load: (id) => (id === BASE64 ? OUR_BASE64 : id === NOTHING ? "export const subtle = undefined;" : undefined),
  };
}

/** What the page says of itself; whoever publishes a copy of the source puts its address there. */
type Package = { readonly version: string; readonly repository?: string };

/**
 * `Integrity-Policy` runs no script without a hash. Those that the page names carry theirs; of those that are fetched later
 * it says in a `<meta>` where they are and which hash they have (`web/ui/page/later.ts`): data, so that no script stands in
 * the page and the policy names none. Also copies the headers, byte for byte.
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
        const later = Object.values(bundle).flatMap((output) =>
          output.type === "chunk" && !output.isEntry ? [output] : [],
        );
        // What two of them shared would be a script of its own, of which the page says no hash: it would not run.
        const shared = Object.values(bundle).find(
          (output) =>
            output.type === "chunk" && output.imports.some((file) => later.some(({ fileName }) => fileName === file)),
        );
        if (shared !== undefined) throw new Error(`${shared.fileName} shares a part with others`);
        const metas = later.map(
          ({ name, fileName }) =>
            `<meta name="later-${name}" content="/${fileName} ${hashOf("sha384", contentOf(fileName))}" />`,
        );
        // A classic script is waited for before anything is painted. Integrity-Policy takes none that was not asked for by CORS.
        const look = Object.values(bundle).find((output) => output.type === "chunk" && output.name === "look");
        if (look?.type !== "chunk" || look.imports.length > 0) throw new Error("The look is one script of its own");
        const { version, repository } = JSON.parse(readFileSync(here("../package.json"), "utf8")) as Package;
        metas.push(`<meta name="alcove-version" content="${version}" />`);
        if (repository !== undefined) metas.push(`<meta name="alcove-source" content="${repository}" />`);
        page.source = String(page.source)
          .replace("</head>", `  <script crossorigin src="/${look.fileName}"></script>\n  </head>`)
          .replace(
            /<(?:script|link)\b[^>]*?(?:src|href)="\/(assets\/[^"]+)"/g,
            (tag, file: string) => `${tag} integrity="${hashOf("sha384", contentOf(file))}"`,
          )
          .replace("<script", [...metas, "<script"].join("\n    "));
        const worker = bundle["service-worker.js"];
        if (worker?.type !== "chunk" || worker.imports.length > 0)
          throw new Error("The service worker is one script of its own");
        worker.code = worker.code.replace(/["'`]%SHELL%["'`]/, () =>
          JSON.stringify(JSON.stringify(shellOf(page.source, Object.keys(bundle)))),
        );
        this.emitFile({ type: "asset", fileName: "_headers", source: readFileSync(here("./_headers")) });
      },
    },
  };
}

/** What the service worker keeps (`offline/shell.ts`): the page, each file of the build, and what lies beside it. */
function shellOf(page: string | Uint8Array, built: readonly string[]): Shell {
  const [, entry] = /<script[^>]* src="([^"]+)"/.exec(String(page)) ?? [];
  if (entry === undefined) throw new Error("The page begins with no script");
  const files = [...built.filter((name) => name.startsWith("assets/")), ...readdirSync(here("./manifest"))].toSorted();
  const version = createHash("sha256").update(JSON.stringify(files)).update(String(page)).digest("hex").slice(0, 16);
  return { version, entry, files: files.map((name) => `/${name}`) };
}

function hashOf(algorithm: "sha384", content: string | Uint8Array): string {
  return `${algorithm}-${createHash(algorithm).update(content).digest("base64")}`;
}

/**
 * What Vite puts around a dynamic import looks after style sheets and hints of chunks; ours have none, and their scripts are
 * fetched by their hash (`web/ui/page/later.ts`).
 */
function plainImports(): Plugin {
  const HELPER = "\0vite/preload-helper.js";
  return {
    name: "plain-imports",
    enforce: "pre",
    apply: "build",
    load: (id) => (id === HELPER ? "export const __vitePreload = (load) => load();" : undefined),
  };
}

/** While it is being developed the look comes as any other module, a moment late. */
function lookWhileDeveloped(): Plugin {
  return {
    name: "look-while-developed",
    apply: "serve",
    transformIndexHtml: () => [{ tag: "script", attrs: { type: "module", src: "/look.ts" }, injectTo: "head" }],
  };
}

export default defineConfig({
  root: here("."),
  publicDir: "manifest",
  clearScreen: false,
  plugins: [withoutWhatIsNotCalled(), plainImports(), sealedPage(), lookWhileDeveloped()],
  resolve: {
    alias: {
      "@privacyresearch/curve25519-typescript": NO_CURVE,
      "@privacyresearch/libsignal-protocol-protobuf-ts": MESSAGES,
    },
  },
  worker: { format: "es", plugins: () => [withoutWhatIsNotCalled()] },
  build: {
    outDir: here("../dist/web"),
    emptyOutDir: true,
    target: "es2023",
    cssTarget: ["chrome125", "firefox128", "safari17.5"],
    sourcemap: false,
    assetsInlineLimit: 0,
    rollupOptions: {
      input: { index: here("./index.html"), look: here("./look.ts"), "service-worker": here("./service-worker.ts") },
      output: {
        // Its address is what a browser knows it by, so it has no hash, and is asked for anew each time.
        entryFileNames: ({ name }) => (name === "service-worker" ? "[name].js" : "assets/[name]-[hash].js"),
      },
    },
    modulePreload: false,
    reportCompressedSize: true,
  },
});
