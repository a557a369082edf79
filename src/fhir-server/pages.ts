import { randomUUID } from "node:crypto";
import type { Version } from "./version.ts";

/** What a search or a history found, all of it; its pages are cut from this, and so agree with each other. */
interface Result {
  readonly kind: "searchset" | "history";
  readonly versions: readonly Version[];
  readonly pageSize: number;
}

export interface Page {
  readonly result: Result;
  /** Number of its first version in the result, from 0. */
  readonly from: number;
}

export interface Pages {
  /** A name for the page that nobody can work out. */
  remember(page: Page): string;
  find(token: string): Page | undefined;
}

/** As real servers do, it forgets: of more than `most` pages the one named first. */
export function openPages(most: number): Pages {
  const pages = new Map<string, Page>();
  return {
    remember(page) {
      const token = randomUUID();
      pages.set(token, page);
      for (const oldest of pages.keys()) {
        if (pages.size <= most) break;
        pages.delete(oldest);
      }
      return token;
    },
    find: (token) => pages.get(token),
  };
}

export function versionsOn({ result, from }: Page): readonly Version[] {
  return result.versions.slice(from, from + result.pageSize);
}

export function pageAfter({ result, from }: Page): Page | undefined {
  const next = from + result.pageSize;
  return next < result.versions.length ? { result, from: next } : undefined;
}
