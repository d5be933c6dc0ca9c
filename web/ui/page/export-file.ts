/** The file that is written out: on the disk as it comes where the browser can do that, else kept by it in parts until it is whole. */
import type { ExportSink } from "../../model/export-run.ts";

type SavePicker = (options: {
  readonly suggestedName: string;
}) => Promise<{ createWritable(): Promise<ExportSink & { write(bytes: Uint8Array): Promise<void> }> }>;

/** Long enough for the slowest browser to begin with it. */
const KEPT_MS = 60_000;

/** Undefined where the person has changed their mind. Has to be called while a press is handled. */
export async function chooseFile(name: string, type: string): Promise<ExportSink | undefined> {
  const pick = (globalThis as { readonly showSaveFilePicker?: SavePicker }).showSaveFilePicker;
  if (pick === undefined) return downloadOf(name, type);
  try {
    const file = await pick({ suggestedName: name });
    return await file.createWritable();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return undefined;
    // Not allowed here, by a policy of the browser: it can still be downloaded.
    return downloadOf(name, type);
  }
}

/** Each part is a blob of its own, which the browser may keep on the disk. */
function downloadOf(name: string, type: string): ExportSink {
  let parts: Blob[] = [];
  return {
    async write(bytes) {
      parts.push(new Blob([bytes]));
    },
    async close() {
      const address = URL.createObjectURL(new Blob(parts, { type }));
      parts = [];
      const link = document.createElement("a");
      link.href = address;
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
    },
    async abort() {
      parts = [];
    },
  };
}
