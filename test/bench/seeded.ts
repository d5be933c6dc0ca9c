/** A long past, written into the database of a page. These run in the page. */

/** Conversations that are named so. */
export const friends = (count: number) => Array.from({ length: count }, (_, n) => `friend${n}@localhost`);

/**
 * Puts so many messages into these conversations of a browser's database, in turn, which is as one of before version 7 would be:
 * messages, and no sheets. No other message stays. What is said afterwards stands behind them, for their places end at 0.
 */
export async function seed(name: string, count: number, chats: readonly string[]): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const words =
    "the of to and a in is it you that he was for on are with as they be at one have this from or had by hot but some what there we can out other were all your when up use word how said an each she which do their time if will way about many then them would write like so these her long make thing see him two has look more day could go come did my sound no most number who over know water than call first people may down side been now find any new work part take get place made live where after back little only round man year came show every good me give our under name very through just form much great think say help low line before turn cause same mean differ move right boy old too does tell sentence set three want air well also play small end put home read hand port large spell add even land here must big high such follow act why ask men change went light kind off need house picture try us again animal point mother world near build self earth father head stand own page should country found answer school grow study still learn plant cover food sun four thought let keep eye never last door between city tree cross since hard start might story saw far sea draw left late run while press close night real life few stop".split(
      " ",
    );
  let random = 42;
  const next = (below: number) => {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
    return random % below;
  };
  const now = Date.now();
  const stores = ["messages", "chats", "meta", "sheets"];
  for (let from = 0; from < count; from += 2_000) {
    const transaction = database.transaction(stores, "readwrite");
    const messages = transaction.objectStore("messages");
    if (from === 0) messages.clear();
    for (let n = from; n < Math.min(count, from + 2_000); n += 1) {
      const text = Array.from({ length: 4 + next(24) }, () => words[next(words.length)]).join(" ");
      const marked = n === 12_345 ? " needle4711" : n % 90 === 0 ? " meeting" : n % 700 === 0 ? " in der Straße" : "";
      const chat = chats[n % chats.length];
      const key = crypto.randomUUID();
      messages.put({
        ...{
          key,
          id: key,
          chat,
          position: n + 1 - count,
          at: now - (count - n) * 600_000,
          outgoing: n % 3 === 0,
          encrypted: true,
        },
        ...{ body: { kind: "text", text: text + marked }, hidden: 0, counted: 0, epoch: "seed", state: undefined },
        archiveKey: `${chat}\n${key}`,
        cipherKey: `${chat}.${n % 5}\n${key}`,
      });
    }
    if (from === 0) {
      transaction.objectStore("meta").delete("sheets");
      transaction.objectStore("sheets").clear();
      for (const jid of chats) {
        const last = { key: "last", at: now, outgoing: false, body: { kind: "text", text: "x" }, position: 0 };
        transaction.objectStore("chats").put({ jid, encrypted: true, exposed: false, readTo: 0, answered: true, last });
      }
    }
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = () => reject(transaction.error);
    });
  }
  database.close();
}

/** Whether all of them have their sheets. */
export async function isFilled(name: string): Promise<boolean> {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const opening = indexedDB.open(name);
    opening.onsuccess = () => resolve(opening.result);
  });
  const row = await new Promise<{ filledTo?: string } | undefined>((resolve) => {
    const asking = database.transaction("meta").objectStore("meta").get("sheets");
    asking.onsuccess = () => resolve(asking.result);
  });
  database.close();
  return row?.filledTo === "\uffff";
}
