import { hash } from "node:crypto";
import type { Key, Ref } from "./facts.ts";

const firstBytes = new Uint8Array(8);
const firstNumber = new DataView(firstBytes.buffer);

/** A 64-bit key, the same on every machine: the first eight bytes of SHA-256 over the parts, signed as PostgreSQL's bigint. */
export function hashParts(...parts: readonly string[]): bigint {
  return keyOf(parts.join("\u0000"));
}

/** The same of bytes. */
export function hashBytes(bytes: Uint8Array): bigint {
  return keyOf(bytes);
}

/** The key of a record (or of any other name) of a site: it never changes. */
export function recordKey(site: string, name: Key): bigint {
  return keyOf(`record\u0000${site}\u0000${name}`);
}

function keyOf(text: string | Uint8Array): bigint {
  // As text of a byte a letter, and read letter by letter: six keys a resource, and nothing but the hash costs.
  const digest = hash("sha256", text, "binary");
  for (let place = 0; place < 8; place += 1) firstBytes[place] = digest.charCodeAt(place);
  return firstNumber.getBigInt64(0);
}

/** The name by which a reference is looked up: an identifier beside a contained resource stands for it. */
export function nameOf(ref: Ref): Key {
  return ref.key.includes("#") && ref.also !== undefined ? ref.also : ref.key;
}
