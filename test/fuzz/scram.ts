/** SCRAM: the server's messages as the object reads them, and the challenge as the browser takes it (RFC 5802). */
import { LIMITS } from "../../worker/contract/limits.ts";
import type { ScramChallenge } from "../../worker/contract/sign-in.ts";
import { readServerFirst, verifyServerFinal } from "../../durable/link/sasl/scram.ts";
import { makeScramKeys } from "../../worker/shared/scram-keys.ts";
import { mutated } from "./mutation.ts";
import { decodedBase64, isBase64 } from "./plain-base64.ts";
import { REFUSED, TAKEN, type Target, wrong } from "./target.ts";

const NONCE = "fyko+d2lbbFgONRv9qkxdawL";
const SIGNATURE = Buffer.alloc(20, 0xa7);
const SERVER_FIRST = `r=${NONCE}3rfcNHYJ,s=QSXCR+Q6sek8bf92,i=4096`;
const SERVER_FINAL = `v=${SIGNATURE.toString("base64")}`;
const TOKENS = [
  ...[
    ",",
    "=",
    "r=",
    "s=",
    "i=",
    "m=x,",
    "e=other-error",
    "v=",
    "h=",
    NONCE,
    "4096",
    "4095",
    "1000000",
    "1000001",
    "0",
    "1e4",
  ],
  ...["\u0000", "\u0007", "é", "\u212a", "==", " ", "-1", "9".repeat(12), "\n"],
];
/** Making keys is the costly step: of those that are made, the cheapest, and few. */
const MADE_ONE_IN = 16;

type Output = {
  readonly first: ReturnType<typeof readServerFirst>;
  readonly final: ReturnType<typeof verifyServerFinal>;
  /** Whether the browser made keys; undefined where it was not asked. */
  readonly made: boolean | undefined;
};

export const scram: Target<Output> = {
  name: "SCRAM",
  share: 0.1,
  make: (random) => {
    const text = random.pick([
      SERVER_FIRST,
      SERVER_FIRST,
      `${SERVER_FIRST},h=AAAA,x=y`,
      SERVER_FINAL,
      `${SERVER_FINAL},x=y`,
    ]);
    return random.between(0, 7) === 0 ? text : mutated(random, text, TOKENS);
  },
  run: async (input) => {
    const challenge = challengeOf(input);
    const asked = !isDecent(challenge) || (challenge.iterations === 4_096 && input.length % MADE_ONE_IN === 0);
    const made = asked ? (await makeScramKeys("pencil", challenge)).ok : undefined;
    return { first: readServerFirst(input, NONCE), final: verifyServerFinal(input, SIGNATURE), made };
  },
  judge: (input, { first, final, made }) => {
    const challenge = challengeOf(input);
    if (made !== undefined && made !== isDecent(challenge)) return wrong(`keys were ${made ? "" : "not "}made`);
    if (first.ok !== isServerFirst(input)) return wrong(`server-first was ${first.ok ? "taken" : "refused"}`, first.ok);
    const { salt, iterations } = challenge;
    if (first.ok && (first.value.salt !== salt || first.value.iterations !== iterations))
      return wrong("read otherwise");
    if (final.ok !== isServerFinal(input)) return wrong(`server-final was ${final.ok ? "taken" : "refused"}`, final.ok);
    return first.ok || final.ok ? TAKEN : REFUSED;
  },
};

/** RFC 5802 §7, `server-first-message`: what follows the three is for others to know (§5.1). */
function isServerFirst(text: string): boolean {
  const [nonce = "", salt = "", iterations = ""] = text.split(",");
  if (![nonce.startsWith(`r=${NONCE}`), salt.startsWith("s="), iterations.startsWith("i=")].every(Boolean))
    return false;
  const printable = [...nonce].every((letter) => letter >= "!" && letter <= "~");
  const number = iterations.slice(2);
  const digits =
    number !== "" && [...number].every((letter) => "0123456789".includes(letter)) && !number.startsWith("0");
  return (
    printable && nonce.length > NONCE.length + 2 && digits && isDecent(challengeOf(text)) && isBase64(salt.slice(2))
  );
}

/** `server-final-message`: the signature, spelled as base64. */
function isServerFinal(text: string): boolean {
  const [first = ""] = text.split(",");
  const signature =
    first.startsWith("v=") && isBase64(first.slice(2)) ? Buffer.from(first.slice(2), "base64") : undefined;
  return signature?.equals(SIGNATURE) ?? false;
}

function challengeOf(text: string): ScramChallenge {
  const [, salt = "", iterations = ""] = text.split(",");
  return { mechanism: "SCRAM-SHA-1", salt: salt.slice(2), iterations: Number(iterations.slice(2) || "0") };
}

function isDecent({ salt, iterations }: ScramChallenge): boolean {
  const bytes = salt.length > LIMITS.saltLength ? undefined : decodedBase64(salt);
  if (bytes === undefined || bytes.length === 0) return false;
  return iterations % 1 === 0 && iterations >= 4_096 && iterations <= 1_000_000;
}
