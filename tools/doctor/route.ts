/** Where a name and port are dialled: where they lead, or where the person says (as curl's `--connect-to`). */

type Place = { readonly host: string; readonly port: number };
export type Route = (host: string, port: number) => Place;

/** @param lines `HOST:PORT=ADDRESS:PORT`; undefined where one of them is something else */
export function parseRoutes(lines: readonly string[]): Route | undefined {
  const places = new Map<string, Place>();
  for (const line of lines) {
    const [, from, host, port] = /^([^\s=]+:\d{1,5})=(\S+):(\d{1,5})$/.exec(line) ?? [];
    if (from === undefined || host === undefined) return undefined;
    places.set(from.toLowerCase(), { host: host.replace(/^\[|\]$/g, ""), port: Number(port) });
  }
  return (host, port) => places.get(`${host}:${port}`) ?? { host, port };
}
