/**
 * The database's history, append-only: a deployed step is never edited. `PRAGMA user_version` is refused by the
 * platform, so the steps done are counted in a table.
 */
import answers from "./schema/3-answers.sql";
import bookmarks from "./schema/13-bookmarks.sql";
import copy from "./schema/16-copy.sql";
import choices from "./schema/10-choices.sql";
import files from "./schema/15-files.sql";
import browserKeys from "./schema/7-browser-keys.sql";
import browserKinds from "./schema/5-browser-kinds.sql";
import occupantIds from "./schema/8-occupant-ids.sql";
import people from "./schema/9-people.sql";
import push from "./schema/17-push.sql";
import pushFailures from "./schema/18-push-failures.sql";
import provedReturns from "./schema/4-proved-returns.sql";
import pictures from "./schema/11-pictures.sql";
import suspicion from "./schema/6-suspicion.sql";
import schema from "./schema/1-schema.sql";
import sessionAndHistory from "./schema/2-session-and-history.sql";

const STEPS: readonly string[] = [
  schema,
  sessionAndHistory,
  answers,
  provedReturns,
  browserKinds,
  suspicion,
  browserKeys,
  occupantIds,
  people,
  choices,
  pictures,
  bookmarks,
  files,
  copy,
  push,
  pushFailures,
];

/** Bring the database to the newest schema. Synchronous, so it is one transaction of the constructor's turn. */
export function migrate(sql: SqlStorage): void {
  sql.exec("create table if not exists migrations (step integer primary key) strict");
  const { done } = sql.exec<{ done: number }>("select count(*) as done from migrations").one();
  for (const [step, text] of STEPS.entries()) {
    if (step < done) continue;
    sql.exec(text);
    sql.exec("insert into migrations (step) values (?)", step);
  }
}
