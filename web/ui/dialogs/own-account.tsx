/** What a person does about the account itself, at its server: another password, its end; and what a server's invitation means here. */
import { signal } from "@preact/signals-core";
import { useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { domainOf } from "../../../worker/shared/jid.ts";
import { text } from "../../i18n/aside.ts";
import { changePassword, deleteAccount } from "../../model/account-actions.ts";
import { addInviter } from "../../model/links.ts";
import type { ServerInvitation } from "../../model/server-invitation.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { forgetTaste } from "../page/forget.ts";
import { Dialog } from "../parts/dialog.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { Field } from "../parts/field.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";

type Closing = { readonly onClose: () => void };

const LEAST_PASSWORD = 8;

/** The address is known here: nobody has typed it. */
const wrongHere = ({ kind, detail }: Failure) =>
  kind === "wrong-password" && detail !== "empty" ? text("again--wrong") : undefined;

/** Password managers want to know whose it is. */
function Whose({ account }: { readonly account: string }) {
  return <input type="text" autocomplete="username" value={account} readOnly hidden />;
}

export function ChangePassword({ onClose }: Closing) {
  const app = useApp();
  const account = useValue(app.account) ?? "";
  const domain = domainOf(account);
  const [now] = useState(() => signal(""));
  const [next] = useState(() => signal(""));
  const [done, setDone] = useState<"all" | "sign-in-again" | undefined>(undefined);
  if (done !== undefined)
    return (
      <Dialog title={text("change-password--done-title")} onClose={onClose}>
        <p role="status">
          {text(done === "all" ? "change-password--done" : "change-password--sign-in-again", { domain })}
        </p>
        <p>{text("change-password--others")}</p>
        <div class="dialog-actions">
          <button type="button" class="button" autofocus onClick={onClose}>
            {text("device--close")}
          </button>
        </div>
      </Dialog>
    );
  const act = async (): Promise<Failure | undefined> => {
    if (next.peek().length < LEAST_PASSWORD) return { kind: "registration", detail: "password-short" };
    const change = await changePassword(app, now.peek(), next.peek());
    if (change !== undefined && !change.changed) return change.failure;
    setDone(change === undefined ? "all" : "sign-in-again");
    return undefined;
  };
  return (
    <FormDialog
      title={text("change-password--title")}
      lead={text("change-password--lead", { domain })}
      confirm={text("change-password--confirm")}
      busyLabel={text("change-password--busy")}
      about={account}
      act={act}
      says={wrongHere}
      onClose={onClose}
    >
      {(failure, note) => (
        <>
          <Whose account={account} />
          <Field
            label={text("change-password--now")}
            kind="password"
            value={now}
            wrong={failure?.kind === "wrong-password"}
            focus={true}
            describedBy={note}
          />
          <Field
            label={text("change-password--next")}
            kind="new-password"
            value={next}
            wrong={failure?.detail === "password-short"}
            describedBy={note}
          />
        </>
      )}
    </FormDialog>
  );
}

export function DeleteAccount({ onClose }: Closing) {
  const app = useApp();
  const account = useValue(app.account) ?? "";
  const domain = domainOf(account);
  const [password] = useState(() => signal(""));
  const act = async () => {
    const failure = await deleteAccount(app, password.peek());
    if (failure === undefined) forgetTaste();
    return failure;
  };
  return (
    <FormDialog
      title={text("delete-account--title", { account })}
      lead={text("delete-account--goes", { domain })}
      confirm={text("delete-account--confirm")}
      busyLabel={text("delete-account--busy")}
      about={account}
      bad={true}
      act={act}
      says={wrongHere}
      onClose={onClose}
    >
      {(failure, note) => (
        <>
          <p>{text("delete-account--stays")}</p>
          <p>{text("delete-account--others")}</p>
          <Whose account={account} />
          <Field
            label={text("again--password", { account })}
            kind="password"
            value={password}
            wrong={failure?.kind === "wrong-password"}
            describedBy={note}
          />
        </>
      )}
    </FormDialog>
  );
}

/** Somebody who is here has opened a link that a server made: to become a contact, or to make an account, which they have. */
export function OpenedInvitation({ invitation, onClose }: Closing & { readonly invitation: ServerInvitation }) {
  const app = useApp();
  const account = useValue(app.account) ?? "";
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const { inviter, domain, token } = invitation;
  const add = async () => {
    if (inviter === undefined) return;
    setBusy(true);
    setFailure(await addInviter(app, inviter, token));
    setBusy(false);
  };
  return (
    <Dialog
      title={inviter === undefined ? text("invited-already--title") : text("join--title", { inviter })}
      onClose={onClose}
    >
      <p>
        {inviter === undefined
          ? text("join--has-account", { domain, account })
          : text("join--adds", { inviter, account })}
      </p>
      <FailureNote failure={failure} address={inviter ?? domain} />
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" onClick={onClose}>
          {text(inviter === undefined ? "device--close" : "dialog--cancel")}
        </button>
        {inviter === undefined ? undefined : (
          <button type="button" class="button" disabled={busy} onClick={() => drop(add())}>
            {text("join--add")}
          </button>
        )}
      </div>
    </Dialog>
  );
}
