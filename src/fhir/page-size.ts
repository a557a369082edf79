const largest = 200;
const smallest = 10;
const step = 20;

/**
 * How many records of a type a server is asked for as one page: a quarter where it fails to give them (too slow, too
 * large, broken off), and some more again after each search that filled its pages. What a server cuts without a word is
 * found out by following `next`, whatever was asked for.
 */
export class PageSizes {
  readonly #sizes = new Map<string, number>();

  of(type: string): number {
    return this.#sizes.get(type) ?? largest;
  }

  /** After a failure with pages of this size. Returns whether there are smaller ones to be asked for. */
  shrink(type: string, failed: number): boolean {
    // A window beside this one found out before.
    if (this.of(type) < failed) return true;
    const smaller = Math.max(Math.floor(failed / 4), smallest);
    if (smaller >= failed) return false;
    this.#sizes.set(type, smaller);
    return true;
  }

  /** After a search with pages of this size. One that fits into one page says nothing of larger ones. */
  grow(type: string, given: { readonly size: number; readonly read: number }): void {
    if (given.read > given.size && given.size === this.of(type)) this.#sizes.set(type, Math.min(given.size + step, largest));
  }
}
