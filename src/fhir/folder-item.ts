import type { Unrolled } from "./unroll.ts";

/** Whence an item came. */
export interface FolderPlace {
  /** Relative to the folder, with `/` between its parts. */
  readonly file: string;
  /** Of an NDJSON file the line, from 1; of a JSON file the number of the element or entry, or 1. */
  readonly line: number;
}

interface FolderResource extends FolderPlace {
  readonly kind: "resource";
  /** As parsed; a deletion has `deleted: true` beside resourceType, id and meta. */
  readonly resource: unknown;
  /** The JSON that it alone came in, as it was written: `7.10` is another statement than `7.1`. */
  readonly text?: string;
}

export interface UnusableItem extends FolderPlace {
  readonly kind: "unusable";
  readonly code: "not-json" | "truncated" | "too-deep" | "not-utf8" | "not-a-resource" | "too-large" | "damaged-gzip";
  /** Sentences that say what is wrong and what to do; they quote nothing of the content. */
  readonly reason: string;
  /** Kept whole; but of `too-large` the first 1 MB, of `damaged-gzip` nothing. Of `not-utf8` and `too-large` each byte as the Latin-1 letter of its number. */
  readonly text: string;
  /** Whether only this one is lost, or nobody knows how many: then absence from the file means nothing. */
  readonly lost: "one" | "unknown";
}

export type FolderItem = FolderResource | UnusableItem;

/** `whole` is the text that the item came in. */
export function asFolderItem(unrolled: Unrolled, at: FolderPlace, whole: string): FolderItem {
  if ("resource" in unrolled) return { kind: "resource", ...at, resource: unrolled.resource };
  return { kind: "unusable", ...at, code: "not-a-resource", reason: unrolled.reason, text: textOf(unrolled.unusable, whole), lost: "one" };
}

function textOf(value: unknown, whole: string): string {
  try {
    return JSON.stringify(value);
  } catch {
    // Nested more deeply than can be written: keep all that it came in.
    return whole;
  }
}
