/** Writes out everything that can be read in this browser, part by part; the next is made when the last was taken. */
import type { BareJid } from "../../../worker/contract/names.ts";
import { report } from "../../../worker/shared/report.ts";
import { nameOfAddress, shownName } from "../../words/names.ts";
import type { Bytes } from "../bytes.ts";
import type { ExportProgress, ExportReply, ExportRequest } from "../protocol/exporting.ts";
import { type Database, openForReading } from "../store/database.ts";
import { type ChatRecord, type Format, htmlPage, LINES } from "./formats.ts";
import { recordOf } from "./record.ts";
import { writeHistory } from "./sealed.ts";
import { type WalkedChat, walkChats, walkMessages } from "./walk.ts";

type Begin = Extract<ExportRequest, { readonly ask: "begin" }>;

/** About so many characters travel at once. */
const PART = 256 * 1_024;

export class Exporting {
  readonly #reply: (reply: ExportReply) => void;
  #taken: (() => void) | undefined;

  constructor(reply: (reply: ExportReply) => void) {
    this.#reply = reply;
  }

  async ask(request: ExportRequest): Promise<void> {
    if (request.ask === "go") this.#taken?.();
    else await this.#export(request);
  }

  async #export({ account, format, words, passphrase = "" }: Begin): Promise<void> {
    let database: Database | undefined;
    try {
      database = await openForReading(account, () => undefined);
      if (format === "sealed") await this.#seal(database, passphrase);
      else await this.#write(database, account, format === "lines" ? LINES : htmlPage(words));
    } catch (error) {
      report("the export could not read", error);
      this.#reply({ kind: "failed" });
    } finally {
      database?.close();
    }
  }

  async #write(database: Database, account: BareJid, format: Format): Promise<void> {
    const all = await database.count("messages");
    let progress: ExportProgress = { done: 0, all, written: 0 };
    let part = await format.head(account, new Date().toISOString());
    for await (const chat of walkChats(database)) {
      let headed = false;
      for await (const rows of walkMessages(database, chat.jid)) {
        for (const row of rows) {
          const record = recordOf(row, account);
          progress = { ...progress, done: progress.done + 1 };
          if (record === undefined) continue;
          if (!headed) part += format.chat(chatOf(chat));
          headed = true;
          part += format.message(record);
          progress = { ...progress, written: progress.written + 1 };
          if (part.length >= PART) {
            await this.#give(part, progress);
            part = "";
          }
        }
      }
    }
    await this.#give(part + format.tail(progress.written), progress);
    this.#reply({ kind: "end", ...progress, done: all });
  }

  async #seal(database: Database, passphrase: string): Promise<void> {
    const progress = await writeHistory(database, passphrase, (bytes, at) => this.#giveBytes(bytes, at));
    this.#reply({ kind: "end", ...progress, done: progress.all });
  }

  #give(part: string, progress: ExportProgress): Promise<void> {
    return this.#giveBytes(new TextEncoder().encode(part), progress);
  }

  async #giveBytes(bytes: Bytes, progress: ExportProgress): Promise<void> {
    const taken = new Promise<void>((resolve) => {
      this.#taken = resolve;
    });
    this.#reply({ kind: "part", bytes, ...progress });
    await taken;
  }
}

function chatOf({ jid, chat, contact, room }: WalkedChat): ChatRecord {
  const name = chat.ownName || contact?.name || contact?.nick || room?.name || "";
  return { jid, name: shownName(name, nameOfAddress(jid)), room: room !== undefined };
}
