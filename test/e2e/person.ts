/** Somebody with an account in front of a browser: signing in, conversations, devices, in their words. */
import { rm } from "node:fs/promises";
import type { Browser, Page } from "puppeteer-core";
import type { Stack } from "../stack.ts";
import type { Account } from "../xmpp-server/accounts.ts";
import { type BrowserKind, launchBrowser } from "./browsers.ts";
import {
  findField,
  readChats,
  readDevices,
  readMessages,
  readQuietLines,
  readText,
  type ShownChat,
  type ShownDevice,
  type ShownMessage,
} from "./screen.ts";
import { Troubles } from "./troubles.ts";
import { Visitor } from "./visitor.ts";
import { patience, until } from "./waiting.ts";

const VIEWPORT = { width: 1180, height: 760 } as const;
const SEND_KEY = "Enter";
/** A conversation stands within this time after its row was pressed; later it is pressed again, which changes nothing. */
const OPENED_MS = 2_000;

export type PersonOptions = {
  readonly browser?: BrowserKind;
  /** For messages of failed tests, e.g. `alice in A`. */
  readonly called: string;
  /** Who sits in front of the account's other browsers, to let this one in when it asks. */
  readonly others?: (account: Account, newcomer: Person) => readonly Person[];
  /** Looks at the notice about a contact's new device and goes on at once. Default: yes. */
  readonly attentive?: boolean;
  /** Folder of a profile to come back to, which outlives the browser. Default: a fresh one. */
  readonly profile?: string;
  /** The key of a certificate that nobody vouches for; see `LaunchOptions`. */
  readonly trusts?: string;
  /** See `LaunchOptions`. */
  readonly microphone?: boolean;
  /** What the browser says of its reader; see `LaunchOptions`. */
  readonly language?: string;
  /** Origin under which the page is opened: a way to the Worker. Default: the Worker's own. */
  readonly home?: string;
  /** The browser promises to keep what is stored, as one with a bookmark does; Chromium alone can be told to. Default: yes. */
  readonly keepsStorage?: boolean;
  /** Done before the page is opened for the first time. */
  readonly prepare?: (page: Page) => Promise<void>;
};

export class Person extends Visitor {
  readonly troubles: Troubles;
  /** Whose account was signed in to last. */
  account: Account | undefined;
  readonly #others: NonNullable<PersonOptions["others"]>;
  readonly #browser: Browser;
  readonly #kind: BrowserKind;
  readonly #stack: Stack;
  readonly #options: PersonOptions;

  private constructor(stack: Stack, browser: Browser, page: Page, options: PersonOptions) {
    super(page, options.called);
    this.#others = options.others ?? (() => []);
    this.#kind = options.browser ?? "chromium";
    this.#options = options;
    this.troubles = new Troubles(options.home ?? stack.url);
    this.#browser = browser;
    this.#stack = stack;
    this.troubles.watch(page);
  }

  /** A browser with the page open. */
  static async open(stack: Stack, options: PersonOptions): Promise<Person> {
    const launched = await launchBrowser(options.browser ?? "chromium", options);
    try {
      const [first] = await launched.pages();
      const person = new Person(stack, launched, first ?? (await launched.newPage()), options);
      await person.#arrive();
      return person;
    } catch (error) {
      await launched.close();
      throw error;
    }
  }

  /** Another tab of the same browser. */
  async secondTab(): Promise<Person> {
    const called = `${this.called}, second tab`;
    const { others: _, ...options } = this.#options;
    const tab = new Person(this.#stack, this.#browser, await this.#browser.newPage(), { ...options, called });
    await tab.#arrive();
    return tab;
  }

  async #arrive(): Promise<void> {
    this.page.setDefaultTimeout(patience());
    await this.page.setViewport(VIEWPORT);
    // People look at every window of theirs; Chromium gives the focus to one (Firefox has one page for each profile).
    if (this.#kind === "chromium") await this.page.emulateFocusedPage(true);
    if (this.#kind === "chromium") await this.#keepsStorage(this.#options.keepsStorage ?? true);
    if (this.#options.attentive !== false) await this.page.evaluateOnNewDocument(acceptNewDevices);
    await this.#options.prepare?.(this.page);
    await this.page.goto(this.#options.home ?? this.#stack.url);
  }

  async #keepsStorage(keeps: boolean): Promise<void> {
    const { origin } = new URL(this.#options.home ?? this.#stack.url);
    await this.#browser
      .defaultBrowserContext()
      .setPermission(origin, { permission: { name: "persistent-storage" }, state: keeps ? "granted" : "denied" });
  }

  async closeTab(): Promise<void> {
    await this.page.close();
  }

  /** Ends the browser in order. A profile that was made for it is forgotten. */
  async close(): Promise<void> {
    if (this.#options.profile !== undefined) return this.#browser.close();
    const profile = this.#browser.process()?.spawnargs.find((word) => word.startsWith("--user-data-dir="));
    await this.#browser.close();
    if (profile !== undefined) await rm(profile.slice(profile.indexOf("=") + 1), { recursive: true, force: true });
  }

  // ---------------------------------------------------------------------------------------------------- signing in

  async fillSignIn(address: string, password: string, button = "Sign in"): Promise<void> {
    await this.fill("Address", address);
    await this.fill("Password", password);
    await this.press(button);
  }

  /** Signs in and waits until everything stands: socket, server, encryption. */
  async signIn(account: Account, button?: string): Promise<void> {
    await this.fillSignIn(`${account.name}@${this.#stack.xmpp.domain}`, account.password, button);
    await this.isConnected();
    this.account = account;
    if (!(await this.isAwaiting())) return;
    const others = this.#others(account, this);
    for (const other of others) await other.allowsNewBrowser();
    if (others.length > 0) await this.isLetIn();
  }

  /** Says Yes where it is asked whether the other browser showed the same code, until nothing is asked any more. */
  async isLetIn(): Promise<void> {
    await until(`${this.called} is let in`, async () => {
      if (!(await this.isAwaiting())) return true;
      await this.#pressIn("awaiting", "Yes, the same");
      return false;
    });
  }

  /** Says that it waits to be let in by another browser of the account. */
  isAwaiting(): Promise<boolean> {
    return this.page.evaluate(() => document.querySelector("section[data-kind=awaiting]") !== null);
  }

  /** Presses Allow where it is asked about a new browser, with its code or without. */
  async allowsNewBrowser(): Promise<void> {
    await until(`${this.called} is asked about a new browser`, async () => {
      if (await this.#pressIn("letting-in", "Allow")) return true;
      return this.#pressIn("new-device", "Allow");
    });
  }

  /** Presses a button of a notice, if it is there and can be pressed. */
  #pressIn(kind: string, words: string): Promise<boolean> {
    return this.page.evaluate(
      (within, label) => {
        const buttons = [...document.querySelectorAll<HTMLButtonElement>(`section[data-kind=${within}] button`)];
        const found = buttons.find((one) => one.checkVisibility() && one.textContent === label && !one.disabled);
        found?.click();
        return found !== undefined;
      },
      kind,
      words,
    );
  }

  /** The words under the form, once there are some. */
  signInFailure(): Promise<string> {
    return until(`${this.called} is told why`, () => readText(this.page, "[role=alert] p"));
  }

  async signOut(choice: "keep" | "erase"): Promise<void> {
    await this.press("Account menu");
    await this.press("Sign out");
    const words = choice === "keep" ? "Keep on this browser" : "Erase from this browser";
    await this.choice(words);
    await this.isSignedOut();
  }

  async isSignedOut(): Promise<void> {
    await until(`${this.called} sees the sign-in form`, () => readText(this.page, "form h1"));
  }

  async reload(): Promise<void> {
    await this.page.reload();
  }

  // ------------------------------------------------------------------------------------------------- conversations

  async openChat(name: string): Promise<void> {
    // Whoever is no contact is called by their whole address.
    // A page of an older release has the name elsewhere.
    const named = ["data-name", "aria-label"].flatMap((where) => [
      `[${where}="${name}" i]`,
      `[${where}^="${name}@" i]`,
    ]);
    const row = `[role=listbox] [role=option]:is(${named.join()})`;
    // A row may move away under the press, for somebody else has just written: then it is pressed again.
    await until(`the conversation with ${name} is open`, async () => {
      await this.clicks(row);
      return until(`it is ${name}’s`, () => this.#hasOpen(row), { withinMs: OPENED_MS }).catch(() => undefined);
    });
  }

  /** Whether the conversation of that row is the one on the screen. */
  #hasOpen(row: string): Promise<boolean> {
    return this.page.evaluate((wanted) => {
      const messages = document.querySelector("ol:is(.messages, [aria-label='Messages'])");
      return document.querySelector(wanted)?.ariaSelected === "true" && messages?.checkVisibility() === true;
    }, row);
  }

  /** To where no conversation is open. */
  async leaveChat(): Promise<void> {
    await this.page.keyboard.press("Escape");
    await until("no conversation is open", async () => (await readText(this.page, "main h2")) === undefined);
  }

  async newChat(address: string): Promise<void> {
    await this.press("New chat");
    await this.fill("Address", address);
    await this.press("Start chat");
  }

  /** Joins a room by its address. */
  async joinsRoom(address: string): Promise<void> {
    await this.press("New chat");
    await this.press("Join a room…");
    // What its server has grows the dialog, and a press that was meant for the field would be one beside it.
    await this.dialogRests();
    await this.fill("Name, address or link", address);
    await this.dialogRests();
    await this.press(`Join ${address}`);
  }

  /** Writes without sending. */
  async types(text: string): Promise<void> {
    await this.fill("Message", text);
  }

  /** What stands in the composer. */
  async draft(): Promise<string | undefined> {
    return (await findField(this.page, "Message"))?.evaluate((field) => field.value);
  }

  async send(text: string): Promise<void> {
    await this.fill("Message", text);
    await this.page.keyboard.press(SEND_KEY);
  }

  messages(): Promise<readonly ShownMessage[]> {
    return readMessages(this.page);
  }

  /** The texts on the screen, oldest first. */
  async texts(): Promise<readonly string[]> {
    return (await this.messages()).flatMap(({ text }) => text ?? []);
  }

  quietLines(): Promise<readonly string[]> {
    return readQuietLines(this.page);
  }

  /** Waits for a text in the open conversation. */
  sees(text: string): Promise<ShownMessage> {
    const look = async () => (await this.messages()).find((message) => message.text === text);
    return until(`${this.called} sees “${text}”`, look, { describe: () => this.messages() });
  }

  /** Waits until exactly these texts are there, in this order. */
  async seesInOrder(texts: readonly string[]): Promise<void> {
    const look = async () => (await this.texts()).join("\n") === texts.join("\n");
    await until(`${this.called} sees ${JSON.stringify(texts)}`, look, { describe: () => this.texts() });
  }

  /** Waits until an own text has got so far. */
  async isMarked(text: string, ...states: readonly string[]): Promise<void> {
    const look = async () => (await this.messages()).some((row) => row.text === text && states.includes(row.state));
    await until(`“${text}” of ${this.called} is ${states.join(" or ")}`, look, { describe: () => this.messages() });
  }

  chats(): Promise<readonly ShownChat[]> {
    return readChats(this.page);
  }

  /** Waits until the row of a conversation is as expected. */
  async seesChat(jid: string, expected: Partial<ShownChat>): Promise<void> {
    const look = async () => {
      const row = (await this.chats()).find((chat) => chat.jid === jid);
      return (
        row !== undefined && Object.entries(expected).every(([key, value]) => row[key as keyof ShownChat] === value)
      );
    };
    await until(`${this.called} sees ${jid} as ${JSON.stringify(expected)}`, look, {
      describe: () => this.chats(),
    });
  }

  /** Waits until the open conversation is called that. */
  async seesTitle(name: string): Promise<void> {
    const look = () => readText(this.page, "main h2");
    await until(`${this.called} sees “${name}” open`, async () => (await look()) === name, { describe: look });
  }

  /** `on`, `ready`, `unavailable`, `exposed`, `checking`: the header of the open conversation. */
  encryption(): Promise<string | undefined> {
    return this.page.evaluate(() => document.querySelector<HTMLElement>("[data-encryption]")?.dataset["encryption"]);
  }

  async isEncryption(...expected: readonly string[]): Promise<void> {
    const look = async () => expected.includes((await this.encryption()) ?? "");
    await until(`encryption of ${this.called} is ${expected.join(" or ")}`, look, {
      describe: () => this.encryption(),
    });
  }

  // ------------------------------------------------------------------------------------------------------- devices

  /** Own devices by the devices screen, which is left again. */
  async devices(): Promise<readonly (ShownDevice & { readonly fingerprint: string })[]> {
    await this.opensDevices();
    const rows = await until(`${this.called} sees devices`, async () => {
      const seen = await readDevices(this.page);
      return seen.length > 0 && seen.every(({ device }) => device > 0) && seen;
    });
    const devices = [];
    for (const row of rows) devices.push({ ...row, fingerprint: await this.#fingerprint(row.device) });
    await this.leaveChat();
    return devices;
  }

  /** The screen of the own devices. */
  async opensDevices(): Promise<void> {
    await this.press("Account menu");
    await this.press("Devices");
  }

  /** The page with everything that can be chosen. */
  async opensSettings(): Promise<void> {
    await this.press("Account menu");
    await this.press("Settings");
  }

  /** Turns a switch of the settings, which are open; settles when it shows that it was taken. */
  async turns(name: string, on: boolean): Promise<void> {
    const shows = () =>
      this.page.evaluate(
        (wanted) => document.querySelector<HTMLInputElement>(`[data-setting="${wanted}"] input`)?.checked,
        name,
      );
    await until(`the switch ${name} is there`, async () => (await shows()) !== undefined);
    if ((await shows()) !== on) await this.clicks(`[data-setting="${name}"] input`);
    await until(`the switch ${name} is ${on ? "on" : "off"}`, async () => (await shows()) === on);
  }

  /** What is behind the row of a device, which is on the screen. */
  async opensDevice(device: number): Promise<void> {
    await this.clicks(`[data-device="${device}"] .device-row`);
    await until(`the device ${device} is shown`, () => readText(this.page, "dialog h2"));
  }

  async #fingerprint(device: number): Promise<string> {
    await this.opensDevice(device);
    const read = async () => (await readText(this.page, "dialog [aria-label='Fingerprint']"))?.replace(/\s/g, "");
    const digits = await until(`${this.called} sees a fingerprint`, async () => {
      const shown = await read();
      return shown?.length === 64 && shown;
    });
    await this.press("Close");
    await until("the device is closed", async () => (await readText(this.page, "dialog h2")) === undefined);
    return digits;
  }
}

/** It runs in the page, in somebody's place: no imports. */
function acceptNewDevices(): void {
  const pressed = new WeakSet<Element>();
  const look = () => {
    for (const button of document.querySelectorAll<HTMLElement>("[data-trust=new-device] button:not(.button-quiet)")) {
      if (!pressed.has(button)) button.click();
      pressed.add(button);
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}
