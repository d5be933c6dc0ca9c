/** What `web/_headers` says, read as the platform reads it: a path, then its headers; `! Name` takes one away. */

export type HeaderRules = readonly {
  readonly path: string;
  readonly set: readonly (readonly [string, string])[];
  readonly unset: readonly string[];
}[];

export function parseHeaders(text: string): HeaderRules {
  const rules: { path: string; set: (readonly [string, string])[]; unset: string[] }[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const rule = rules.at(-1);
    if (!/^\s/.test(line)) rules.push({ path: line.trim(), set: [], unset: [] });
    else if (line.trim().startsWith("!")) rule?.unset.push(line.trim().slice(1).trim().toLowerCase());
    else
      rule?.set.push([line.slice(0, line.indexOf(":")).trim().toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]);
  }
  return rules;
}

/** The headers of a path, lower-case names. */
export function headersAt(rules: HeaderRules, path: string): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const { path: pattern, set, unset } of rules) {
    const matches = pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
    if (!matches) continue;
    for (const name of unset) delete headers[name];
    for (const [name, value] of set) headers[name] = value;
  }
  return headers;
}
