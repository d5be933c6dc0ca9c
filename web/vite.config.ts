import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { plainLibrary } from "./plain-library.ts";
import { sharedIn } from "./shared-in.ts";
import type { Shell } from "./offline/shell.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The ratchet library's message formats are replaced: `wire.ts` reads them already, before the library does. */
const MESSAGES = here("./engine/omemo/ratchet-messages.ts");
/** And what lies under its sessions, its curve (asm.js) among it: ours is native, and nothing else is shipped. */
const GROUND = here("./engine/omemo/library-ground.ts");
const LIBRARY = "@privacyresearch/libsignal-protocol-typescript/lib/";
const SESSIONS = /libsignal-protocol-typescript\/lib\/session-(?:builder|cipher)\.js$/;
const UNDER_SESSIONS = /\/(?:internal(?:\/crypto)?|helpers|session-lock|session-types|types)(?:\.js)?$/;
const SECOND_SCRIPT = /["'`]%LATER%["'`]/;
const NOTHING = "\0nothing";
/** Its base64 is ours. It asks for it by both ways. */
const BASE64 = "\0base64";
const OUR_BASE64 = `
  import { toBase64 as fromByteArray, knownBase64 as toByteArray } from ${JSON.stringify(here("../worker/shared/base64.ts"))};
  export { fromByteArray, toByteArray };
  export default { fromByteArray, toByteArray };`;
/** Its records, for which there are our own (`record.ts`). A bundler drops no part of CommonJS. */
const NOT_CALLED = /\/session-record(?:\.js)?$/;

function withoutWhatIsNotCalled(): Plugin {
  return {
    name: "without-what-is-not-called",
    enforce: "pre",
    resolveId: (source, importer) => {
      if (source === "base64-js") return BASE64;
      if (NOT_CALLED.test(source)) return NOTHING;
      const ofLibrary = source.startsWith(LIBRARY) || importer?.includes(LIBRARY);
      return ofLibrary && UNDER_SESSIONS.test(source) ? GROUND : undefined;
    },
    transform: (code, id) => (SESSIONS.test(id) ? { code: plainLibrary(code), map: null } : undefined),
    load: (id) => (id === BASE64 ? OUR_BASE64 : id === NOTHING ? "export const SessionRecord = undefined;" : undefined),
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
        // What two of them shared would be a script of its own, which nobody fetches by its hash: it would not run. What one of
        // them alone fetches shares what that one has.
        const isThereBefore = (file: string, { fileName }: (typeof later)[number]) =>
          Object.values(bundle).every(
            (by) => by.type !== "chunk" || !by.dynamicImports.includes(fileName) || by.fileName === file,
          );
        const shared = later.find((output) =>
          output.imports.some(
            (file) => later.some(({ fileName }) => fileName === file) && !isThereBefore(file, output),
          ),
        );
        if (shared !== undefined)
          throw new Error(`${shared.fileName} shares a part with others: ${shared.imports.join(", ")}`);
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

/**
 * The engine's second script is one (`web/engine/session/later.ts`), and the first one knows its name: it fetches it before it
 * imports it.
 */
function twoScriptsOfTheEngine(): Plugin {
  return {
    name: "two-scripts-of-the-engine",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const chunks = Object.values(bundle).flatMap((output) => (output.type === "chunk" ? [output] : []));
        const first = chunks.find(({ code }) => SECOND_SCRIPT.test(code));
        if (first === undefined) return;
        const [second, ...more] = chunks.filter((chunk) => chunk !== first);
        if (second === undefined || more.length > 0 || first.imports.length > 0)
          throw new Error(
            `The engine is two scripts, and the first needs no other: ${chunks.map(({ name }) => name).join(", ")}`,
          );
        first.code = first.code.replace(SECOND_SCRIPT, JSON.stringify(basename(second.fileName)));
      },
    },
  };
}

/** A classic script that shares the service worker's scope (`importScripts`): what it declares stays within it. */
function readerByItself(): Plugin {
  return {
    name: "reader-by-itself",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const output of Object.values(bundle)) {
          if (output.type !== "chunk" || output.name !== "push-reader") continue;
          if (output.imports.length + output.dynamicImports.length > 0 || output.exports.length > 0)
            throw new Error("What reads pushes is one script, and a service worker imports none later");
          output.code = `(()=>{"use strict";${output.code}\n})();`;
        }
      },
    },
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
      "@privacyresearch/libsignal-protocol-protobuf-ts": MESSAGES,
    },
  },
  worker: { format: "es", plugins: () => [withoutWhatIsNotCalled(), twoScriptsOfTheEngine(), readerByItself()] },
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
        codeSplitting: { groups: [{ name: sharedIn, debugName: "shared", includeDependenciesRecursively: false }] },
      },
    },
    modulePreload: false,
    reportCompressedSize: true,
  },
});
