import type { Instant, Interval } from "../domain/instant.ts";
import { unite } from "../domain/interval.ts";
import { confirmServerAnswers } from "../fhir/capability.ts";
import { FhirFailure, isAboutContent, isAboutSize, isOfFeed, isUnanswered } from "../fhir/fhir-failure.ts";
import type { PageLeft } from "../fhir/read-pages.ts";
import { readTypeHistory, searchWindow, type GivenPage } from "../fhir/search.ts";
import { halve } from "../fhir/time-windows.ts";
import { forgetWindow, listNamed, type OpenWindow } from "../store/open-window.ts";
import { measureWindow } from "./measure-window.ts";
import { pullReferenced } from "./pull-referenced.ts";
import { workflowTypes, writtenOnce } from "./pulled-types.ts";
import { readThrough, type ReadThrough } from "./read-through.ts";
import type { Heard, ServerPull } from "./server-pull.ts";

/** So many refusals one after another are no single record that the server trips over: then only their end is looked for. */
const manyRefusals = 20;
/** A window that gives less than the server counts is read again in halves no smaller: each costs all of its pages. */
const dayMs = 86_400_000;

/** What one window brought: which parts of it failed, and what was heard of the others. */
export interface WindowOutcome {
  readonly heard: readonly Heard[];
  readonly failed: readonly RefusedInterval[];
  /** It holds too much to be read as one: nothing of it was kept, and these parts are to be read in its place. */
  readonly instead?: readonly Interval[];
}

export interface RefusedInterval extends Interval {
  readonly reason: string;
}

/**
 * Reads a window of one feed; one that fails is read in smaller pages, then in halves, down to the minute. In a long outage that would be thousands
 * of questions: there the later half is asked for first, and where its beginning fails too, so is all before it taken to.
 */
export class WindowReading {
  readonly #pull: ServerPull;
  readonly #type: string;
  #refusals = 0;

  constructor(pull: ServerPull, type: string) {
    this.#pull = pull;
    this.#type = type;
  }

  /**
   * @param left how far an earlier pull got with this window
   * @param inParts whether it may be left to be read in parts
   * @throws FhirFailure where nothing else of the feed will be answered
   */
  async read(
    window: Interval,
    {
      left,
      inParts = false,
      isAgain = false,
    }: { readonly left?: OpenWindow | undefined; readonly inParts?: boolean; readonly isAgain?: boolean } = {},
  ): Promise<WindowOutcome> {
    const [pull, type] = [this.#pull, this.#type];
    const size = pull.pageSizes.of(type);
    try {
      const heard = await this.#readWhole(window, { left, size, inParts });
      if ("instead" in heard) return { heard: [], failed: [], ...heard };
      pull.pageSizes.grow(type, { size, ...heard.pages });
      this.#refusals = 0;
      return { heard: [heard], failed: [] };
    } catch (error) {
      if (!(error instanceof FhirFailure) || isOfFeed(error)) throw error;
      if (isUnanswered(error)) await confirmServerAnswers(pull.server);
      // Links to pages expire, before the pull that was to go on from them too: then the window is begun anew, once.
      if (left !== undefined || (!isAgain && isAboutLinks(error))) return this.read(window, { inParts, isAgain: true });
      if (isAboutSize(error) && pull.pageSizes.shrink(type, size)) return this.read(window, { inParts, isAgain });
      this.#refusals += 1;
      const isCut = error.kind === "short" ? window.to - window.from > dayMs : isAboutContent(error);
      const halves = isCut ? halve(window) : undefined;
      const allFailed = (each: Interval): WindowOutcome => ({ heard: [], failed: [{ ...each, reason: error.reason }] });
      if (halves === undefined) return allFailed(window);
      const [earlier, later] = halves;
      if (this.#refusals < manyRefusals) return join([await this.read(earlier), await this.read(later)]);
      const end = await this.read(later);
      return join([isRefusedAt(end, later.from) ? allFailed(earlier) : await this.read(earlier), end]);
    }
  }

  async #readWhole(
    { from, to }: Interval,
    { left, size, inParts }: { readonly left: OpenWindow | undefined; readonly size: number; readonly inParts: boolean },
  ): Promise<ReadThrough | { readonly instead: readonly Interval[] }> {
    const [pull, type] = [this.#pull, this.#type];
    // What is changed while it is read has left its window for one after the last: the last has no end.
    const isOpen = to === (left?.askedAt ?? pull.until) && !writtenOnce.has(type);
    const window = { from, to };
    const pagesFrom = (page: PageLeft | undefined): AsyncGenerator<GivenPage> =>
      searchWindow(pull.server, type, isOpen ? { from, to: Infinity } : window, { left: page, size });
    const passage = { how: "search", type, window, left, pages: pagesFrom } as const;
    if (left !== undefined || !inParts) return readThrough(pull, passage);
    const pages = pagesFrom(undefined);
    const begun = await pages.next();
    const { counted, parts = [] } = begun.done ? {} : await measureWindow(pull, type, window, begun.value);
    if (!begun.done && parts.length > 0) {
      // The parts are asked for in larger pages already, where this one was quick.
      pull.pageSizes.grow(type, { size, read: counted ?? 0, meanLength: lengthOf(begun.value), tookMs: begun.value.tookMs });
      return { instead: parts };
    }
    return readThrough(pull, { ...passage, counted, pages: () => goOn(begun, pages) });
  }
}

/** Of its records, on average, as JSON. */
function lengthOf({ given }: GivenPage): number {
  return JSON.stringify(given.map(({ resource }) => resource)).length / given.length;
}

/** The same pages, the first of which has been asked for. */
async function* goOn(begun: IteratorResult<GivenPage>, pages: AsyncGenerator<GivenPage>): AsyncGenerator<GivenPage> {
  if (begun.done) return;
  yield begun.value;
  yield* pages;
}

/**
 * Every version since an instant in one stream, where the server has it. Undefined where it does not give all of it: what
 * breaks it is told by reading in windows.
 * @param left how far an earlier pull got with it
 * @throws FhirFailure where nothing else of the feed will be answered
 */
export async function readHistory(pull: ServerPull, type: string, since: Instant, left?: OpenWindow): Promise<Heard | undefined> {
  if (!hasHistory(pull, type)) return undefined;
  const size = pull.pageSizes.of(type);
  try {
    const heard = await readThrough(pull, {
      how: "history",
      type,
      window: { from: since, to: pull.until },
      left,
      pages: (page) => readTypeHistory(pull.server, type, since, { left: page, size }),
    });
    pull.pageSizes.grow(type, { size, ...heard.pages });
    return heard;
  } catch (error) {
    if (!(error instanceof FhirFailure) || isOfFeed(error)) throw error;
    if (isUnanswered(error)) await confirmServerAnswers(pull.server);
    if (left !== undefined || (isAboutSize(error) && pull.pageSizes.shrink(type, size))) return readHistory(pull, type, since);
    // What earlier versions name is told by no window.
    const owner = { siteId: pull.scope.siteId, source: pull.scope.source, type, how: "history" as const, from: since };
    await pullReferenced(pull, new Set(await listNamed(pull.db, owner)));
    await pull.write(undefined, (db) => forgetWindow(db, owner));
    return undefined;
  }
}

function hasHistory({ capability }: ServerPull, type: string): boolean {
  return workflowTypes.has(type) && capability.types.get(type)?.historyOfType === true;
}

/** Or about what it may have been slow to show. */
function isAboutLinks({ kind, status }: FhirFailure): boolean {
  return status === 404 || status === 410 || kind === "pages" || kind === "short";
}

function isRefusedAt({ failed }: WindowOutcome, at: Instant): boolean {
  return failed.some(({ from, to }) => from <= at && at < to);
}

function join(outcomes: readonly WindowOutcome[]): WindowOutcome {
  return { heard: outcomes.flatMap(({ heard }) => heard), failed: joinFailed(outcomes.flatMap(({ failed }) => failed)) };
}

/** Those that touch and failed alike are one. */
export function joinFailed(failed: readonly RefusedInterval[]): RefusedInterval[] {
  return [...Map.groupBy(failed, ({ reason }) => reason)].flatMap(([reason, alike]) =>
    unite(alike).map((interval) => ({ ...interval, reason })),
  );
}
