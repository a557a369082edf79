import type { Key } from "../domain/facts.ts";
import type { Interval } from "../domain/instant.ts";
import { unite } from "../domain/interval.ts";
import { confirmServerAnswers } from "../fhir/capability.ts";
import { FhirFailure, isAboutContent, isOfFeed, isUnanswered } from "../fhir/fhir-failure.ts";
import { readTypeHistory, searchWindow, type Given } from "../fhir/search.ts";
import { halve } from "../fhir/time-windows.ts";
import { fetchingReferenced, pullReferenced } from "./pull-referenced.ts";
import { fetchingVersions } from "./pull-versions.ts";
import { workflowTypes, writtenOnce } from "./pulled-types.ts";
import { takeInGiven, type Heard, type ServerPull } from "./server-pull.ts";

/** So many smallest windows refused one after another, and the rest is not cut any more: it is not about one record. */
const mostRefusals = 6;

/** What one window brought: which parts of it failed, and what was heard of the others. */
export interface WindowOutcome {
  readonly heard: readonly Heard[];
  readonly failed: readonly RefusedInterval[];
}

interface RefusedInterval extends Interval {
  readonly reason: string;
}

/** Reads windows of one feed; one that fails is read in halves, down to the hour. */
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
      const halves = isAboutContent(error) && this.#refusals < mostRefusals ? halve(window) : undefined;
      if (halves === undefined) {
        this.#refusals += 1;
        return { heard: [], failed: [{ ...window, reason: error.reason }] };
      }
      const outcomes = [await this.read(halves[0]), await this.read(halves[1])];
      return { heard: outcomes.flatMap((each) => each.heard), failed: joinFailed(outcomes.flatMap((each) => each.failed)) };
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

function joinFailed(failed: readonly RefusedInterval[]): RefusedInterval[] {
  return [...Map.groupBy(failed, ({ reason }) => reason)].flatMap(([reason, alike]) =>
    unite(alike).map((interval) => ({ ...interval, reason })),
  );
}
