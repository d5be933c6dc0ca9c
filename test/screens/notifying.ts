/** What the browser and the person say of notifications, for a scene. */
import { type Notifying, QUIET } from "../../web/model/notifications.ts";
import { chooseNotifying, followNotifyChoice } from "../../web/ui/page/notify-choice.ts";

followNotifyChoice();

/** `chosen`: where the browser lets them be shown. */
export function setNotifying(chosen: Notifying | undefined): void {
  const permission = chosen === undefined ? "default" : "granted";
  Object.defineProperty(Notification, "permission", { configurable: true, get: () => permission });
  // It is looked at anew whenever somebody comes back.
  document.dispatchEvent(new Event("visibilitychange"));
  chooseNotifying({ quiet: undefined, ...QUIET, ...chosen });
}
