/** Gives a file to the person's own computer. */

/** A browser may still read it when the press is over. */
const KEPT_MS = 60_000;

/** `name`: a clean one (`web/media/file-name.ts`). The neutral type: no browser opens it in place of saving it. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file.slice(0, file.size, "application/octet-stream"));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
