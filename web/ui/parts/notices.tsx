import type { ComponentChildren } from "preact";
import { text } from "../../i18n/text.ts";
import type { NoticeView } from "../../engine/protocol.ts";
import { drop } from "../../engine/drop.ts";
import { missingCase } from "../../engine/missing-case.ts";
import { useApp } from "../use-app.ts";
import { useValue } from "../use-value.ts";
import { Fingerprint } from "./fingerprint.tsx";

function contentOf(notice: NoticeView): ComponentChildren {
  switch (notice.kind) {
    case "new-device":
      return (
        <>
          <p>
            <b>{text("notice--new-device", { name: notice.name ?? text("devices--unnamed") })}</b>{" "}
            {text("notice--new-device-text")}
          </p>
          <Fingerprint digits={notice.fingerprint} />
        </>
      );
    case "storage-not-kept":
      return <p>{text("notice--storage")}</p>;
    default:
      return missingCase(notice);
  }
}

/** This browser's keys are older than what it has sent: it says so until the person has begun anew. */
function Behind() {
  const app = useApp();
  return (
    <section class="notice" data-kind="behind" role="status">
      <div class="notice-words">
        <p>
          <b>{text("behind--title")}</b> {text("behind--text")}
        </p>
      </div>
      <button
        type="button"
        class="button"
        onClick={() => {
          app.dialog.value = { kind: "start-anew" };
        }}
      >
        {text("behind--action")}
      </button>
    </section>
  );
}

/** Things that happened to the account and want to be seen once. */
export function Notices() {
  const app = useApp();
  const notices = useValue(app.notices);
  return (
    <>
      {useValue(app.connection).encryption === "behind" ? <Behind /> : undefined}
      {notices.map((notice) => (
        <section key={notice.key} class="notice" data-kind={notice.kind} role="status">
          <div class="notice-words">{contentOf(notice)}</div>
          <button type="button" class="button" onClick={() => drop(app.engine.dismiss({ notice: notice.key }))}>
            {text("notice--got-it")}
          </button>
        </section>
      ))}
    </>
  );
}
