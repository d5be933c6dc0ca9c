/** Which contract a page and an object were built with. */

/**
 * Raised with every change of a shape below. A release understands the page and the object of the release before it:
 * what is new is optional for one release, what goes is ignored for one. The object names its own in `hello`.
 */
export const CONTRACT_VERSION = 6;

/** Of a browser that does not name its contract when it opens its socket: those of before contract 5. */
export const CONTRACT_UNNAMED = 1;
