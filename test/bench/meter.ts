/** What one object has used since it was made, of everything that is billed. */
export type Meter = {
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly statements: number;
  readonly alarmsSet: number;
  /** Calls, live upgrades and alarms; each is a billed request. */
  readonly requests: number;
  /** Frames from browsers; twenty are billed as one request. */
  readonly frames: number;
};
