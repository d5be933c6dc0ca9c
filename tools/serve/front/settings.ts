/** What the Worker before the Worker is given, and what it tells its operator. */

export type FrontSettings = {
  readonly origin: string;
  /** Addresses and networks, checked before. */
  readonly proxies: readonly string[];
  readonly tls: boolean;
  readonly release: string;
};

/** Neither who asked nor what. */
export type Status = {
  readonly release: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Requests without an answer yet; open sockets do not count. */
  readonly running: number;
};
