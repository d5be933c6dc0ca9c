/**
 * The engine behind a page, called without a screen: for what no hand is quick enough. The page's own worker is noted
 * down when the page makes it, and asked as the page asks it; nothing of this is in the bundle.
 */
import type { Page } from "puppeteer-core";
import type { CallArguments, CallName, CallValue } from "../../web/engine/tabs/messages.ts";

type Noted = {
  engine?: Worker;
  answers?: Map<string, (reply: { readonly type: string; readonly value?: unknown }) => void>;
};

/** Notes the engine of every document that is loaded from now on. */
export async function noteEngine(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    const noted = globalThis as unknown as { noted: Noted; Worker: typeof Worker };
    const Real = Worker;
    noted.noted = { answers: new Map() };
    noted.Worker = class extends Real {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        noted.noted.engine = this;
        this.addEventListener("message", ({ data }: MessageEvent<{ readonly type: string; readonly id?: string }>) => {
          const { answers } = noted.noted;
          if (data.id === undefined || !answers?.has(data.id)) return;
          answers.get(data.id)?.(data);
          answers.delete(data.id);
        });
      }
    };
  });
}

/** Asks the engine as the page would. @throws when the engine failed for a reason that has no name. */
export async function ask<Name extends CallName>(
  page: Page,
  name: Name,
  args: CallArguments<Name>,
): Promise<CallValue<Name>> {
  const [answer] = await askAll(page, name, [args]);
  return answer as CallValue<Name>;
}

/** Asks all at once and waits for all answers, in their order. */
export function askAll<Name extends CallName>(
  page: Page,
  name: Name,
  all: readonly CallArguments<Name>[],
): Promise<readonly CallValue<Name>[]> {
  return page.evaluate(
    (call, list) => {
      const { engine, answers } = (globalThis as unknown as { noted: Noted }).noted;
      return Promise.all(
        (list as readonly unknown[]).map(
          (args) =>
            new Promise<never>((resolve, reject) => {
              const id = crypto.randomUUID();
              answers?.set(id, (reply) =>
                reply.type === "answer" ? resolve(reply.value as never) : reject(new Error(JSON.stringify(reply))),
              );
              engine?.postMessage({ id, name: call, args });
            }),
        ),
      );
    },
    name as string,
    all as readonly unknown[],
  ) as Promise<readonly CallValue<Name>[]>;
}
