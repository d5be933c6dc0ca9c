/**
 * Stands in for the ratchet library's compiled curve in the browser's build, where `curve.ts` does that work. The library
 * constructs the wrapper when it is loaded and replaces it at `setCurve`; only its old entry point, which is not called,
 * would ask for more.
 */

/** Only constructed, never used: `installCurve` runs before the first operation. */
export class AsyncCurve25519Wrapper {}
