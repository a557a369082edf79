import type { SignalHead } from "../domain/signal.ts";
import { sayEndedHolidays } from "../insight/ended-holidays.ts";
import type { SourceExamination } from "../insight/examine-source.ts";
import type { SampledType } from "../insight/examine-sample.ts";
import { sayUnplaced } from "../insight/not-seen.ts";
import type { SeriesReadiness } from "../insight/series-readiness.ts";
import { sayShortcoming, type Readiness } from "../insight/signal-readiness.ts";
import { diagnose, type SiteHealth } from "../insight/site-health.ts";
import type { SourceProblem } from "../insight/source-problem.ts";
import type { UnmappedShape } from "../insight/suggest-mapping.ts";
import type { Tag } from "./finding-words.ts";
import { showTime, type ShownTime } from "./show-time.ts";

interface SignalView {
  readonly href: string;
  readonly title: string;
  readonly state: Tag;
  readonly because: readonly string[];
}

const states: Readonly<Record<Readiness["state"], Tag>> = {
  runs: { text: "Runs", colour: "green" },
  blind: { text: "Runs partly", colour: "yellow" },
  "cannot-run": { text: "Cannot run", colour: "red" },
};

function viewSignal({ id, isOn, state, because }: Readiness, catalogue: ReadonlyMap<string, SignalHead>): SignalView {
  return {
    href: `/signals/${id}`,
    title: `${catalogue.get(id)?.title ?? id}${isOn ? "" : " (off)"}`,
    state: states[state],
    because: because.map(sayShortcoming),
  };
}

/** Those that want something first, whoever is on before who is off, and worst first; what simply runs is named and no more. */
interface ReadinessView {
  readonly wanting: readonly SignalView[];
  readonly running: readonly SignalView[];
}

const worstFirst: readonly Readiness["state"][] = ["cannot-run", "blind", "runs"];

function viewReadiness(signals: readonly Readiness[], catalogue: ReadonlyMap<string, SignalHead>): ReadinessView {
  const inOrder = signals.toSorted((a, b) => Number(b.isOn) - Number(a.isOn) || worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state));
  const view = (those: readonly Readiness[]): SignalView[] => those.map((each) => viewSignal(each, catalogue));
  return { wanting: view(inOrder.filter(({ state }) => state !== "runs")), running: view(inOrder.filter(({ state }) => state === "runs")) };
}

const seriesStates: Readonly<Record<SeriesReadiness["state"], Tag>> = {
  runs: { text: "Runs", colour: "green" },
  waits: { text: "Runs where it can", colour: "yellow" },
  "cannot-run": { text: "Cannot run", colour: "red" },
};

function viewSeries({ id, isOn, state, says }: SeriesReadiness, catalogue: ReadonlyMap<string, SignalHead>): SignalView {
  const title = `${catalogue.get(id)?.title ?? id}${isOn ? "" : " (off)"}`;
  return { href: `/series/${id}`, title, state: seriesStates[state], because: [says] };
}

interface CarriedView {
  readonly type: string;
  readonly records: number;
  readonly shares: string;
}

/** What is held of a site. */
export interface HeldView {
  readonly diagnosis: Tag;
  readonly asAt: ShownTime;
  readonly faults: readonly string[];
  readonly signals: ReadinessView;
  readonly series: readonly SignalView[];
  readonly carried: readonly CarriedView[];
}

const diagnoses: Readonly<Record<ReturnType<typeof diagnose>, Tag>> = {
  well: { text: "All that its signals need is seen", colour: "green" },
  blind: { text: "Not all that its signals need is seen", colour: "yellow" },
  fails: { text: "Two sources contradict each other", colour: "red" },
};

export function viewHeld(health: SiteHealth, catalogue: ReadonlyMap<string, SignalHead>, timeZone: string): HeldView {
  const { clashes, crowded, quarantined, unplaced, endedHolidays } = health;
  return {
    diagnosis: diagnoses[diagnose(health)],
    asAt: showTime(health.now, timeZone),
    faults: [
      ...clashes.map(
        ({ one, other, type, records }) =>
          `${records} ${type} differ between the sources ${one} and ${other}: read them into two sites, or say in the configuration that they mirror each other.`,
      ),
      ...(quarantined > 0 ? [`${quarantined} resources are in quarantine: what they may bear on is unknown.`] : []),
      ...crowded.map(
        ({ type, system, bearers }) => `One identifier of ${system} is borne by ${bearers} ${type} records, so it joins none of them.`,
      ),
      ...sayUnplaced(unplaced),
      ...(endedHolidays ? [sayEndedHolidays(endedHolidays)] : []),
    ],
    signals: viewReadiness(health.signals, catalogue),
    series: health.series.map((each) => viewSeries(each, catalogue)),
    carried: health.populated.map(({ source, type, records, shares }) => ({
      type: `${type} from ${source}`,
      records,
      shares: sayShares(shares, records),
    })),
  };
}

/** What a look at a source found. */
export interface SourceView {
  readonly source: string;
  readonly where: string;
  readonly at: ShownTime;
  readonly state: Tag;
  readonly problems: readonly SourceProblem[];
  readonly notes: readonly SourceProblem[];
  readonly signals: ReadinessView;
  readonly carried: readonly CarriedView[];
  readonly unmapped: readonly { readonly count: number; readonly says: string }[];
  readonly unmappedMore: number;
  readonly mapping: string | undefined;
}

const shapesShown = 12;

export function viewSource(examined: SourceExamination, catalogue: ReadonlyMap<string, SignalHead>, timeZone: string): SourceView {
  const { source, kind, where, fhirVersion, at, problems, signals, sampled, unmapped, mapping } = examined;
  const worst = problems.find(({ weight }) => weight !== "note")?.weight;
  return {
    source,
    where: `${kind} ${where}${fhirVersion === undefined ? "" : `, FHIR ${fhirVersion}`}`,
    at: showTime(at, timeZone),
    state:
      worst === "stops"
        ? { text: "Cannot be read", colour: "red" }
        : worst === "blinds"
          ? { text: "Can be read in part", colour: "yellow" }
          : { text: "Can be read", colour: "green" },
    problems: problems.filter(({ weight }) => weight !== "note"),
    notes: problems.filter(({ weight }) => weight === "note"),
    signals: viewReadiness(signals, catalogue),
    carried: sampled.map(viewSampled),
    unmapped: unmapped.slice(0, shapesShown).map((shape) => ({ count: shape.count, says: sayShape(shape) })),
    unmappedMore: Math.max(0, unmapped.length - shapesShown),
    mapping,
  };
}

function viewSampled({ type, sampled, refused, shares }: SampledType): CarriedView {
  const usable = sampled - Object.values(refused).reduce((sum, each) => sum + each, 0);
  return { type, records: sampled, shares: sayShares(shares, usable) };
}

function sayShares(shares: Readonly<Record<string, number>>, of: number): string {
  const said = Object.entries(shares).map(([what, number]) => `${what} ${of === 0 ? 0 : Math.floor((100 * number) / of)} %`);
  return said.join(", ") || "–";
}

function sayShape({ from, codes, names }: UnmappedShape): string {
  const elements = Object.entries(codes).map(([element, each]) => `${element} ${each.map(({ code }) => code).join(" or ")}`);
  return `${from}: ${elements.join(", ") || "no code"}; names ${names.join(", ") || "no record"}`;
}
