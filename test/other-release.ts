/** An object of another release, as far as a page can see: the live socket with another contract in its `hello`. */

/** Unchanged where it is no socket, or where `contract` is undefined. */
export function asRelease(contract: number | undefined, response: Response): Response {
  const object = response.webSocket;
  if (contract === undefined || object === null) return response;
  const { 0: page, 1: relay } = new WebSocketPair();
  object.accept();
  relay.accept();
  object.addEventListener("message", ({ data }) =>
    relay.send(typeof data === "string" ? saying(contract, data) : data),
  );
  relay.addEventListener("message", ({ data }) => object.send(data));
  object.addEventListener("close", ({ code, reason }) => relay.close(code === 1006 ? 1001 : code, reason));
  relay.addEventListener("close", ({ code, reason }) => object.close(code === 1006 ? 1001 : code, reason));
  return new Response(null, { status: 101, webSocket: page });
}

function saying(contract: number, text: string): string {
  if (!text.startsWith("{")) return text;
  const frame: { readonly type?: unknown } = JSON.parse(text);
  return frame.type === "hello" ? JSON.stringify({ ...frame, contract }) : text;
}
