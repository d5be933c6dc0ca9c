import { useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { text } from "../../i18n/aside.ts";
import type { ChatSummary } from "../../engine/protocol/conversations.ts";
import { calledName } from "../../model/chats.ts";
import { addressText } from "../../words/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import { FailureNote } from "../parts/failure-note.tsx";
import { useApp } from "../hooks/use-app.ts";

type Action = "add" | "accept" | "decline";

/** Asks why, and blocks. */
function BlockButton({ jid }: { readonly jid: BareJid }) {
  const app = useApp();
  return (
    <button
      type="button"
      class="button button-quiet"
      onClick={() => {
        app.dialog.value = { kind: "block", jid };
      }}
    >
      {text("chat--block")}
    </button>
  );
}

function Question({
  chat,
  title,
  words,
  accept,
}: {
  readonly chat: ChatSummary;
  readonly title: string;
  readonly words: string;
  readonly accept: Action;
}) {
  const app = useApp();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const answer = async (action: Action) => {
    setBusy(true);
    setFailure(await app.answer(chat.jid, action));
    setBusy(false);
  };
  return (
    <section class="banner" data-relation={chat.relation}>
      <div class="banner-words">
        <b>{title}</b>
        <p>{words}</p>
        <FailureNote failure={failure} address={chat.jid} />
      </div>
      <div class="banner-actions">
        <BlockButton jid={chat.jid} />
        <button type="button" class="button button-quiet" disabled={busy} onClick={() => drop(answer("decline"))}>
          {text("request--decline")}
        </button>
        <button type="button" class="button" disabled={busy} onClick={() => drop(answer(accept))}>
          {text("request--accept")}
        </button>
      </div>
    </section>
  );
}

/** Nothing to decide: how things stand, and asking to see their presence. */
function Remark({
  chat,
  words,
  button,
  action = "add",
}: {
  readonly chat: ChatSummary;
  readonly words: string;
  readonly button: string;
  readonly action?: "add" | "unblock";
}) {
  const app = useApp();
  return (
    <p class="banner banner-quiet" data-relation={chat.relation}>
      {words}{" "}
      <button type="button" class="link" onClick={() => drop(app.orSay(app.answer(chat.jid, action)))}>
        {button}
      </button>
    </p>
  );
}

/** What stands between us and a contact: a request to answer, a stranger to judge, an answer to wait for. */
export function Relation({ chat }: { readonly chat: ChatSummary }) {
  const name = calledName(chat);
  const address = addressText(chat.jid);
  // Nobody can be asked for anything there.
  if (chat.absent !== undefined) return null;
  switch (chat.relation) {
    case "contact":
      return null;
    case "request":
      return (
        <Question
          chat={chat}
          title={text("request--title", { name })}
          words={text("request--text", { address })}
          accept="accept"
        />
      );
    case "blocked":
      return (
        <Remark chat={chat} words={text("blocked--text", { name })} button={text("chat--unblock")} action="unblock" />
      );
    case "asked":
      return <p class="banner banner-quiet">{text("asked--text", { name })}</p>;
    case "unshared":
      return <Remark chat={chat} words={text("unshared--text", { name })} button={text("unshared--ask")} />;
    case "former":
      return <Remark chat={chat} words={text("unknown--text", { name })} button={text("chat--add")} />;
    case "stranger":
      // Nothing from them yet: we began, so there is nothing to judge.
      if (chat.last === undefined)
        return <Remark chat={chat} words={text("unknown--begin", { name })} button={text("chat--add")} />;
      if (chat.last.outgoing && chat.unread === 0)
        return <Remark chat={chat} words={text("unknown--text", { name })} button={text("chat--add")} />;
      return (
        <Question
          chat={chat}
          title={text("stranger--title", { address })}
          words={text("stranger--text")}
          accept="add"
        />
      );
    default:
      return missingCase(chat.relation);
  }
}
