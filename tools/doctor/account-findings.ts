/** What it means for people what their server told after the sign-in. Pure. */
import { LIMITS } from "../../worker/contract/limits.ts";
import type { Failure } from "../../worker/contract/failures.ts";
import type { Facts } from "./account.ts";
import { causeOf } from "../../worker/shared/failure-causes.ts";
import { fault, type Finding, ok, unseen, warning } from "./finding.ts";

/** More than is advised for SHA-256; a million take a slow phone some seconds (`LIMITS.mostIterations`). */
const SLOW_ROUNDS = 600_000;
/** RFC 6120 §13.12 asks for ten thousand; a message for many devices is larger (O3). */
const SMALL_STANZA_BYTES = 64 * 1024;
const MEGABYTE = 1024 * 1024;
const numbers = new Intl.NumberFormat("en");

export function judgeSignIn({ mechanism, rounds, freshSalts }: Facts): readonly Finding[] {
  const by = ok("signed-in", `signed in by ${mechanism}`);
  if (rounds === undefined) return [by];
  const words = `${numbers.format(rounds)} rounds of PBKDF2, done in the browser (up to ${numbers.format(LIMITS.mostIterations)}, whatever the platform's own limit)`;
  const slow = warning("rounds", `${words}: a slow phone takes seconds for each sign-in`, { cure: "rounds" });
  const salts = freshSalts
    ? [
        warning(
          "salts",
          "another salt for each sign-in, and no tokens: the password is asked for again after every break",
          { cure: "salts" },
        ),
      ]
    : [];
  return [by, rounds > SLOW_ROUNDS ? slow : ok("rounds", words), ...salts];
}

export function judgeRefusal(failure: Failure): Finding {
  const cause = causeOf(failure);
  if (cause === "too-many-rounds" || cause === "too-few-rounds")
    return fault("rounds", roundsInWords(failure), { failure, cure: "rounds" });
  if (failure.kind === "wrong-password")
    return fault("wrong-password", "the server does not take this password", { failure });
  if (failure.kind === "only-plain")
    return unseen("only-plain", "not signed in: the server takes the password itself alone; --plain lets it have it");
  const detail = failure.detail === undefined ? "" : ` (${failure.detail})`;
  return fault("sign-in", `the sign-in fails: ${failure.kind}${detail}`, { failure });
}

function roundsInWords({ detail = "" }: Failure): string {
  const { leastIterations: least, mostIterations: most } = LIMITS;
  const wanted = numbers.format(Number.parseInt(detail, 10));
  return `the server wants ${wanted} rounds of PBKDF2; a browser does ${numbers.format(least)} to ${numbers.format(most)}`;
}

export function judgeAccount(facts: Facts): readonly Finding[] {
  return [...judgeSession(facts), ...judgePep(facts), ...judgeServices(facts)];
}

function judgeSession({ management, carbons, archive, clientState, largest }: Facts): readonly Finding[] {
  return [
    management === "resumes"
      ? ok("management", "stream management with resumption (XEP-0198): a break of the connection is not seen")
      : warning(
          "management",
          management === "counts"
            ? "stream management cannot resume a stream (XEP-0198)"
            : "no stream management (XEP-0198)",
          { cure: "management" },
        ),
    carbons
      ? ok("carbons", "carbons (XEP-0280): other apps' messages are seen at once")
      : warning("carbons", "no carbons (XEP-0280)", { cure: "carbons" }),
    judgeArchive(archive),
    clientState
      ? ok("client-state", "client state (XEP-0352)")
      : unseen("client-state", "no client state (XEP-0352): more is sent while nobody looks, that is all"),
    ...(largest !== undefined && largest < SMALL_STANZA_BYTES
      ? [
          warning(
            "stanza-limit",
            `takes stanzas of ${numbers.format(largest)} bytes at most: a message to many devices may be larger`,
          ),
        ]
      : []),
  ];
}

function judgeArchive(archive: Facts["archive"]): Finding {
  switch (archive) {
    case "missing":
      return fault(
        "archive",
        "no archive (MAM, XEP-0313): what comes while everybody is away is lost to Alcove, and a new browser begins empty",
        { notice: "notice--no-archive-text", cure: "archive" },
      );
    case "never":
      return fault("archive", "an archive (MAM) that keeps nothing unless each person asks for it", {
        cure: "archive",
      });
    case "roster":
      return warning("archive", "an archive (MAM) of conversations with contacts alone", { cure: "archive" });
    case "always":
    case "there":
      return ok("archive", "an archive (MAM, XEP-0313)");
  }
}

function judgePep({ pep, publishOptions, published }: Facts): readonly Finding[] {
  if (!pep)
    return [
      fault("pep", "no PEP (XEP-0163): devices cannot publish their keys, so no conversation can be encrypted", {
        notice: "connection--missing-pep",
        cure: "pep",
      }),
    ];
  const options = publishOptions
    ? ok("publish-options", "publish-options are announced (XEP-0060 §7.1.5)")
    : warning("publish-options", "publish-options are not announced", { cure: "publish-options" });
  const done =
    published === "ok"
      ? ok("pep", "PEP (XEP-0163): a node that everybody may read was published, and deleted again")
      : fault("pep", `PEP does not take a node that everybody may read: ${published}`, {
          notice: "connection--broken-pep",
          cure: "publish-options",
        });
  return [done, options];
}

function judgeServices({ upload, push, rooms }: Facts): readonly Finding[] {
  const size =
    upload === undefined || upload.most === "any"
      ? "any size"
      : `${numbers.format(Math.floor(upload.most / MEGABYTE))} MB at most`;
  return [
    upload
      ? ok("upload", `files by HTTP upload (XEP-0363): ${upload.service}, ${size}; this release sends none yet`)
      : unseen("upload", "no HTTP upload (XEP-0363); this release sends no files yet", { cure: "upload" }),
    push
      ? ok("push", "push (XEP-0357): where the deployment has a gateway, closed browsers are rung within seconds")
      : unseen("push", "no push (XEP-0357): closed browsers are rung a quarter of an hour late", { cure: "push" }),
    rooms
      ? ok("rooms", `rooms (XEP-0045): ${rooms}`)
      : unseen("rooms", "no service for rooms of its own; rooms elsewhere can be entered"),
  ];
}
