/**
 * Imported for its effect: a test that is interrupted still ends what it started. Without a listener a signal ends the
 * process at once and nobody gets the event `exit`, on which servers and runtimes are killed.
 */
const INTERRUPTED = 130;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(INTERRUPTED));
