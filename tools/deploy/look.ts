/** One request as it goes over the wire, with every header of the answer as it came, none merged or dropped. */
import { request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";

const TIMEOUT_MS = 20_000;

export type Looked = {
  readonly status: number;
  /** Lower-case names, in the order in which they came; one that came twice is there twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
};

/** @throws where nobody answers within 20 s, or the certificate is not good */
export function look(
  url: URL,
  {
    method = "GET",
    headers = {},
    body = "",
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Looked> {
  return new Promise((resolve, reject) => {
    const request = url.protocol === "http:" ? requestPlain : requestTls;
    const asked = request(url, { method, headers, timeout: TIMEOUT_MS }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => {
        const { rawHeaders: raw, statusCode: status = 0 } = answer;
        const pairs = raw.flatMap((name, at) =>
          at % 2 === 0 ? [[name.toLowerCase(), raw[at + 1] ?? ""] as const] : [],
        );
        resolve({ status, headers: pairs, body: Buffer.concat(parts).toString("utf8") });
      });
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer")));
    asked.on("error", reject);
    asked.end(body);
  });
}

/** Every value of a header. */
export function valuesOf({ headers }: Looked, name: string): readonly string[] {
  return headers.flatMap(([one, value]) => (one === name ? [value] : []));
}
