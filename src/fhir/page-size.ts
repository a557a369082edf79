import { quickMs } from "./limit-requests.ts";

const usual = 200;
/** Twice as many were read no quicker, and took 30 MB more. */
const largest = 500;
const smallest = 10;
const step = 20;
/** What is asked for as one page is no longer than this: some are read at once, and one more is held of each. */
const mostCharacters = 500_000;

/** What a search gave. */
export interface PagesGiven {
  /** So many were asked for as one page. */
  readonly size: number;
  /** Records, of all its pages together, and how long these were on average, in characters of JSON. */
  readonly read: number;
  readonly meanLength: number;
  /** How long the server took for the slowest page, in milliseconds. */
  readonly tookMs: number;
}

/**
 * How many records of a type a server is asked for as one page: a quarter where it fails to give them (too slow, too
 * large, broken off), and some more again after each search that filled its pages, up to the usual; twice as many, where nothing failed
 * and all was quick, as long as pages stay short. What a server cuts without a word is found out by following `next`, whatever was asked for.
 */
export class PageSizes {
  readonly #sizes = new Map<string, number>();
  readonly #failed = new Set<string>();

  of(type: string): number {
    return this.#sizes.get(type) ?? usual;
  }

  /** After a failure with pages of this size. Returns whether there are smaller ones to be asked for. */
  shrink(type: string, failed: number): boolean {
    this.#failed.add(type);
    // A window beside this one found out before.
    if (this.of(type) < failed) return true;
    const smaller = Math.max(Math.floor(failed / 4), smallest);
    if (smaller >= failed) return false;
    this.#sizes.set(type, smaller);
    return true;
  }

  /** After a search. One that fits into one page says nothing of larger ones. */
  grow(type: string, { size, read, meanLength, tookMs }: PagesGiven): void {
    if (read <= size || size !== this.of(type)) return;
    if (size < usual) this.#sizes.set(type, Math.min(size + step, usual));
    else if (tookMs <= quickMs && !this.#failed.has(type)) {
      const most = Math.min(Math.floor(mostCharacters / meanLength), largest);
      this.#sizes.set(type, Math.max(Math.min(size * 2, most), usual));
    }
  }
}
