/** Scripts that are not part of the first ones: fetched when they are wanted, and run only if their hash is the page's. */

/**
 * Fetches a script by its hash, so that the dynamic import that follows finds it: `Integrity-Policy` refuses one without,
 * and a dynamic import can name none. Where the page names no such script (while it is being developed) nothing is to be done.
 *
 * @param name of the chunk: `qr` for `web/model/qr.ts`
 * @throws when it cannot be had, or has another hash
 */
export async function fetchLater(name: string): Promise<void> {
  const [address, integrity] =
    document.querySelector<HTMLMetaElement>(`meta[name="later-${name}"]`)?.content.split(" ") ?? [];
  if (address === undefined || integrity === undefined) return;
  const link = document.createElement("link");
  link.rel = "modulepreload";
  link.href = address;
  link.integrity = integrity;
  await new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", () => reject(new Error(`The script ${name} was not loaded`)));
    document.head.append(link);
  });
}
