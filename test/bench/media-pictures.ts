/** Pictures of a long past, written into a browser as if they had been sent and seen. These run in the page. */

/** A photo of noise that compresses badly: so many points, about so many bytes. */
export async function photo(width: number, height: number, bytes: number): Promise<string> {
  const canvas = new OffscreenCanvas(width, height);
  const brush = canvas.getContext("2d");
  if (brush === null) throw new Error("This browser draws nothing");
  const line = brush.createLinearGradient(0, 0, width, height);
  for (const [at, colour] of ["#204060", "#d0a060", "#406020", "#e0e8f0"].entries()) line.addColorStop(at / 3, colour);
  brush.fillStyle = line;
  brush.fillRect(0, 0, width, height);
  const noise = brush.getImageData(0, 0, width, height);
  for (let at = 0; at < noise.data.length; at += 4) {
    const grain = ((at * 2_654_435_761) >>> 26) - 32;
    for (const channel of [at, at + 1, at + 2]) noise.data[channel] = (noise.data[channel] ?? 0) + grain;
  }
  brush.putImageData(noise, 0, 0);
  let best: Blob | undefined;
  for (const quality of [0.98, 0.94, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5]) {
    best = await canvas.convertToBlob({ type: "image/jpeg", quality });
    if (best.size <= bytes) break;
  }
  if (best === undefined) throw new Error("No photo");
  Object.assign(globalThis, { benchPhoto: new File([best], "photo.jpg", { type: "image/jpeg" }) });
  return `${(best.size / 1e6).toFixed(1)} MB`;
}

/** Chooses what was made and sends it at once. When, by the clock of this machine: chosen, in the tray, sent, its bubble stands. */
export async function sendPhoto(original: boolean): Promise<Record<"chosen" | "tray" | "pressed" | "bubble", number>> {
  const frame = () => new Promise(requestAnimationFrame);
  const until = async (is: () => boolean) => {
    while (!is()) await frame();
  };
  const input = document.querySelector<HTMLInputElement>("input[type=file]");
  if (input === null) throw new Error("Nothing can be chosen");
  const bubbles = () => document.querySelectorAll(".mine .file-open img").length;
  const before = bubbles();
  const data = new DataTransfer();
  data.items.add((globalThis as unknown as { benchPhoto: File }).benchPhoto);
  input.files = data.files;
  const chosen = Date.now();
  input.dispatchEvent(new Event("change", { bubbles: true }));
  await until(() => document.querySelector(".tray-file") !== null);
  const tray = Date.now();
  const box = document.querySelector<HTMLInputElement>(".tray-choice input");
  if (original) {
    await until(() => document.querySelector(".tray-choice input") !== null);
    const found = document.querySelector<HTMLInputElement>(".tray-choice input") ?? box;
    if (found?.checked === false) found.click();
  }
  const pressed = Date.now();
  document.querySelector<HTMLButtonElement>(".composer-send")?.click();
  await until(() => document.querySelectorAll(".mine .bubble-file").length > before);
  const bubble = Date.now();
  return { chosen, tray, pressed, bubble };
}

/** When the next picture of somebody else is drawn here, by the clock of this machine. */
export async function nextPicture(): Promise<number> {
  const pictures = () => [...document.querySelectorAll<HTMLImageElement>(".message:not(.mine) .file-open img")];
  const before = pictures().length;
  for (;;) {
    await new Promise(requestAnimationFrame);
    const last = pictures().at(-1);
    if (pictures().length > before && last?.complete === true && last.naturalWidth > 0) return Date.now();
  }
}

/**
 * A conversation with so many pictures, encrypted as they would have come and kept in this browser: each has its details, and
 * nobody has looked at one yet.
 */
export async function seedPictures(database: string, account: string, chat: string, count: number): Promise<void> {
  const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const kinds = await Promise.all(
    [
      [1280, 960],
      [960, 1280],
      [1600, 900],
      [1000, 1000],
    ].map(async ([width = 1, height = 1], at) => {
      const canvas = new OffscreenCanvas(width, height);
      const brush = canvas.getContext("2d");
      if (brush === null) throw new Error("This browser draws nothing");
      for (let row = 0; row < 40; row += 1) {
        brush.fillStyle = `hsl(${(row * 9 + at * 90) % 360} 60% ${30 + row}%)`;
        brush.fillRect((row * 37) % width, (row * 53) % height, width / 3, height / 4);
      }
      const plain = await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 })).arrayBuffer();
      const [key, iv] = [crypto.getRandomValues(new Uint8Array(32)), crypto.getRandomValues(new Uint8Array(12))];
      const handle = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, handle, plain);
      const details = JSON.stringify({
        file: { type: "image/jpeg", width, height, tiny: "FgsKNZqAhndxh3eIeHeIeGKAB/iH" },
      });
      return { sealed, digits: hex(iv) + hex(key), details };
    }),
  );
  const cache = await caches.open(`alcove-files-${account}`);
  const now = Date.now();
  const rows = [];
  for (let n = 0; n < count; n += 1) {
    const kind = kinds[n % kinds.length];
    if (kind === undefined) continue;
    const place = `files.example/${n}/p.jpg`;
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`https://${place}`));
    const headers = { "x-size": `${kind.sealed.byteLength}`, "x-used": `${now}` };
    await cache.put(`/file/${hex(new Uint8Array(digest))}`, new Response(kind.sealed, { headers }));
    const body = { kind: "text", text: `aesgcm://${place}#${kind.digits}`, details: kind.details };
    const key = crypto.randomUUID();
    const stands = {
      key,
      id: key,
      chat,
      position: n + 1 - count,
      at: now - (count - n) * 60_000,
      outgoing: n % 3 === 0,
    };
    rows.push({
      ...{ ...stands, encrypted: true, body, hidden: 0, counted: 0, epoch: "seed", state: undefined },
      ...{ archiveKey: `${chat}\n${key}`, cipherKey: `${chat}.1\n${key}` },
    });
  }
  const opened = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(database);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const transaction = opened.transaction(["messages", "chats", "meta", "sheets"], "readwrite");
  for (const row of rows) transaction.objectStore("messages").put(row);
  transaction.objectStore("meta").delete("sheets");
  transaction.objectStore("sheets").clear();
  const last = { key: "last", at: now, outgoing: false, body: { kind: "text", text: "x" }, position: 0 };
  transaction.objectStore("chats").put({ jid: chat, encrypted: true, exposed: false, readTo: 0, answered: true, last });
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onerror = () => reject(transaction.error);
  });
  opened.close();
}
