/** What a compiler does not see: which house may import from which, and what must not stand in the source at all. */

export type SourceFile = { readonly path: string; readonly text: string };
export type Finding = { readonly path: string; readonly says: string };

const IMPORTS = /(?:(?<!["'])\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)["']([^"']+)["']/g;
/** The shapes that pass between page, Worker and object: its files know each other alone. */
const CONTRACT = "worker/contract/";
/** Scaffolding of the engine's tests, in no production program: it reads calls by the very schemas of the Worker. */
const SCRIPTED_EDGE = "web/engine/testing/scripted-edge.ts";
/** What page, Worker and object have one of: it imports nothing but the contract and itself. */
const SHARED = "worker/shared/";
/** What Worker and object alike know of the world outside: pages reach nothing but their own origin. */
const NETWORK = "worker/network/";

/** Ways to turn a peer's text into markup or code; a text is only ever a text node. */
const MARKUP =
  /\b(?:innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|createContextualFragment|setHTMLUnsafe)\b|\bdocument\.write\b|\beval\s*\(|\bnew Function\s*\(/;
/** Production refuses to verify another name than the one dialled; nothing here may turn verification off. */
const VERIFICATION = /\b(?:expectedServerHostname|rejectUnauthorized)\b/;
/** Passwords stay in the browser: neither Worker nor object has one to make keys of, but for the gateway, whose own it is. */
const PASSWORDS = /["'`]PBKDF2/;
const SCRAM_KEYS = "worker/shared/scram-keys.ts";
const GATEWAY = "durable/gateway/";

/** S20: one function writes into a console, of which its own test says what. */
const CONSOLE = /\bconsole\b|\breportError\b/;
const REPORT = "worker/shared/report.ts";
/** What it is given to write beside the class of the error are words of the source. */
const COMPOSED_REPORT = /\breport\(\s*(?!["'])[^)\s]/;

/** Findings about the TypeScript of the three houses. Paths are within the project. */
export function checkHouses(files: readonly SourceFile[]): readonly Finding[] {
  return files.flatMap((file) => [...importFindings(file), ...textFindings(file)]);
}

/**
 * Sides of the screen, which are the wrong ones where lines run to the left: physical properties, values, four distances
 * of which those at the sides differ, and ways along the line that do not know where it runs.
 */
const SIDES = [
  /(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-)?(?:left|right)(?:-(?:width|style|color))?\s*:/,
  /border-(?:top|bottom)-(?:left|right)-radius/,
  /(?:text-align|float|clear)\s*:\s*(?:left|right)\b/,
  /(?<![\w-])(?:margin|padding|inset)\s*:[^;]*;/,
  /translateX\((?!calc\(var\(--along\))|scaleX\((?!var\(--along\))/,
] as const;

/** Findings about style sheets: they speak of where lines begin and end, never of left and right. */
export function checkStyles(files: readonly SourceFile[]): readonly Finding[] {
  return files.flatMap(({ path, text }) => {
    const rules = text.replace(/\/\*[\s\S]*?\*\//g, "");
    return SIDES.flatMap((side) => [...rules.matchAll(new RegExp(side, "g"))].map(([found]) => found))
      .filter((found) => !found.endsWith(";") || hasUnevenSides(found))
      .map((found) => ({ path, says: `names a side of the screen: ${found}` }));
  });
}

/** Of `padding: 1px 2px 3px 4px;` the second and the fourth. */
function hasUnevenSides(declaration: string): boolean {
  const value = declaration.slice(declaration.indexOf(":") + 1, -1);
  const [, end, , start] = value.match(/(?:[\w-]*\((?:[^()]|\([^()]*\))*\)|[^\s()])+/g) ?? [];
  return start !== undefined && start !== end;
}

type Manifest = { readonly [group: string]: Readonly<Record<string, string>> | undefined };

/**
 * A package is declared at one version, and the parts of `@xmpp/client` at the version of the set: they are released
 * and tested together.
 * @param text package.json
 */
export function checkManifest(text: string): readonly Finding[] {
  const manifest = JSON.parse(text) as Manifest;
  const declared = ["dependencies", "devDependencies", "optionalDependencies"].flatMap((group) =>
    Object.entries(manifest[group] ?? {}),
  );
  const set = declared.find(([name]) => name === "@xmpp/client")?.[1];
  return declared.flatMap(([name, version]) => {
    if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
      return [manifestFinding(`${name} is not declared at one version`)];
    if (!name.startsWith("@xmpp/") || version === set) return [];
    return [manifestFinding(`${name} is ${version}, but @xmpp/client is ${set}`)];
  });
}

function manifestFinding(says: string): Finding {
  return { path: "package.json", says };
}

type LockFile = {
  readonly packages: Readonly<Record<string, { readonly integrity?: string; readonly resolved?: string }>>;
};

/**
 * The lock file names packages and their hashes, never where to download them from: any registry will do, and none is
 * trusted. An entry without a hash is installed as it comes, so that counts for packages of other systems, too.
 * @param text package-lock.json
 */
export function checkLockFile(text: string): readonly Finding[] {
  const { packages } = JSON.parse(text) as LockFile;
  // The entry without a name is the project itself.
  return Object.entries(packages).flatMap(([path, { integrity, resolved }]) => [
    ...(resolved === undefined ? [] : [lockFinding(`${path} has a download address (\`resolved\`); see .npmrc`)]),
    ...(path === "" || integrity?.startsWith("sha512-")
      ? []
      : [lockFinding(`${path} has no SHA-512 hash (\`integrity\`)`)]),
  ]);
}

function lockFinding(says: string): Finding {
  return { path: "package-lock.json", says };
}

function importFindings({ path, text }: SourceFile): readonly Finding[] {
  const house = path.split("/")[0];
  const targets = [...text.matchAll(IMPORTS)].map((match) => match[1] ?? "");
  if (path.startsWith(CONTRACT)) {
    const others = targets.filter((target) => !/^\.\/[\w-]+\.ts$/.test(target));
    return others.map((target) => ({ path, says: `the contract imports ${target}` }));
  }
  const outside = targets.filter((target) => !target.startsWith("."));
  if (path.startsWith(SHARED) && !path.endsWith(".test.ts") && outside.length > 0)
    return outside.map((target) => ({ path, says: `what all houses share imports ${target}` }));
  return targets
    .filter((target) => target.startsWith("."))
    .map((target) => new URL(target, `file:///${path}`).pathname.slice(1))
    .filter((target) =>
      path.startsWith(SHARED) ? !isForAll(target) : isForbidden(house, target) || makesKeys(path, target),
    )
    .filter((target) => !(path === SCRIPTED_EDGE && target === "worker/arguments.ts"))
    .map((target) => ({ path, says: `${house}/ imports ${target}` }));
}

function isForAll(target: string): boolean {
  return target.startsWith(CONTRACT) || target.startsWith(SHARED);
}

function makesKeys(path: string, target: string): boolean {
  return target === SCRAM_KEYS && /^(?:worker|durable)\//.test(path) && !path.startsWith(GATEWAY);
}

function isForbidden(house: string | undefined, target: string): boolean {
  switch (house) {
    case "web":
      return target.startsWith("durable/") || (target.startsWith("worker/") && !isForAll(target));
    case "durable": {
      const open = isForAll(target) || target.startsWith(NETWORK);
      return target.startsWith("web/") || (target.startsWith("worker/") && !open);
    }
    case "worker":
      return target.startsWith("web/");
    default:
      return false;
  }
}

function textFindings({ path, text }: SourceFile): readonly Finding[] {
  if (path.endsWith(".test.ts")) return [];
  const code = withoutComments(text);
  const patterns = [
    ...(path.startsWith("web/") ? [MARKUP] : [VERIFICATION, ...(path === SCRAM_KEYS ? [] : [PASSWORDS])]),
    ...(path === REPORT ? [] : [CONSOLE, COMPOSED_REPORT]),
  ];
  return patterns.flatMap((pattern) => {
    const found = pattern.exec(code);
    return found === null ? [] : [{ path, says: `uses ${found[0]}` }];
  });
}

/** Good enough for a search: a comment may name what the code must not do. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}
