/**
 * A long past, the same in every browser of an account: of one that has the texts, or as a new one has it, which has the places
 * and none of the texts. These run in the page, on the database of the engine behind it.
 */

export type Past = {
  readonly messages: number;
  /** Addresses of conversations with one person, and of rooms. */
  readonly people: readonly string[];
  readonly rooms: readonly string[];
  readonly as: "texts" | "places";
};

/** Conversations that are named so. */
export const named = (what: string, count: number, host = "localhost") =>
  Array.from({ length: count }, (_, n) => `${what}${n}@${host}`);

/**
 * Puts a past before everything that was said on this server: corrections, answers, reactions, marks, pictures and all, in turn
 * in the conversations. The page has to be loaded anew afterwards.
 */
export async function putPast(name: string, { messages: count, people, rooms, as }: Past): Promise<void> {
  const whole = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error("it was not opened"));
    });
  const database = await whole(indexedDB.open(name));
  const words =
    "the of to and a in is it you that he was for on are with as they be at one have this from or had by hot but some what there we can out other were all your when up use word how said an each she which do their time if will way about many then them would write like so these her long make thing see him two has look more day could go come did my sound no most number who over know water than call first people may down side been now find".split(
      " ",
    );
  let random = 42;
  const next = (below: number) => {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
    return random % below;
  };
  const sentence = () => Array.from({ length: 4 + next(24) }, () => words[next(words.length)]).join(" ");
  const [chats, start, since] = [[...people, ...rooms], 1_700_000_000_000, 60_000];
  const isOwn = (n: number) => Math.floor(n / chats.length) % 3 === 0;
  const said = (n: number) => {
    const [text, before, marked] = [sentence(), sentence(), next(100)];
    const [at, position, id, chat] = [start + n * since, n + 1 - count, `past-${n}`, chats[n % chats.length] ?? ""];
    const [own, isRoom] = [isOwn(n), n % chats.length >= people.length];
    const author = isRoom && !own ? { nick: `bob${n % 3}`, jid: `bob${n % 3}@localhost` } : undefined;
    const picture = { kind: "image", type: "image/png", size: 60_000_000, width: 800, height: 600, name: `${n}.png` };
    const answered = n - chats.length;
    const body = marked === 0 ? `aesgcm://files.localhost/${n}.png#${"ab".repeat(44)}` : `${n} ${text}`;
    const opened = {
      ...(marked === 0 && { seen: picture }),
      ...(marked === 1 && { edited: true, editedAt: at + 1_000, earlier: [{ text: before, at }] }),
      ...(marked === 2 &&
        answered >= 0 && { quote: { key: `past-${answered}`, outgoing: isOwn(answered), text: before } }),
    };
    const reaction = { actor: "bob0@localhost", own: false, emojis: ["👍"], position, epoch: "past" };
    return {
      ...{ key: id, id, chat, position, at, outgoing: own, encrypted: true, epoch: "past", counted: 0 },
      ...{ archiveKey: `${chat}\n${id}`, cipherKey: `${own ? "alice@localhost" : chat}.${n % 5}\n${id}` },
      ...(author && { author }),
      ...(own && { state: ["sent", "delivered", "read"][n % 3] }),
      ...(marked === 3 && { reactions: [reaction] }),
      ...(as === "texts"
        ? { hidden: 0, body: { kind: "text", text: body }, ...opened }
        : { hidden: 1, body: { kind: "reason", reason: "before-device" } }),
    };
  };
  for (let from = 0; from < count; from += 2_000) {
    const transaction = database.transaction(["messages", "chats", "rooms"], "readwrite");
    for (let n = from; n < Math.min(count, from + 2_000); n += 1) {
      const row = said(n);
      transaction.objectStore("messages").put(row);
      const { key, at, outgoing, body, position, hidden } = row;
      const last = hidden === 0 && { last: { key, at, outgoing, body, position } };
      if (n >= count - chats.length)
        transaction
          .objectStore("chats")
          .put({ jid: row.chat, encrypted: true, exposed: false, readTo: 0, answered: true, ...last });
    }
    for (const jid of from === 0 ? rooms : [])
      transaction.objectStore("rooms").put({ jid, nick: "alice", joined: true, closed: true, members: [] });
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = () => reject(transaction.error ?? new Error("it was not written"));
    });
  }
  database.close();
}

/** Every message of a browser, without what is each browser's own: where it stands, whose it is, what it says, how it is marked. */
export async function keptOf(name: string): Promise<readonly string[]> {
  const whole = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error("it was not read"));
    });
  type Row = Record<string, unknown> & { readonly quote?: object; readonly reactions?: readonly object[] };
  const database = await whole(indexedDB.open(name));
  const rows = (await whole(database.transaction("messages").objectStore("messages").getAll())) as readonly Row[];
  database.close();
  return rows
    .map(({ id, chat, position, outgoing, hidden, body, state, edited, editedAt, earlier, seen, ...row }) => {
      const quote = row.quote && { ...row.quote, key: undefined };
      const reactions = row.reactions?.map((one) => ({ ...one, epoch: undefined, position: undefined }));
      const all = { id, chat, position, outgoing, hidden, body, state, edited, editedAt, earlier, seen };
      return JSON.stringify({ ...all, quote, reactions });
    })
    .sort();
}

/** How many of the conversations have so many readable messages, and how many messages are readable at all. */
export async function readableIn(
  name: string,
  chats: readonly string[],
  each: number,
): Promise<{ readonly shown: number; readonly all: number }> {
  const opened = indexedDB.open(name);
  const database = await new Promise<IDBDatabase>((resolve) => {
    opened.onsuccess = () => resolve(opened.result);
  });
  const index = database.transaction("messages").objectStore("messages").index("timeline");
  const counts = await Promise.all(
    chats.map(
      (chat) =>
        new Promise<number>((resolve) => {
          const counting = index.count(IDBKeyRange.bound([chat, 0], [chat, 1], false, true));
          counting.onsuccess = () => resolve(counting.result);
        }),
    ),
  );
  database.close();
  return { shown: counts.filter((count) => count >= each).length, all: counts.reduce((sum, one) => sum + one, 0) };
}
