/**
 * Goes through every place of the page where words of others stand. Runs inside the page, as one function that knows
 * nothing but its arguments; the test's scripts are under no policy of the page.
 */
import type { ChatKind } from "./hostile-world.ts";

export type Walk = {
  /** Places by name, and how often the words stood there in letters. */
  readonly seen: Readonly<Record<string, boolean>>;
  /** What ran, was reported, or stood where no words of others may be. */
  readonly broken: readonly string[];
  /** What the walk waited for and never met: a defect of the walk, or of the page, and no word about the text. */
  readonly stuck: readonly string[];
  readonly steps: number;
};

export type WalkArguments = {
  readonly words: string;
  readonly account: string;
  readonly chats: Readonly<Record<ChatKind, string>>;
  /** The words stand in their own letters wherever they are looked for. */
  readonly certain: boolean;
};

export async function walk({ words, account, chats, certain }: WalkArguments): Promise<Walk> {
  const seen: Record<string, boolean> = {};
  const broken: string[] = [];
  const stuck: string[] = [];
  let steps = 0;
  const tick = () => new Promise((resolve) => setTimeout(resolve));
  const orders = new BroadcastChannel("hostile-orders");
  const order = (act: string) => orders.postMessage({ act, words });
  /** What an eye would compare: no spaces, nothing that draws nothing. Names are cut, so their beginning counts. */
  const letters = (text: string) => text.replace(/[\s\p{Cc}\p{Cs}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}]/gu, "");
  const wanted = letters(words).slice(0, 24);
  /** For what is certain to come; a busy machine takes its time. */
  const certainlyMs = 120_000;
  /** For words that may stand there in other letters. */
  let patienceMs = certain ? certainlyMs : 1_500;
  const within = async (milliseconds: number, look: () => boolean) => {
    const end = performance.now() + milliseconds;
    while (!look()) {
      if (performance.now() > end) return false;
      await tick();
    }
    return true;
  };
  const until = async (look: () => boolean, what: string) => {
    if (!(await within(certainlyMs, look))) stuck.push(what);
  };
  /** Presses what is there now or comes. */
  const press = async (find: () => HTMLElement | undefined, what: string) => {
    await until(() => find() !== undefined, what);
    find()?.click();
    await tick();
  };
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
  const place = async (name: string, selector: string, attribute?: string) => {
    steps += 1;
    const holds = (element: HTMLElement) => {
      const text = attribute === undefined ? element.textContent : element.getAttribute(attribute);
      return letters(text ?? "").includes(wanted);
    };
    seen[name] = await within(patienceMs, () => all(selector).some(holds));
    // Words that are not shown in their own letters are not waited for in each place.
    if (!seen[name]) patienceMs = 20;
  };
  const audit = (where: string) => {
    const { __audit: found } = globalThis as unknown as { readonly __audit: () => readonly string[] };
    broken.push(...found().map((one) => `${where}: ${one}`));
  };
  const go = async (where: object, ready: string, what: string) => {
    const entry = { account, place: where, pushed: true };
    history.replaceState(entry, "");
    dispatchEvent(new PopStateEvent("popstate", { state: entry }));
    await until(() => document.querySelector(ready) !== null, what);
    await tick();
  };
  const click = (selector: string, what: string) => press(() => all(selector)[0], what);
  const close = async (what: string) => {
    // It is opened after it was drawn.
    await until(() => document.querySelector("dialog")?.open === true, `the dialog opens: ${what}`);
    document.querySelector("dialog")?.close();
    await until(() => document.querySelector("dialog") === null, `the dialog closes: ${what}`);
  };
  const openChat = (kind: ChatKind) =>
    go({ screen: "chats", chat: chats[kind] }, `[data-jid="${chats[kind]}"][aria-selected="true"]`, `${kind} opens`);
  const menu = (label: string) =>
    press(
      () => all("[role=menuitem], [popover] button, .menu button").find((one) => one.textContent?.includes(label)),
      `the menu's ${label}`,
    );
  const button = (label: RegExp, of = "button") =>
    press(
      () => all(of).find((one) => label.test(one.getAttribute("aria-label") ?? one.textContent ?? "")),
      `a button ${label.source}`,
    );
  const input = async (selector: string, text: string) => {
    await until(() => document.querySelector(selector) !== null, `a field ${selector}`);
    const field = document.querySelector<HTMLInputElement>(selector);
    if (field !== null) field.value = text;
    field?.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await tick();
  };

  order("show");
  await go({ screen: "chats" }, "[role=listbox] [role=option]", "the list");
  await place("list: name", "[role=option] b");
  await place("list: label", "[role=option]", "data-name");
  await place("list: preview", "[role=option] .row-preview bdi");
  await place("list: room, by whom", `[data-jid="${chats.room}"] .row-preview`);
  await place("notice: new device", "section[data-kind=new-device]");
  await place("notice: awaiting", "section[data-kind=awaiting]");
  await place("notice: renewed", "section[data-kind=renewed]");
  audit("list");
  order("say");
  await place("announcement", "[aria-live]");

  await openChat("contact");
  await place("head: name", ".head h2");
  await place("message: text", ".messages .words");
  await place("message: what somebody does", ".messages .action");
  await place("message: who does it", ".messages .actor");
  await place("message: quoted lines", ".messages .styled-quote");
  await place("message: code", ".messages pre");
  await place("message: code, language", ".messages .code-head");
  await place("message: quote", ".messages blockquote q");
  await place("message: quoted name", ".messages blockquote bdi");
  await place("conversation: label", "main", "aria-label");
  await place("banner: left out", "section[data-trust]");
  audit("conversation");
  await click(".messages li[data-key$=plain] .action-answer", "Reply");
  await place("writing bar: name and words", ".writing-bar");
  await place("announcement: answering", "[aria-live]");
  await click(".writing-bar button", "leave the answer");
  await click(".messages li[data-key$=mine] .meta-info", "Info");
  await place("info: left out", "dialog");
  audit("info");
  await close("info");
  await click(".messages li[data-key$=earlier] .meta-info", "Info of a corrected message");
  await place("info: earlier versions", "dialog .earlier-texts");
  await close("info of a corrected message");

  for (const [kind, what] of [
    ["request", "[data-relation=request] b"],
    ["stranger", ".banner[data-relation=stranger]"],
    ["asked", ".banner"],
    ["begun", ".banner"],
    ["unable", "[data-stopped], .unavailable-words, main"],
    ["changed", "section[data-trust=key-changed]"],
  ] as const) {
    await openChat(kind);
    if (kind !== "stranger") await place(`${kind}: words above`, what);
    audit(kind);
  }
  await openChat("unable");
  await button(/without encryption/i);
  await place("dialog: write in clear", "dialog");
  await close("write in clear");

  await openChat("room");
  await place("room: head", ".head h2");
  await place("room: author", ".messages .author");
  await place("room: text", ".messages .words");
  await place("room: own name in a text", ".messages mark");
  await place("room: quoted author", ".messages blockquote bdi");
  await place("room: who cannot read", "[data-unable]");
  await place("room: whose keys", "section[data-trust]");
  audit("room");
  await menu("Leave");
  await place("dialog: leave a room", "dialog");
  await close("leave a room");
  await openChat("invited");
  await place("invited: by whom", ".banner b");
  await openChat("blocked");
  await place("blocked: words", ".unavailable-words, main");
  await openChat("left");
  audit("left");
  await go({ screen: "members", of: chats.room }, ".member", "members");
  await place("members: head", ".head h2");
  await place("members: nickname", ".member h3");
  audit("members");
  await click(".devices-others .button", "Add a member");
  await place("dialog: invite", "dialog");
  await input("dialog input", words);
  await close("invite");

  await go({ screen: "devices" }, ".device", "devices");
  await place("devices: name", ".device-name");
  audit("devices");
  await click("[data-browser]:not([data-here=true]) .device-row", "another browser");
  await place("dialog: a device", "dialog");
  await place("dialog: a device, label", "dialog .button-quiet-bad", "aria-label");
  await button(/Sign out/, "dialog button");
  await place("dialog: sign out a browser", "dialog");
  await close("sign out a browser");
  await go({ screen: "devices", of: chats.contact }, ".device", "devices of a contact");
  await place("devices of: head", ".head h2");
  await button(/^Verify /);
  await place("dialog: verify by link", "dialog");
  await close("verify by link");

  await go({ screen: "chats" }, "[role=listbox]", "the list again");
  await click(".list-top button", "New chat");
  await input("dialog input", "x");
  document.querySelector<HTMLFormElement>("dialog form")?.requestSubmit();
  await place("failure: details", "dialog [role=alert]");
  audit("failure");
  await close("new chat");
  await input("#filter", `${words}#`);
  await place("found: author and words", ".search .hit-words");
  await place("found: what is marked", ".search mark");
  await place("found: whose conversation", ".search .hit b");
  audit("found");
  await input("#filter", "");
  orders.close();
  return { seen, broken, stuck, steps };
}
