import { drop } from "../../../worker/shared/drop.ts";
import type { NoticeView } from "../../engine/protocol/account.ts";
import type { CopyView } from "../../engine/protocol/copy.ts";
import type { JoiningView, LettingInView } from "../../engine/protocol/letting-in.ts";
import { text } from "../../i18n/aside.ts";
import { fullDayAndTime } from "../../model/format.ts";
import { type LettingInAnswer, letIn, refuseBrowser } from "../../model/new-device.ts";
import { useApp } from "../hooks/use-app.ts";
import { mayHaveCamera } from "../page/camera.ts";
import { CopyInstead } from "./copy-line.tsx";
import { Fingerprint, LargeCode } from "./fingerprint.tsx";
import { QrCode } from "./qr-code.tsx";

/** Six digits, as they are read from one screen to the other. */
function spaced(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}

/** `fingerprint`: of the key that the new browser's device has shown so far. */
type Of = { readonly notice: LettingInView; readonly fingerprint?: string | undefined };

/** A new browser wants to be let in, beside the code that both screens show. */
export function LettingIn({ notice, fingerprint }: Of) {
  const name = notice.name ?? text("devices--unnamed");
  switch (notice.state) {
    case "code":
      return <Question notice={notice} name={name} fingerprint={fingerprint} />;
    case "allowed":
      return (
        <section class="notice" data-kind="letting-in" role="status">
          <div class="notice-words">
            <p>
              <b>{text("let-in--allowed")}</b> {text("let-in--allowed-text", { name })}
            </p>
            {notice.code === undefined ? undefined : <LargeCode digits={spaced(notice.code)} />}
          </div>
        </section>
      );
    default:
      return <Failed notice={notice} name={name} />;
  }
}

function Question({ notice, name, fingerprint }: Of & { readonly name: string }) {
  const app = useApp();
  const { device, code = "", proven, since } = notice;
  const answer = (how: LettingInAnswer) => () => drop(letIn(app, how));
  return (
    <section class="notice letting-in" data-kind="letting-in" role="status">
      <div class="notice-words">
        <p>
          <b>{text("let-in--title")}</b>{" "}
          {proven === true
            ? text("let-in--proven", { name })
            : text("let-in--who", { name, when: since === undefined ? "" : fullDayAndTime(since) })}
        </p>
        {proven === true ? undefined : <LargeCode digits={spaced(code)} />}
        {proven === true ? undefined : (
          <p>
            <button
              type="button"
              class="link"
              onClick={() => {
                app.dialog.value = { kind: "browser-picture", device };
              }}
            >
              {text("let-in--scan")}
            </button>
          </p>
        )}
        {fingerprint === undefined ? undefined : (
          <details>
            <summary>{text("notice--details")}</summary>
            <p>{text("notice--new-device-details")}</p>
            <Fingerprint digits={fingerprint} />
          </details>
        )}
      </div>
      <div class="notice-actions">
        <button type="button" class="button button-quiet" onClick={() => drop(refuseBrowser(app, device, name))}>
          {text("let-in--not-me")}
        </button>
        <button type="button" class="button button-quiet" onClick={answer({ act: "allow", device, history: false })}>
          {text("let-in--allow")}
        </button>
        <button type="button" class="button" onClick={answer({ act: "allow", device, history: true })}>
          {text("let-in--allow-history")}
        </button>
      </div>
    </section>
  );
}

function Failed({ notice, name }: Of & { readonly name: string }) {
  const app = useApp();
  const { device, state } = notice;
  if (state === "code" || state === "allowed") return null;
  const again = state === "too-many" || state === "broken";
  return (
    <section class="notice" data-kind="letting-in" role="status">
      <div class="notice-words">
        <p>
          <b>{text("let-in--failed", { name })}</b> {text(`let-in--${state}`)}
        </p>
      </div>
      <div class="notice-actions">
        {state === "gone" ? undefined : (
          <button type="button" class="button button-quiet" onClick={() => drop(refuseBrowser(app, device, name))}>
            {text("let-in--not-me")}
          </button>
        )}
        {again ? (
          <button type="button" class="button" onClick={() => drop(letIn(app, { act: "again", device }))}>
            {text("let-in--again")}
          </button>
        ) : (
          <button type="button" class="button" onClick={() => drop(letIn(app, { act: "close", device }))}>
            {text("let-in--close")}
          </button>
        )}
      </div>
    </section>
  );
}

type Awaiting = Extract<NoticeView, { readonly kind: "awaiting" }>;

/** This browser is new: what to do elsewhere, and what both screens show. `awaiting`: the digits that older releases show. */
export function Joining({
  notice,
  awaiting,
  copy,
}: {
  readonly notice: JoiningView;
  readonly awaiting: Awaiting | undefined;
  readonly copy: CopyView | undefined;
}) {
  const app = useApp();
  const shown = notice.by.some(({ state }) => state === "code");
  const asked = notice.by.some(({ state }) => state === "asks");
  const again = notice.again === true;
  return (
    <section class="notice joining" data-kind="awaiting" role="status">
      <div class="notice-words">
        <p>
          <b>{text(again ? "joining--again" : "joining--title")}</b> {again && text("joining--again-text")}
          {asked || again ? undefined : text("joining--text")}
        </p>
        {notice.by.map((one) => (
          <Older key={one.device} one={one} long={awaiting?.by.find(({ device }) => device === one.device)?.code} />
        ))}
        {shown && notice.card !== undefined && mayHaveCamera() ? (
          <p>
            <button
              type="button"
              class="link"
              onClick={() => {
                app.dialog.value = { kind: "browser-picture" };
              }}
            >
              {text("let-in--scan")}
            </button>
          </p>
        ) : undefined}
        <CopyInstead copy={copy} />
      </div>
      {shown && notice.card !== undefined ? <QrCode words={notice.card} label={text("let-in--picture")} /> : undefined}
    </section>
  );
}

type One = JoiningView["by"][number];

/** One of those that can let this browser in. */
function Older({ one, long }: { readonly one: One; readonly long: string | undefined }) {
  const app = useApp();
  const { device, state, code } = one;
  const name = one.name ?? text("devices--unnamed");
  const answer = (act: "same" | "differs" | "again") => () => drop(letIn(app, { act, device }));
  switch (state) {
    case "code":
      return <LargeCode label={text("joining--code", { name })} digits={spaced(code ?? "")} />;
    case "asks":
      return (
        <>
          <p>
            <b>{text("joining--asks", { name })}</b>
          </p>
          <LargeCode digits={spaced(code ?? "")} />
          <div class="notice-actions">
            <button type="button" class="button button-quiet" onClick={answer("differs")}>
              {text("joining--differs-button")}
            </button>
            <button type="button" class="button" onClick={answer("same")}>
              {text("joining--same")}
            </button>
          </div>
        </>
      );
    case "agreeing":
    case "away":
      return (
        <>
          <p>{text(`joining--${state}`, { name })}</p>
          {long === undefined ? undefined : (
            <details>
              <summary>{text("notice--details")}</summary>
              <LargeCode label={text("joining--older", { name })} digits={long} />
            </details>
          )}
        </>
      );
    default:
      return (
        <p>
          {text(`joining--${state}`, { name })}{" "}
          {state === "too-many" || state === "broken" ? (
            <button type="button" class="link" onClick={answer("again")}>
              {text("let-in--again")}
            </button>
          ) : undefined}
        </p>
      );
  }
}
