import { useEffect, useState } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import type { FileStorage } from "../../engine/protocol/files.ts";
import { plural, text } from "../../i18n/aside.ts";
import { bytesText } from "../../model/format.ts";
import { menus } from "../conversation/later-menus.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Choice, Fact, Leading } from "./rows.tsx";

/** What a person may choose between. */
const OFFERED = [0, 64_000_000, 256_000_000, 1_000_000_000, 4_000_000_000];

/** How much the files of conversations take in this browser, how much they may take, and the way to let them go. */
export function KeptFiles() {
  const app = useApp();
  const later = useValue(menus.now);
  const [stored, setStored] = useState<FileStorage | undefined>(undefined);
  const ask = later.state === "here" ? later.part.fileStorage : undefined;
  const change = async (how: Parameters<NonNullable<typeof ask>>[1]) => {
    const now = await ask?.(app, how);
    if (now !== undefined) setStored(now);
  };
  useEffect(() => {
    menus.want();
    drop(change({}));
  }, [ask]);
  // It takes the room it will have: nothing below moves when it is known.
  const { bytes = 0, files = 0, most } = stored ?? {};
  const offered = most === undefined || OFFERED.includes(most) ? OFFERED : [...OFFERED, most].toSorted((a, b) => a - b);
  return (
    <>
      <Fact label={text("settings--files")}>
        {files === 0 ? text("settings--files-none") : plural("settings--files-kept", files, { size: bytesText(bytes) })}
      </Fact>
      <Choice
        name="files"
        label={text("settings--files-most")}
        about={text("settings--files-about")}
        value={`${most ?? ""}`}
        values={offered.map((one) => ({
          value: `${one}`,
          label: one === 0 ? text("settings--files-nothing") : bytesText(one),
        }))}
        onChange={(value) => drop(change({ most: Number(value) }))}
      />
      {files === 0 ? undefined : (
        <Leading
          label={text("settings--files-empty")}
          about={text("settings--files-empty-about")}
          act={() => drop(change({ empty: true }))}
        />
      )}
    </>
  );
}
