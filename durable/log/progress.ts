/** How far an own message has come, as the rows of the log count it; it never goes back. */
export const PROGRESS = { sent: 1, delivered: 2, read: 3 } as const;
export type Progress = keyof typeof PROGRESS;
