/** In which hours of each day this browser tells nothing. */
import { useId } from "preact/hooks";
import type { QuietHours } from "../../../worker/contract/push.ts";
import { text } from "../../i18n/aside.ts";
import { useValue } from "../hooks/use-value.ts";
import { chooseNotifying, notifyChoice } from "../page/notify-choice.ts";
import { Switch } from "./rows.tsx";

const NIGHT: QuietHours = { from: 22 * 60, to: 7 * 60 };
const ENDS = ["from", "to"] as const;

export function QuietHoursSetting() {
  const { quiet } = useValue(notifyChoice);
  const id = useId();
  return (
    <>
      <Switch
        name="quiet"
        label={text("settings--quiet")}
        about={text("settings--quiet-about")}
        on={quiet !== undefined}
        onChange={(wanted) => chooseNotifying({ quiet: wanted ? NIGHT : undefined })}
      />
      {quiet === undefined ? undefined : (
        <div class="setting setting-hours">
          {ENDS.map((end) => (
            <div key={end} class="field">
              <label for={`${id}-${end}`}>{text(`settings--quiet-${end}`)}</label>
              <input
                id={`${id}-${end}`}
                type="time"
                required
                value={clockText(quiet[end])}
                onChange={(event) => {
                  const minute = minuteOf(event.currentTarget.value);
                  if (minute !== undefined) chooseNotifying({ quiet: { ...quiet, [end]: minute } });
                }}
              />
            </div>
          ))}
        </div>
      )}
    </>
  );
}

/** As a time field has it: `07:30`. */
function clockText(minute: number): string {
  const two = (of: number) => String(of).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Undefined while it is being filled in. */
function minuteOf(words: string): number | undefined {
  const [, hours, minutes] = /^(\d\d):(\d\d)/.exec(words) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}
