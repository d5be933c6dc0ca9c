/** Ports on loopback: who has them, and which are free for a test. */
import { connect, createServer, type Server } from "node:net";

const CONNECT_TIMEOUT_MS = 500;
/** Below what systems give to outgoing connections, above what programs of this project take by number. */
const FIRST_BLOCK = 20_000;
const BLOCKS = 500;
const BLOCK_PORTS = 20;

/** Held until the process ends, however it ends. */
const held: Server[] = [];

/**
 * Claims a block of ports that no other test has, in this run or another on the same machine: its last port is listened
 * on, and the system lets one process do so.
 * @returns the first of 19 ports
 * @throws when all blocks are taken
 */
export async function claimPorts(): Promise<number> {
  for (let block = 0; block < BLOCKS; block += 1) {
    const first = FIRST_BLOCK + block * BLOCK_PORTS;
    const server = await listening(first + BLOCK_PORTS - 1);
    if (server === undefined) continue;
    held.push(server);
    if ((await busyPorts(Array.from({ length: BLOCK_PORTS - 1 }, (_, at) => first + at))).length === 0) return first;
  }
  throw new Error(`All ports from ${FIRST_BLOCK} on are taken.`);
}

/** Undefined where somebody else listens there. */
function listening(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer().unref();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

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
