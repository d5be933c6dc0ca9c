import { allow, refuse } from "../../model/new-device.ts";
import type { ComponentChildren } from "preact";
import { plural, text } from "../../i18n/aside.ts";
import type { NoticeView } from "../../engine/protocol/account.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import { nameOf } from "../../model/chats.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import type { CopyView } from "../../engine/protocol/copy.ts";
import { CopyInstead, CopyLine } from "./copy-line.tsx";
import { Joining, LettingIn } from "./letting-in.tsx";
import { Fingerprint, LargeCode } from "./fingerprint.tsx";
import { HandoverLine } from "./handover-line.tsx";

type Of<Kind extends NoticeView["kind"]> = { readonly notice: Extract<NoticeView, { readonly kind: Kind }> };

function Frame(of: {
  readonly kind: string;
  readonly words: ComponentChildren;
  readonly children?: ComponentChildren;
}) {
  return (
    <section class="notice" data-kind={of.kind} role="status">
      <div class="notice-words">{of.words}</div>
      {of.children}
    </section>
  );
}

/** A device has come to the account: nothing is encrypted to it before somebody says here that it may read. */
function NewDevice({ notice }: Of<"new-device">) {
  const app = useApp();
  const { fingerprint, code } = notice;
  const name = notice.name ?? text("devices--unnamed");
  const words = (
    <>
      <p>
        <b>{text("notice--new-device")}</b> {text("notice--new-device-text", { name })}
      </p>
      {code === undefined ? undefined : <LargeCode digits={code} />}
      {fingerprint === undefined ? (
        <p>{text("notice--fetching")}</p>
      ) : (
        <details>
          <summary>{text("notice--details")}</summary>
          <p>{text("notice--new-device-details")}</p>
          <Fingerprint digits={fingerprint} />
        </details>
      )}
    </>
  );
  return (
    <Frame kind={notice.kind} words={words}>
      <div class="notice-actions">
        <button type="button" class="button button-quiet" onClick={() => drop(refuse(app, notice))}>
          {text("notice--not-me")}
        </button>
        <button
          type="button"
          class="button"
          disabled={fingerprint === undefined}
          onClick={() => drop(allow(app, notice))}
        >
          {text("notice--allow")}
        </button>
      </div>
    </Frame>
  );
}

/** This browser is new: who can let it in, and what both screens show. */
function Awaiting({ notice, copy }: Of<"awaiting"> & { readonly copy: CopyView | undefined }) {
  const words = (
    <>
      <p>
        <b>{text("notice--awaiting")}</b> {text("notice--awaiting-text")}
      </p>
      {notice.by.map(({ device, name, code }) =>
        code === undefined ? undefined : (
          <LargeCode
            key={device}
            label={text("notice--awaiting-code", { name: name ?? text("devices--unnamed") })}
            digits={code}
          />
        ),
      )}
      <CopyInstead copy={copy} />
    </>
  );
  return <Frame kind={notice.kind} words={words} />;
}

/** The same browsers have made themselves known to each other: that is shown in the place of this. */
function isToldBetter(notice: NoticeView, notices: readonly NoticeView[]): boolean {
  if (notice.kind === "awaiting") return notices.some(({ kind }) => kind === "joining");
  if (notice.kind !== "new-device") return false;
  const { device } = notice;
  return notices.some((one) => one.kind === "letting-in" && one.device === device && one.state !== "gone");
}

function Dismiss({ notice }: { readonly notice: NoticeView }) {
  const app = useApp();
  return (
    <button type="button" class="button" onClick={() => drop(app.engine.dismiss({ notice: notice.key }))}>
      {text("notice--got-it")}
    </button>
  );
}

type Question = "new-device" | "awaiting" | "joining" | "letting-in" | "handover" | "sealed-copy";

/** What only wants to be read. */
function Words({ notice }: { readonly notice: Exclude<NoticeView, { readonly kind: Question }> }) {
  const app = useApp();
  const chats = useValue(app.chats);
  const { kind } = notice;
  switch (kind) {
    case "own-devices":
    case "more-devices":
    case "devices-gone":
      return (
        <p>
          <b>{plural(`notice--${kind}`, notice.devices)}</b> {text(`notice--${kind}-text`)}{" "}
          <button type="button" class="link" onClick={() => app.go({ screen: "devices" })}>
            {text("notice--look")}
          </button>
        </p>
      );
    case "renewed":
    case "retold":
      return <p>{text(`notice--${kind}`, { name: nameOf(notice.jid, chats) })}</p>;
    case "differs":
      return <p>{text("notice--differs", { name: notice.name ?? text("notice--differs-other") })}</p>;
    case "returned":
    case "no-archive":
      return (
        <p>
          <b>{text(`notice--${kind}`)}</b> {text(`notice--${kind}-text`)}
        </p>
      );
    case "storage-not-kept":
      return <p>{text("notice--storage")}</p>;
    default:
      return missingCase(kind);
  }
}

function Notice({ notice, notices }: { readonly notice: NoticeView; readonly notices: readonly NoticeView[] }) {
  if (notice.kind === "letting-in") {
    const about = notices.find((one) => one.kind === "new-device" && one.device === notice.device);
    return <LettingIn notice={notice} fingerprint={about?.kind === "new-device" ? about.fingerprint : undefined} />;
  }
  const copy = notices.find((one): one is CopyView => one.kind === "sealed-copy");
  if (notice.kind === "joining")
    return <Joining notice={notice} awaiting={notices.find((one) => one.kind === "awaiting")} copy={copy} />;
  if (isToldBetter(notice, notices)) return null;
  if (notice.kind === "new-device") return <NewDevice notice={notice} />;
  if (notice.kind === "awaiting") return <Awaiting notice={notice} copy={copy} />;
  if (notice.kind === "sealed-copy") return <CopyLine copy={notice} />;
  if (notice.kind === "handover") return <HandoverLine handover={notice} />;
  return (
    <Frame kind={notice.kind} words={<Words notice={notice} />}>
      <Dismiss notice={notice} />
    </Frame>
  );
}

/** This browser's keys are older than what it has sent: it says so until the person has begun anew. */
function Behind() {
  const app = useApp();
  const words = (
    <p>
      <b>{text("behind--title")}</b> {text("behind--text")}
    </p>
  );
  return (
    <Frame kind="behind" words={words}>
      <button
        type="button"
        class="button"
        onClick={() => {
          app.dialog.value = { kind: "start-anew" };
        }}
      >
        {text("behind--action")}
      </button>
    </Frame>
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
        <Notice key={notice.key} notice={notice} notices={notices} />
      ))}
    </>
  );
}
