/**
 * The ratchet library's sessions as the browser's build has them. They were compiled for browsers without `async`: generators
 * run by a function that each file brings along, and modules made by others. And most of it is called by nothing here.
 */
import { parseAst } from "vite";

type Node = { readonly type: string; readonly start: number; readonly end: number; readonly [field: string]: unknown };
type Edit = { readonly start: number; readonly end: number; readonly text: string };

const HELPERS = new Set(["__awaiter", "__createBinding", "__setModuleDefault", "__importStar"]);
/** What nothing here calls, and what `engine/omemo/cipher.ts` has its own in the place of. */
const NOT_CALLED = new Set([
  ...["getRecord", "decryptWithSessionList", "fillMessageKeys", "getRemoteRegistrationId", "hasOpenSession"],
  ...["closeOpenSessionForDevice", "deleteAllSessionsForDevice", "processPreKey", "processPreKeyJob"],
]);

/** Characters of the words of an error that are not shipped: whoever catches one looks at no words. */
const LONG_WORDS = 40;

/** One of the library's files with `async` in it, and without what is not called. @throws TypeError where it is not as it was */
export function plainLibrary(code: string): string {
  const edits = [...editsOf(parseAst(code) as object as Node)].toSorted((one, other) => one.start - other.start);
  let [plain, at] = ["", 0];
  for (const { start, end, text } of edits) {
    plain += code.slice(at, start) + text;
    at = end;
  }
  plain += code.slice(at);
  if (/\byield\b|__awaiter|__importStar/.test(plain))
    throw new TypeError("the ratchet library was compiled in another way");
  return plain;
}

function* editsOf(node: Node): Generator<Edit> {
  const { start, end } = node;
  if (isNotCalled(node)) {
    yield { start, end, text: "" };
    return;
  }
  if (node.type === "YieldExpression") {
    const { argument } = node as unknown as { readonly argument: Node };
    yield { start, end: argument.start, text: "await (" };
    yield { start: end, end, text: ")" };
  }
  if (node.type === "TemplateLiteral" && end - start > LONG_WORDS) {
    yield { start, end, text: '"ratchet"' };
    return;
  }
  if (node.type === "CallExpression") {
    const { callee, arguments: given } = node as unknown as {
      readonly callee: Node;
      readonly arguments: readonly Node[];
    };
    const last = given.at(-1);
    if (callee["name"] === "__importStar") yield { start, end: callee.end, text: "" };
    if (callee["name"] === "__awaiter" && last !== undefined) {
      const body = last["body"] as Node;
      yield { start, end: body.start, text: "(async () => " };
      yield { start: body.end, end, text: ")()" };
      yield* editsOf(body);
      return;
    }
  }
  for (const inner of Object.values(node).flat()) if (isNode(inner)) yield* editsOf(inner);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** A statement or a member of a class that can go. */
function isNotCalled(node: Node): boolean {
  switch (node.type) {
    case "VariableDeclaration":
      return HELPERS.has(nameOf((node["declarations"] as readonly Node[])[0]?.["id"]));
    case "MethodDefinition":
      return NOT_CALLED.has(nameOf(node["key"]));
    case "ExpressionStatement": {
      const { type, left } = node["expression"] as Node;
      return type === "AssignmentExpression" && isNode(left) && NOT_CALLED.has(nameOf(left["property"]));
    }
    default:
      return false;
  }
}

function nameOf(node: unknown): string {
  return isNode(node) && typeof node["name"] === "string" ? node["name"] : "";
}
