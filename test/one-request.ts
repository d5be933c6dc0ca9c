/**
 * A connection for each request. What asks a server again after some seconds, as tests do that wait for something, may find that
 * the server has just closed the connection it was kept on, and is told `ECONNRESET`; a browser asks once more by itself.
 */
export const ONE_REQUEST = { connection: "close" } as const;
