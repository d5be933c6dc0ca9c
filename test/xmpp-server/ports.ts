import { connect } from "node:net";

const CONNECT_TIMEOUT_MS = 500;

/** Those of `ports` where something on this machine already accepts connections. */
export async function busyPorts(ports: readonly number[]): Promise<readonly number[]> {
  const answers = await Promise.all(ports.map(async (port) => ({ port, busy: await accepts(port) })));
  return answers.filter(({ busy }) => busy).map(({ port }) => port);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: CONNECT_TIMEOUT_MS });
    const settle = (busy: boolean) => {
      socket.destroy();
      resolve(busy);
    };
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
    socket.once("timeout", () => settle(false));
  });
}
