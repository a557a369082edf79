import type { Key } from "../domain/facts.ts";
import { DistinctKeys } from "../domain/distinct-keys.ts";
import type { Interval } from "../domain/instant.ts";
import { recordKey } from "../domain/key.ts";
import { FhirFailure } from "../fhir/fhir-failure.ts";
import type { PagesGiven } from "../fhir/page-size.ts";
import type { PageLeft } from "../fhir/read-pages.ts";
import type { Given, GivenPage } from "../fhir/search.ts";
import {
  forgetNamed,
  forgetWindow,
  listNamed,
  notePage,
  readPageKeys,
  writeOpenWindow,
  type OpenWindow,
  type WindowName,
} from "../store/open-window.ts";
import { pullReferenced } from "./pull-referenced.ts";
import { pullMissingVersions } from "./pull-versions.ts";
import { reconcile } from "./reconcile.ts";
import { latestSeen, readyGiven, type Heard, type ServerPull } from "./server-pull.ts";

/** So many names are looked up together; more would be kept in memory while a busy window is read. */
const namesAtOnce = 2_000;

/** So many pages of a window wait for the writer, and one more is made ready: it never waits for the next. */
const pagesAhead = 2;

/** Something to be read page by page: a window by search, or a history. */
export interface Passage {
  readonly how: WindowName["how"];
  readonly type: string;
  readonly window: Interval;
  readonly pages: (left: PageLeft | undefined) => AsyncIterable<GivenPage>;
  /** How far an earlier pull got, which was killed or whose server went away. */
  readonly left: OpenWindow | undefined;
  /** What the server counted there, where it was asked before. */
  readonly counted?: number | undefined;
}

/** What was heard, and how the pages were that were read for it. */
export interface ReadThrough extends Heard {
  readonly pages: Omit<PagesGiven, "size">;
}

/**
 * Reads all of it, with what it names, from where it was left. Each page is stored in one transaction with the place of the
 * next, so that a pull that is killed asks for no page again that it has committed. The writer keeps to their order, and writes
 * nothing behind what it failed to write.
 * @throws FhirFailure
 */
export async function readThrough(pull: ServerPull, passage: Passage): Promise<ReadThrough> {
  const { how, type, window, left } = passage;
  const feed = { siteId: pull.scope.siteId, source: pull.scope.source, type };
  const owner: WindowName = { ...feed, how, from: window.from };
  if (left?.whole) return { ...left, pages: { read: 0, meanLength: 0, tookMs: 0 } };
  const named = new Set<Key>(left === undefined ? [] : await listNamed(pull.db, owner));
  const distinct = left === undefined ? new DistinctKeys() : await readPageKeys(pull.db, owner);
  let open: OpenWindow = left ?? {
    how,
    ...window,
    askedAt: pull.until,
    next: undefined,
    whole: false,
    seenUntil: undefined,
    read: 0,
    matches: 0,
    given: 0,
  };
  const writing: Promise<void>[] = [];
  let isFirst = true;
  let [read, characters, tookMs] = [0, 0, 0];
  for await (const page of await unreadPages()) {
    // A link that was kept for long may have come to lead into another search, or to nothing.
    if (left !== undefined && isFirst && page.given.length === 0)
      throw new FhirFailure("pages", "gave something else on the page that was left");
    isFirst = false;
    await takePage(page);
    if (named.size >= namesAtOnce) await fetchNamed();
  }
  await fetchNamed();
  const count = await reconcile(pull, type, window, { given: open.given, counted: passage.counted });
  open = { ...open, next: undefined, whole: true };
  await writeBehind(() => pull.write(undefined, (db) => writeOpenWindow(db, feed, open)));
  return { ...open, count, pages: { read, meanLength: characters / read, tookMs } };

  async function unreadPages(): Promise<AsyncIterable<GivenPage> | readonly GivenPage[]> {
    if (left === undefined) {
      await writeBehind(() => pull.write(undefined, (db) => forgetWindow(db, owner)));
      return passage.pages(undefined);
    }
    return left.next === undefined ? [] : passage.pages({ path: left.next, matches: left.matches });
  }

  async function takePage(page: GivenPage): Promise<void> {
    const { given, matches, next } = page;
    if (how === "search") await pullMissingVersions(pull, type, given, named, owner);
    const before = distinct.size;
    const keys = given.flatMap(newKey);
    open = {
      ...open,
      next,
      read: open.read + given.length,
      matches,
      given: distinct.size,
      seenUntil: latestSeen(pull, [open.seenUntil, ...given.map(({ lastUpdated }) => lastUpdated)]),
    };
    const then = open;
    const ready = await readyGiven(
      pull,
      { place: `${type} ${how}`, given, named },
      {
        owner,
        also: async (db) => {
          await writeOpenWindow(db, feed, then);
          await notePage(db, owner, before, keys);
        },
      },
    );
    await writeBehind(ready.write);
    [read, characters, tookMs] = [read + ready.read, characters + ready.characters, Math.max(tookMs, page.tookMs)];
  }

  async function writeBehind(write: () => Promise<void>): Promise<void> {
    if (writing.length === pagesAhead) await writing.shift();
    const written = write();
    // It is awaited later, or whoever comes behind it fails like it.
    written.catch(() => undefined);
    writing.push(written);
  }

  /** What a window without an end gives beyond what is its own is counted by nobody. */
  function newKey({ resource: { id, deleted }, lastUpdated = window.from }: Given): bigint[] {
    if (lastUpdated >= window.to || typeof id !== "string" || deleted === true) return [];
    const key = recordKey(pull.scope.site.name, `${type}/${id}`);
    return distinct.add(key) ? [key] : [];
  }

  async function fetchNamed(): Promise<void> {
    if (named.size === 0) return;
    // What one page names another may have brought.
    await Promise.all(writing.splice(0));
    await pullReferenced(pull, named, owner);
    await pull.write(undefined, (db) => forgetNamed(db, owner));
  }
}
