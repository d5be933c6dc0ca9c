import { useEffect, useState } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import type { DeviceItem } from "../../engine/protocol/account.ts";
import type { CopyView } from "../../engine/protocol/copy.ts";
import { text } from "../../i18n/aside.ts";
import { bytesText } from "../../model/format.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { KeptFiles } from "./kept-files.tsx";
import { Fact, Leading, Note, Section } from "./rows.tsx";

/** This browser among the account's devices; again whenever they have changed. */
function useOwnBrowser(): DeviceItem | undefined {
  const app = useApp();
  const [own, setOwn] = useState<DeviceItem | undefined>(undefined);
  useEffect(() => {
    const look = async () => {
      const { devices } = await app.engine.devices({ jid: undefined });
      setOwn(devices.find(({ here }) => here));
    };
    drop(look());
    return app.engine.onEvent((event) => {
      if (event.type === "devices" && event.jid === app.account.peek()) drop(look());
    });
  }, [app]);
  return own;
}

type Stored = { readonly used: number | undefined; readonly kept: boolean };

async function lookAtStorage(): Promise<Stored> {
  const { usage } = await navigator.storage.estimate();
  return { used: usage, kept: await navigator.storage.persisted() };
}

/** What it is called, what it keeps, and whether the browser has promised to keep that. */
export function ThisBrowser() {
  const app = useApp();
  const own = useOwnBrowser();
  const copy = useValue(app.notices).find((notice): notice is CopyView => notice.kind === "sealed-copy");
  const [stored, setStored] = useState<Stored | undefined>(undefined);
  const [asked, setAsked] = useState(false);
  useEffect(() => drop(lookAtStorage().then(setStored)), []);
  const keep = async () => {
    await app.engine.storage({ kept: await navigator.storage.persist() });
    setStored(await lookAtStorage());
    setAsked(true);
  };
  const { browser, name } = own ?? {};
  return (
    <Section name="browser" title={text("settings--browser")}>
      {browser === undefined || name === undefined ? undefined : (
        <Leading
          label={text("settings--browser-name")}
          about={<bdi>{name}</bdi>}
          act={() => {
            app.dialog.value = { kind: "rename-browser", browser, name };
          }}
        />
      )}
      <Fact label={text("settings--storage")}>
        {stored?.used === undefined
          ? text("settings--storage-unknown")
          : text("settings--storage-used", { size: bytesText(stored.used) })}
      </Fact>
      <Note>{text("settings--storage-open")}</Note>
      <KeptFiles />
      <Leading
        label={text("settings--export")}
        about={text("settings--export-about")}
        act={() => {
          app.dialog.value = { kind: "export" };
        }}
      />
      <Leading
        label={text("settings--import")}
        about={text("settings--import-about")}
        act={() => {
          app.dialog.value = { kind: "import" };
        }}
      />
      {copy === undefined ? undefined : (
        <Leading
          label={text("settings--copy")}
          about={text(
            copy.kept === undefined
              ? "settings--copy-off"
              : copy.here === "none"
                ? "settings--copy-there"
                : "settings--copy-on",
          )}
          act={() => {
            app.dialog.value = { kind: "sealed-copy" };
          }}
        />
      )}
      {stored === undefined ? undefined : stored.kept ? (
        <Note>{text("settings--storage-kept")}</Note>
      ) : (
        <>
          <Leading label={text("settings--keep")} about={text("settings--keep-about")} act={() => drop(keep())} />
          {asked ? <Note alert={true}>{text("settings--keep-refused")}</Note> : undefined}
        </>
      )}
    </Section>
  );
}
