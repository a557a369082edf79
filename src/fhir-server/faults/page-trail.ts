import type { JsonObject } from "../json-value.ts";
import type { Question } from "./fault.ts";

/** Which page follows which, and what was kept back for it. */
export interface PageTrail {
  /** Whose page this target is; undefined: the first of its own. */
  find(target: string): PageOnTrail | undefined;
  /** The page at this target was linked to by the answer to that question. */
  note(target: string, from: Question): void;
  /** Gives this entry with the page at this target, in addition to its own. */
  leave(target: string, entry: JsonObject): void;
}

interface PageOnTrail {
  readonly first: string;
  readonly page: number;
  /** Target of the page before. */
  readonly before: string;
  readonly left: readonly JsonObject[];
}

/** It forgets the oldest: of more than `most` pages those that were noted first. */
export function openPageTrail(most = 4_096): PageTrail {
  const pages = new Map<string, PageOnTrail>();
  return {
    find: (target) => pages.get(target),
    note(target, { first, page, target: before }) {
      // A page that links to itself or back to one of the trail stays what it was.
      if (!pages.has(target) && target !== first) pages.set(target, { first, page: page + 1, before, left: [] });
      for (const oldest of pages.keys()) {
        if (pages.size <= most) break;
        pages.delete(oldest);
      }
    },
    leave(target, entry) {
      const page = pages.get(target);
      // The page before may be asked for again.
      const isLeft = page?.left.some((each) => JSON.stringify(each) === JSON.stringify(entry));
      if (page && isLeft === false) pages.set(target, { ...page, left: [...page.left, entry] });
    },
  };
}
