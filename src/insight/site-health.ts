import type { Instant } from "../domain/instant.ts";
import type { Clash, CrowdedIdentifier, Populated } from "../store/populated.ts";
import type { Run } from "../store/run.ts";
import type { EndedHolidays } from "./ended-holidays.ts";
import type { FeedHealth } from "./feed-health.ts";
import type { SeriesReadiness } from "./series-readiness.ts";
import type { Readiness } from "./signal-readiness.ts";

/** What doctor finds of one site. */
export interface SiteHealth {
  readonly site: string;
  /** The instant that it is judged at: the last scan's. */
  readonly now: Instant;
  readonly watchFrom: Instant | undefined;
  /** The last run that saw everything, and the last of any kind. */
  readonly lastGood: Pick<Run, "kind" | "startedAt"> | undefined;
  readonly last: Pick<Run, "kind" | "startedAt" | "state"> | undefined;
  readonly feeds: readonly FeedHealth[];
  readonly populated: readonly Populated[];
  /** Events for which no patient could be found. */
  readonly unplaced: number;
  readonly quarantined: number;
  readonly crowded: readonly CrowdedIdentifier[];
  readonly clashes: readonly Clash[];
  readonly endedHolidays: EndedHolidays | undefined;
  readonly signals: readonly Readiness[];
  readonly series: readonly SeriesReadiness[];
}

/**
 * `fails`: the records of two sources are mixed up, so nothing said of them can be relied on. `blind`: a signal that is
 * on does not see all that it needs.
 */
export function diagnose(health: Pick<SiteHealth, "clashes" | "quarantined" | "signals">): "fails" | "blind" | "well" {
  if (health.clashes.length > 0) return "fails";
  const isBlind = health.quarantined > 0 || health.signals.some(({ isOn, state }) => isOn && state !== "runs");
  return isBlind ? "blind" : "well";
}
