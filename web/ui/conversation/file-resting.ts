/** What stands for a file that nobody knows of. */
import { signal } from "@preact/signals-core";
import type { FileState } from "../../model/files/files.ts";
import type { Underway } from "../../model/files/told.ts";

export const RESTING = signal<FileState>({ state: "resting" });
export const NOT_UNDERWAY = signal<Underway>({ done: 0, total: 0 });
