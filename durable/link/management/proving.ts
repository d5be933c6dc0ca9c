/** How long what takes when a stream goes on (XEP-0198 §5); tests on a machine that does much else make it longer. */
export const PROVING = {
  /** For the first answer on a resumed stream that may hear nothing. */
  withinMs: 5_000,
};
