import { hash } from "node:crypto";
import { writeCanonical, type Canonical } from "./canonical-json.ts";

export interface HashedContent extends Pick<Canonical, "hasOddKeys" | "hasOddLetters"> {
  readonly hash: string;
}

/**
 * The hash of a value as canonical JSON, without the members named in `less` at its top.
 * @throws NestedTooDeep
 */
export function hashContent(value: unknown, less?: string): HashedContent {
  const { bytes, hasOddKeys, hasOddLetters } = writeCanonical(value, less);
  return { hash: hashText(bytes), hasOddKeys, hasOddLetters };
}

/** Sixteen bytes of SHA-256 as hexadecimal digits: enough for identity, half the room. */
export function hashText(text: string | Uint8Array): string {
  return hash("sha256", text, "hex").slice(0, 32);
}
