/** Words about rooms and those in them. */
import type { Failure } from "../../worker/contract/failures.ts";

/** It asks for a password, and none was given or not the right one. */
export function asksForPassword({ detail }: Failure): boolean {
  return detail === "password needed" || detail === "wrong password";
}
