import { z } from "zod";
import type { Instant } from "../domain/instant.ts";
import { UserError } from "../domain/user-error.ts";
import { isUuid } from "../store/finding-filter.ts";

/** A place in a list: what a page ended with. `of` names list and order, so that a place of one is not taken for another's. */
export interface Place {
  readonly of: string;
  readonly rank?: number;
  readonly at: Instant;
  readonly ids: readonly string[];
}

/** What PostgreSQL and Node both know as a time. */
const earliest = Date.UTC(-4000, 0);
const latest = 8.64e15;

const written = z.tuple([z.string(), z.int32(), z.int().min(earliest).max(latest), z.array(z.string()).min(1).max(2)]);

export function writeCursor({ of, rank = 0, at, ids }: Place): string {
  return Buffer.from(JSON.stringify([of, rank, at, ids])).toString("base64url");
}

/**
 * `isId`: what the list knows its rows by; the database is asked for nothing else.
 * @throws UserError `not-a-cursor`
 */
export function readCursor(text: string | undefined, of: string, isId = isUuid): (Required<Place> & { readonly id: string }) | undefined {
  if (text === undefined) return undefined;
  const read = written.safeParse(parse(text));
  const [list, rank, at, ids] = read.data ?? [];
  const id = ids?.[0];
  if (list !== of || rank === undefined || at === undefined || ids === undefined || id === undefined || !ids.every(isId))
    throw new UserError(
      "not-a-cursor",
      "This cursor is of no page of this list in this order.",
      'Follow the "next" of the page before as it stands, or begin anew without a cursor.',
    );
  return { of, rank, at, ids, id };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
