import { learnOrder, nextNames, noNames, type NamesRead } from "./key-order.ts";
import { NestedTooDeep, deepest } from "./nested-too-deep.ts";
import { hasOddLetters } from "./clean-json.ts";

export interface Canonical {
  /** UTF-8; the next that is written takes their place. */
  readonly bytes: Buffer;
  /** Some key has white space around it (`"businessStatus "`). */
  readonly hasOddKeys: boolean;
  /** Some text or key holds letters that no text may hold. */
  readonly hasOddLetters: boolean;
}

/** All is written here: to join texts took twice as long, and left several times the resource as garbage. */
const usualRoom = 64 * 1024;
let bytes = Buffer.allocUnsafeSlow(usualRoom);
let size = 0;
let odd = { keys: false, letters: false };

/**
 * JSON with its keys sorted and no white space, without the members named in `less` at its top.
 * Numbers are written as JavaScript writes them (RFC 8785 does the same).
 * @throws NestedTooDeep
 */
export function writeCanonical(value: unknown, less?: string): Canonical {
  if (bytes.length > usualRoom) bytes = Buffer.allocUnsafeSlow(usualRoom);
  size = 0;
  valuesUsed = 0;
  odd = { keys: false, letters: false };
  write(value, 0, less);
  return { bytes: bytes.subarray(0, size), hasOddKeys: odd.keys, hasOddLetters: odd.letters };
}

/**
 * The same as a text.
 * @throws NestedTooDeep
 */
export function canonicalise(value: unknown): string {
  return writeCanonical(value).bytes.toString("utf8");
}

const [quote, comma, openBracket, backslash, closeBracket, openBrace, closeBrace] = [34, 44, 91, 92, 93, 123, 125];

function write(part: unknown, depth: number, less: string | undefined): void {
  if (typeof part === "string") writeText(part);
  else if (typeof part !== "object" || part === null) writeJson(part === undefined ? "null" : JSON.stringify(part));
  else if (depth > deepest) throw new NestedTooDeep();
  else if (Array.isArray(part)) writeList(part, depth);
  else writeMembers(part as Record<string, unknown>, depth, less);
}

function writeList(list: readonly unknown[], depth: number): void {
  writeByte(openBracket);
  for (let place = 0; place < list.length; place += 1) {
    if (place > 0) writeByte(comma);
    write(list[place], depth + 1, undefined);
  }
  writeByte(closeBracket);
}

/** The members of the objects that are being written, as they stand in them. */
const values: unknown[] = [];
let valuesUsed = 0;

function writeMembers(object: Readonly<Record<string, unknown>>, depth: number, less: string | undefined): void {
  const start = valuesUsed;
  let read: NamesRead | undefined = noNames;
  // Read in the order in which they stand: an object is quick to go through, and slow to be asked for one name after another.
  for (const name in object) {
    values[valuesUsed++] = object[name];
    if (read !== undefined) read = nextNames(read, name);
  }
  const { members, hasOddKeys, hasOddLetters: keysHaveOddLetters } = read?.order ?? learnOrder(object);
  if (hasOddKeys) odd.keys = true;
  if (keysHaveOddLetters) odd.letters = true;
  const first = size;
  for (const { name, place, quoted } of members) {
    if (name === less) continue;
    makeRoom(quoted.length);
    const into = bytes;
    let end = size;
    for (let at = 0; at < quoted.length; at += 1) into[end++] = quoted[at] ?? 0;
    size = end;
    write(values[start + place], depth + 1, undefined);
  }
  if (size === first) writeByte(comma);
  bytes[first] = openBrace;
  writeByte(closeBrace);
  while (valuesUsed > start) values[--valuesUsed] = undefined;
}

/** Longer texts are rarely codes, names or times, and the engine's own way is quicker for them. */
const longestByHand = 200;

/** Letter by letter, which is quicker than the engine's own way as long as nothing need be escaped. */
function writeText(text: string): void {
  if (text.length > longestByHand) {
    writeEscaped(text);
    return;
  }
  makeRoom(text.length + 2);
  const into = bytes;
  let end = size;
  into[end++] = quote;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charCodeAt(at);
    if (letter < 32 || letter > 126 || letter === quote || letter === backslash) {
      writeEscaped(text);
      return;
    }
    into[end++] = letter;
  }
  into[end++] = quote;
  size = end;
}

function writeEscaped(text: string): void {
  if (hasOddLetters(text)) odd.letters = true;
  writeJson(JSON.stringify(text));
}

function writeJson(json: string): void {
  makeRoom(3 * json.length);
  size += bytes.write(json, size, "utf8");
}

function writeByte(byte: number): void {
  makeRoom(1);
  bytes[size++] = byte;
}

function makeRoom(more: number): void {
  if (size + more <= bytes.length) return;
  const larger = Buffer.allocUnsafeSlow(2 * (size + more));
  bytes.copy(larger, 0, 0, size);
  bytes = larger;
}
