// RFC 6121 §5: a message of ours, as it goes out

import xml, { type Element } from "@xmpp/xml";
import type { SendArguments } from "../../worker/contract/calls.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { OMEMO_NAMESPACE, type OmemoMessage } from "../../worker/contract/omemo.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { buildAct } from "./about-another.ts";
import { buildChatState } from "./chat-states.ts";
import { legalText } from "./element.ts";
import { buildEncryption } from "./encryption.ts";
import { buildSharedFile } from "./file-sharing.ts";
import { buildHint } from "./hints.ts";
import { buildOriginId } from "./ids.ts";
import { buildMarkable } from "./markers.ts";
import { NS_MUC_USER } from "./muc.ts";
import { buildDetails, buildEncrypted } from "./omemo.ts";
import { buildReceiptRequest } from "./receipts.ts";
import { buildReferences } from "./references.ts";

/** For whoever cannot decrypt; also what makes archives without XEP-0334 keep the message. */
export const FALLBACK_BODY = "This message is encrypted with OMEMO; this app cannot show it.";

export type OutgoingMessage = {
  readonly to: BareJid;
  /** Becomes the stanza's `id` and its origin-id. The same message again has the same. */
  readonly id: string;
  readonly content: SendArguments["content"];
  /** Ask to be told when it arrives and when it is read; a room is never asked (XEP-0184 §5.3). */
  readonly receipt: boolean;
  /** `to` is a room. */
  readonly room?: boolean;
  /** It was told that this is being written: that is over now (XEP-0085 §5.1). */
  readonly typed?: boolean;
  /** Which message it takes the place of, which it answers, which it does something to. */
  readonly references?: Pick<SendArguments, "replaces" | "reply" | "act">;
};

/**
 * The stanza. A key transport (OMEMO without payload) shows nothing to anybody, so it has no body, names no encryption
 * and asks for no receipt, whatever `receipt` says.
 */
export function buildMessage({
  to,
  id,
  content,
  receipt,
  room = false,
  typed = false,
  references = {},
}: OutgoingMessage): Element {
  const message = xml("message", { to, type: room ? "groupchat" : "chat", id }, contentElements(content));
  if (receipt && !room && isText(content)) message.append(buildReceiptRequest(), buildMarkable());
  if (isText(content)) message.append(...buildReferences(references));
  if (typed && isText(content)) message.append(buildChatState("active"));
  if (references.act) message.append(...buildAct(references.act));
  message.append(buildOriginId(id));
  return message;
}

/** To one occupant of a room alone, in clear; `<x/>` tells servers what it is (XEP-0045 §7.5). */
export function buildWhisper(room: BareJid, nick: string, id: string, text: string): Element {
  return xml(
    "message",
    { to: `${room}/${nick}`, type: "chat", id },
    xml("body", {}, legalText(text)),
    xml("x", { xmlns: NS_MUC_USER }),
    buildOriginId(id),
  );
}

/** Says nothing and is kept by nobody: whether it comes back tells whether there is somebody (RFC 6121 §8.5). */
export function buildProbe(to: BareJid, id: string): Element {
  return xml(
    "message",
    { to, type: "chat", id },
    (["no-store", "no-permanent-store", "no-copy"] as const).map(buildHint),
  );
}

function contentElements(content: SendArguments["content"]): readonly Element[] {
  switch (content.kind) {
    case "clear":
      return [
        xml("body", {}, legalText(content.text)),
        ...(content.file ? buildSharedFile(content.file, content.text) : []),
      ];
    case "omemo":
      return encryptedElements(content.omemo);
    // Without a body archives keep it only when asked to (XEP-0334); a retraction brings words of its own.
    case "none":
      return [buildHint("store")];
    default:
      return missingCase(content);
  }
}

function encryptedElements(omemo: OmemoMessage): readonly Element[] {
  const encrypted = buildEncrypted(omemo);
  const store = buildHint("store");
  if (omemo.payload === undefined) return [encrypted, store];
  const details = omemo.details === undefined ? [] : [buildDetails(omemo.details)];
  return [xml("body", {}, FALLBACK_BODY), encrypted, ...details, buildEncryption("OMEMO", OMEMO_NAMESPACE), store];
}

function isText(content: SendArguments["content"]): boolean {
  return content.kind === "omemo" ? content.omemo.payload !== undefined : content.kind === "clear";
}
