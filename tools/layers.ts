/**
 * The layers of the source: a module (a folder, or a single file that is named here) may import from layers below its
 * own, never from its own layer or from above, types included. So no two folders can import each other, by whatever way.
 * The test beside it says that every file is in a module.
 */
import { posix } from "node:path";

/** From what knows least to what knows most; the modules of one line do not know each other. */
export const LAYERS: readonly (readonly string[])[] = [
  ["worker/contract"],
  ["worker/shared"],
  ["worker/network"],
  ["worker/preview"],

  ["durable/xep", "durable/link/discovery"],
  ["durable/link/sasl", "durable/link/transport", "durable/link/management"],
  ["durable/link"],
  ["durable/ingest"],
  ["durable/log"],
  ["durable/store"],
  ["durable/archive", "durable/connection"],
  ["durable/pep"],
  ["durable/rooms", "durable/browsers", "durable/omemo", "durable/files"],
  ["durable/push", "durable/gateway"],
  ["durable/calls", "durable/session"],
  ["durable/account.ts"],
  ["durable/gatekeeper"],
  ["durable/gatekeeper.ts", "durable/gateway.ts"],

  [
    "worker/headers.ts",
    "worker/responses.ts",
    "worker/session.ts",
    "worker/signed-name.ts",
    "worker/proofs.ts",
    "worker/media-arguments.ts",
    "worker/copy-arguments.ts",
  ],
  ["worker/object.ts", "worker/gate.ts", "worker/arguments.ts"],
  ["worker/watch.ts", "worker/file-stream.ts"],
  ["worker/sign-in-gate.ts", "worker/health.ts", "worker/invitations.ts"],
  ["worker/attempt.ts", "worker/operator.ts", "worker/registration.ts", "worker/media.ts", "worker/previews.ts"],
  ["worker/index.ts"],

  ["web/words", "web/offline"],
  ["web/i18n", "web/alike.ts", "web/model/qr.ts", "web/engine/bytes.ts"],
  ["web/media"],
  ["web/engine/in-parallel.ts", "web/engine/address.ts", "web/engine/delays.ts"],
  ["web/engine/protocol"],
  ["web/engine/store", "web/engine/tabs"],
  ["web/engine/chunks"],
  ["web/engine/omemo", "web/engine/search", "web/engine/exporting"],
  ["web/engine/object"],
  ["web/engine/account.ts", "web/engine/media"],
  ["web/engine/reading", "web/engine/choices"],
  ["web/engine/rooms"],
  ["web/engine/sending", "web/engine/views"],
  ["web/engine/siblings"],
  ["web/engine/handover"],
  ["web/engine/copy"],
  ["web/engine/devices", "web/engine/sealed"],
  ["web/engine/session"],
  ["web/engine/pushed"],
  ["web/engine/engine.ts"],
  [
    "web/engine/engine-worker.ts",
    "web/engine/search-worker.ts",
    "web/engine/export-worker.ts",
    "web/engine/media-worker.ts",
  ],

  ["web/model"],
  ["web/model/conversation"],
  ["web/model/app.ts"],
  ["web/model/asking.ts"],
  [
    "web/model/account-actions.ts",
    "web/model/new-device.ts",
    "web/model/reacting.ts",
    "web/model/chat-actions.ts",
    "web/model/room-actions.ts",
    "web/model/links.ts",
    "web/model/muting.ts",
    "web/model/files",
    "web/model/search",
  ],
  ["web/model/room-running.ts"],
  ["web/ui/hooks", "web/ui/page"],
  ["web/ui/parts"],
  ["web/ui/list", "web/ui/conversation", "web/ui/dialogs", "web/ui/gate"],
  ["web/ui/people", "web/ui/search", "web/ui/settings"],
  ["web/ui"],
  ["web/trusted.ts", "web/push-reader.ts"],
  ["web/main.tsx", "web/look.ts", "web/service-worker.ts", "web/plain-library.ts", "web/shared-in.ts"],
];

/** What of a house the others may import; inside the house the layers alone decide. */
const ENTRY_POINTS: readonly {
  readonly of: string;
  readonly open: readonly string[];
  readonly to: readonly string[];
}[] = [
  { of: "worker", open: ["worker/contract", "worker/shared", "worker/network"], to: ["durable"] },
  { of: "worker", open: ["worker/contract", "worker/shared"], to: ["web"] },
  { of: "durable", open: ["durable/account.ts", "durable/gatekeeper.ts", "durable/gateway.ts"], to: ["worker"] },
  { of: "durable", open: [], to: ["web"] },
  { of: "web", open: [], to: ["worker", "durable"] },
  // Pages know the engine by its protocol; `main.tsx` starts it.
  { of: "web/engine", open: ["web/engine/protocol"], to: ["web/model", "web/ui"] },
];

export type ModuleRule = {
  readonly path: string;
  /** For the files that the rule is about, scaffolding and tests aside. */
  readonly files: readonly string[];
  readonly except: readonly string[];
  /** Regular expression of the import paths that these files must not name, with the reason. */
  readonly forbidden: readonly { readonly regex: string; readonly message: string }[];
};

/** The rule of every module. */
export function moduleRules(): readonly ModuleRule[] {
  return LAYERS.flatMap((layer, height) => layer.map((path) => ruleOf(path, height)));
}

function ruleOf(path: string, height: number): ModuleRule {
  const above = LAYERS.slice(height).flat();
  const others = above.filter((other) => other !== path).map((other) => ({ other, why: "is not below this module" }));
  const entries = ENTRY_POINTS.filter(({ to }) => to.some((house) => isWithin(path, house)));
  const closed = entries.flatMap(({ of, open }) =>
    LAYERS.flat()
      .filter((other) => isWithin(other, of) && !open.includes(other))
      .map((other) => ({ other, why: `is private to ${of}/` })),
  );
  return {
    path,
    files: isFile(path) ? [path] : [`${path}/*.{ts,tsx}`],
    except: ["**/*.test.ts", ...(isFile(path) ? [] : filesAtRoot(path))],
    forbidden: [
      ...[...closed, ...others].map(({ other, why }) => ({
        regex: pathsFrom(path, other),
        message: `${other} ${why} (tools/layers.ts).`,
      })),
      { regex: "/testing/", message: "Scaffolding is for tests alone." },
    ],
  };
}

/** Relative import paths from a file of one module to the files of another. */
function pathsFrom(path: string, other: string): string {
  const from = isFile(path) ? posix.dirname(path) : path;
  if (isFile(other)) return `^${escaped(relative(from, other))}(\\?.*)?$`;
  return `^${escaped(relative(from, other))}/[^/]+$`;
}

/** Files of a folder that are modules of their own. */
function filesAtRoot(folder: string): readonly string[] {
  return LAYERS.flat().filter((path) => isFile(path) && posix.dirname(path) === folder);
}

function relative(from: string, to: string): string {
  const path = posix.relative(from, to);
  return path === "" ? "." : path.startsWith(".") ? path : `./${path}`;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function isFile(path: string): boolean {
  return /\.tsx?$/.test(path);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
