/** How fast voice messages are played, for whoever sits in front of this browser. */
import type { Remembered } from "../../model/files/playing.ts";

const KEY = "alcove-speed";

export const rememberedSpeed: Remembered = {
  read() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      // This browser keeps nothing.
      return null;
    }
  },
  write(speed) {
    try {
      localStorage.setItem(KEY, speed);
    } catch {
      // It holds until the page goes.
    }
  },
};
