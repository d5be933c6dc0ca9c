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
  readonly steps: number;
};

export type WalkArguments = {
  readonly words: string;
  readonly account: string;
  readonly chats: Readonly<Record<ChatKind, string>>;
};

export async function walk({ words, account, chats }: WalkArguments): Promise<Walk> {
  const seen: Record<string, boolean> = {};
  const broken: string[] = [];
  let steps = 0;
  const tick = () => new Promise((resolve) => setTimeout(resolve));
  const orders = new BroadcastChannel("hostile-orders");
  const order = (act: string) => orders.postMessage({ act, words });
  /** What an eye would compare: no spaces, nothing that draws nothing. Names are cut, so their beginning counts. */
  const letters = (text: string) => text.replace(/[\s\p{Cc}\p{Cs}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}]/gu, "");
  const wanted = letters(words).slice(0, 24);
  let patience = 60;
  const until = async (look: () => boolean, what: string) => {
    for (let tries = 0; tries < 400; tries += 1) {
      if (look()) return true;
      await tick();
    }
    broken.push(`never: ${what}`);
    return false;
  };
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
  const place = async (name: string, selector: string, attribute?: string) => {
    steps += 1;
    const holds = (element: HTMLElement) => {
      const text = attribute === undefined ? element.textContent : element.getAttribute(attribute);
      return letters(text ?? "").includes(wanted);
    };
    for (let tries = 0; tries < patience && seen[name] !== true; tries += 1) {
      if (all(selector).some(holds)) seen[name] = true;
      else await tick();
    }
    seen[name] ??= false;
    // Words that are not shown in their own letters are not waited for in each place.
    if (seen[name] !== true) patience = 4;
  };
  /** Nothing that words of others could have made. */
  const audit = (where: string) => {
    const made = all(
      "script:not([src^='/assets/']),iframe,object,embed,base,frame,frameset,applet,audio,video,img,image,math,foreignObject,style,template,marquee,portal,animate,set,use,[srcdoc],[src]:not(script),[background],[formaction],[ping],[action],meta[http-equiv],body link",
    );
    for (const element of made) broken.push(`${where}: <${element.localName}>`);
    for (const element of document.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        if (name.startsWith("on")) broken.push(`${where}: ${name} on <${element.localName}>`);
        if (
          name === "style" &&
          !/^--(?:hue|rows): \d{1,4};?$/.test(value) &&
          element.localName !== "textarea" &&
          !/^(?:inset|inline-size|block-size|left|top)/.test(value)
        )
          broken.push(`${where}: style ${value.slice(0, 60)}`);
      }
    }
    for (const link of document.querySelectorAll("a")) {
      if (!/^(?:https?|xmpp|mailto|geo):$/.test(link.protocol)) broken.push(`${where}: a link to ${link.protocol}`);
      if (link.rel !== "noopener noreferrer" || link.target !== "_blank")
        broken.push(`${where}: a link that opens here`);
    }
  };
  const go = async (where: object, ready: string, what: string) => {
    const entry = { account, place: where, pushed: true };
    history.replaceState(entry, "");
    dispatchEvent(new PopStateEvent("popstate", { state: entry }));
    await until(() => document.querySelector(ready) !== null, what);
    await tick();
  };
  const click = async (selector: string, what: string, nth = 0) => {
    await until(() => all(selector)[nth] !== undefined, what);
    all(selector)[nth]?.click();
    await tick();
  };
  const close = async (what: string) => {
    // It is opened after it was drawn.
    await until(() => document.querySelector("dialog")?.open === true, `the dialog opens: ${what}`);
    document.querySelector("dialog")?.close();
    await until(() => document.querySelector("dialog") === null, `the dialog closes: ${what}`);
  };
  const openChat = (kind: ChatKind) =>
    go({ screen: "chats", chat: chats[kind] }, `[data-jid="${chats[kind]}"][aria-selected="true"]`, `${kind} opens`);
  const menu = async (label: string, what: string) => {
    const entry = all("[role=menuitem], [popover] button, .menu button").find((one) =>
      one.textContent?.includes(label),
    );
    if (entry === undefined) broken.push(`no menu entry: ${what}`);
    entry?.click();
    await tick();
  };

  order("show");
  await go({ screen: "chats" }, "[role=listbox] [role=option]", "the list");
  await place("list: name", "[role=option] b");
  await place("list: label", "[role=option]", "aria-label");
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
  await place("message: quote", ".messages blockquote q");
  await place("message: quoted name", ".messages blockquote bdi");
  await place("composer: placeholder", "textarea", "placeholder");
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
  const inClear = all("button").find((one) => /without encryption/i.test(one.textContent ?? ""));
  inClear?.click();
  await place("dialog: write in clear", "dialog");
  await close("write in clear");

  await openChat("room");
  await place("room: head", ".head h2");
  await place("room: author", ".messages .author");
  await place("room: text", ".messages .words");
  await place("room: quoted author", ".messages blockquote bdi");
  await place("room: who cannot read", "[data-unable]");
  await place("room: whose keys", "section[data-trust]");
  audit("room");
  await menu("Leave", "leave");
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
  const field = document.querySelector<HTMLInputElement>("dialog input");
  if (field !== null) {
    field.value = words;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  await close("invite");

  await go({ screen: "devices" }, ".device", "devices");
  await place("devices: name", ".device h3");
  await place("devices: label", ".device button", "aria-label");
  audit("devices");
  const out = all(".device button").find((one) =>
    /Sign out/.test(one.getAttribute("aria-label") ?? one.textContent ?? ""),
  );
  out?.click();
  await place("dialog: sign out a browser", "dialog");
  await close("sign out a browser");
  const decide = all(".device button").find((one) => /Decide/.test(one.textContent ?? ""));
  decide?.click();
  await place("dialog: a device", "dialog");
  await close("a device");
  await go({ screen: "devices", of: chats.contact }, ".device", "devices of a contact");
  await place("devices of: head", ".head h2");
  const link = () => all("button").find((one) => /Verify by link/.test(one.textContent ?? ""));
  // It comes with the devices, which come from the engine.
  await until(() => link() !== undefined, "Verify by link");
  link()?.click();
  await place("dialog: verify by link", "dialog");
  await close("verify by link");

  await go({ screen: "chats" }, "[role=listbox]", "the list again");
  await click(".list-top button", "New chat");
  const address = document.querySelector<HTMLInputElement>("dialog input");
  if (address !== null) {
    address.value = "x";
    address.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await tick();
    document.querySelector<HTMLFormElement>("dialog form")?.requestSubmit();
  }
  await place("failure: details", "dialog [role=alert]");
  audit("failure");
  await close("new chat");
  const filter = document.querySelector<HTMLInputElement>("#filter");
  if (filter !== null) {
    filter.value = `${words}#`;
    filter.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await place("list: nothing found", ".list-empty, .rows");
    filter.value = "";
    filter.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await tick();
  }
  orders.close();
  return { seen, broken, steps };
}
