import { open, rename } from "node:fs/promises";

/** Writes a file for its owner alone, whole or not at all: it is on the disk before it takes the place of another. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const making = `${path}.new`;
  const file = await open(making, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(making, path);
}
