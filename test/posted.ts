/** A POST that is answered by a stream, by Node's older client. */
import { request } from "node:http";
import { Readable } from "node:stream";

/**
 * Like `fetch`, which cannot be asked here: where the other end goes while nobody reads what it has sent, undici 7.29 throws out of
 * a socket's event (`assert(!this.paused)`), where no caller can catch it.
 * @throws where no answer comes
 */
export async function posted(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Response> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: "POST", agent: false, headers: { ...headers } });
    asking.on("error", reject);
    asking.on("response", (answer) => {
      const said = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
        values.map((value) => [name, value] as [string, string]),
      );
      const status = answer.statusCode ?? 0;
      resolve(new Response(Readable.toWeb(answer) as ReadableStream, { status, headers: said }));
    });
    asking.end(body);
  });
}
