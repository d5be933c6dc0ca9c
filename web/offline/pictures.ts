/** Where a browser keeps the pictures that it has shown (Cache API): by account, gone with what else it keeps of one. */

/** The cache of an account's pictures. */
export function pictureCache(account: string): string {
  return `alcove-pictures-${account}`;
}
