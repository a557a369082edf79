import type { Key } from "../domain/facts.ts";
import type { Instant, Interval } from "../domain/instant.ts";
import { unite } from "../domain/interval.ts";
import { confirmServerAnswers } from "../fhir/capability.ts";
import { FhirFailure, isAboutContent, isOfFeed, isUnanswered } from "../fhir/fhir-failure.ts";
import { readTypeHistory, searchWindow, type Given } from "../fhir/search.ts";
import { halve } from "../fhir/time-windows.ts";
import { fetchingReferenced, pullReferenced } from "./pull-referenced.ts";
import { fetchingVersions } from "./pull-versions.ts";
import { workflowTypes, writtenOnce } from "./pulled-types.ts";
import { takeInGiven, type Heard, type ServerPull } from "./server-pull.ts";

/** So many refusals one after another are no single record that the server trips over: then only their end is looked for. */
const manyRefusals = 20;

/** What one window brought: which parts of it failed, and what was heard of the others. */
export interface WindowOutcome {
  readonly heard: readonly Heard[];
  readonly failed: readonly RefusedInterval[];
}

interface RefusedInterval extends Interval {
  readonly reason: string;
}

/**
 * Reads windows of one feed; one that fails is read in halves, down to the minute. In a long outage that would be thousands
 * of questions: there the later half is asked for first, and where its beginning fails too, so is all before it taken to.
 */
export class FeedReading {
  readonly #pull: ServerPull;
  readonly #type: string;
  #refusals = 0;

  constructor(pull: ServerPull, type: string) {
    this.#pull = pull;
    this.#type = type;
  }

  /** @throws FhirFailure where nothing else of the feed will be answered */
  async read(window: Interval, isAgain = false): Promise<WindowOutcome> {
    try {
      const heard = await this.#readWhole(window);
      this.#refusals = 0;
      return { heard: [heard], failed: [] };
    } catch (error) {
      if (!(error instanceof FhirFailure) || isOfFeed(error)) throw error;
      if (isUnanswered(error)) await confirmServerAnswers(this.#pull.server);
      // Pages expire while they are read: then the window is begun anew, once.
      if (!isAgain && (error.status === 404 || error.status === 410 || error.kind === "pages")) return this.read(window, true);
      this.#refusals += 1;
      const halves = isAboutContent(error) ? halve(window) : undefined;
      const allFailed = (each: Interval): WindowOutcome => ({ heard: [], failed: [{ ...each, reason: error.reason }] });
      if (halves === undefined) return allFailed(window);
      const [earlier, later] = halves;
      if (this.#refusals < manyRefusals) return join([await this.read(earlier), await this.read(later)]);
      const end = await this.read(later);
      return join([isRefusedAt(end, later.from) ? allFailed(earlier) : await this.read(earlier), end]);
    }
  }

  /**
   * Every version since an instant in one stream, where the server has it. Undefined where it does not give all of it: what
   * breaks it is told by reading in windows.
   * @throws FhirFailure where nothing else of the feed will be answered
   */
  async readHistory(since: number): Promise<Heard | undefined> {
    const [pull, type] = [this.#pull, this.#type];
    if (!workflowTypes.has(type) || pull.capability.types.get(type)?.historyOfType !== true) return undefined;
    const named = new Set<Key>();
    try {
      return await this.#takeIn("history", readTypeHistory(pull.server, type, since), named);
    } catch (error) {
      if (!(error instanceof FhirFailure) || isOfFeed(error)) throw error;
      if (isUnanswered(error)) await confirmServerAnswers(pull.server);
      // What earlier versions name is told by no window.
      await pullReferenced(pull, named);
      return undefined;
    }
  }

  async #readWhole({ from, to }: Interval): Promise<Heard> {
    const { server, until } = this.#pull;
    // What is changed while it is read has left its window for one after the last: the last has no end.
    const isOpen = to === until && !writtenOnce.has(this.#type);
    const named = new Set<Key>();
    const given = searchWindow(server, this.#type, { from, to: isOpen ? Infinity : to });
    return this.#takeIn("search", fetchingVersions(this.#pull, this.#type, given, named), named);
  }

  /** A window is read when also what it names has been. */
  async #takeIn(how: string, given: AsyncIterable<Given>, named: Set<Key>): Promise<Heard> {
    const heard = await takeInGiven(this.#pull, `${this.#type} ${how}`, fetchingReferenced(this.#pull, given, named), named);
    await pullReferenced(this.#pull, named);
    return heard;
  }
}

function isRefusedAt({ failed }: WindowOutcome, at: Instant): boolean {
  return failed.some(({ from, to }) => from <= at && at < to);
}

function join(outcomes: readonly WindowOutcome[]): WindowOutcome {
  return { heard: outcomes.flatMap(({ heard }) => heard), failed: joinFailed(outcomes.flatMap(({ failed }) => failed)) };
}

function joinFailed(failed: readonly RefusedInterval[]): RefusedInterval[] {
  return [...Map.groupBy(failed, ({ reason }) => reason)].flatMap(([reason, alike]) =>
    unite(alike).map((interval) => ({ ...interval, reason })),
  );
}
