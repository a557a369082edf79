import { hash } from "node:crypto";
import type { Key, Ref } from "./facts.ts";

/** A 64-bit key, the same on every machine: the first eight bytes of SHA-256 over the parts, signed as PostgreSQL's bigint. */
export function hashParts(...parts: readonly string[]): bigint {
  return Buffer.from(hash("sha256", parts.join("\u0000"), "hex").slice(0, 16), "hex").readBigInt64BE();
}

/** The key of a record (or of any other name) of a site: it never changes. */
export function recordKey(site: string, name: Key): bigint {
  return hashParts("record", site, name);
}

/** The name by which a reference is looked up: an identifier beside a contained resource stands for it. */
export function nameOf(ref: Ref): Key {
  return ref.key.includes("#") && ref.also !== undefined ? ref.also : ref.key;
}
