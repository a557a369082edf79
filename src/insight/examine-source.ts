import type { ServerAccess } from "../config/server-access.ts";
import type { Facts } from "../domain/facts.ts";
import type { FhirVersion } from "../domain/fhir-version.ts";
import type { Instant } from "../domain/instant.ts";
import { canCarry } from "../detect/signal-feeds.ts";
import { closingActivities } from "../domain/signal-activities.ts";
import type { Signal } from "../domain/signal.ts";
import { originOf } from "../fhir/capability.ts";
import { openFhirServer, type Patience } from "../fhir/fhir-server.ts";
import type { NormaliseContext } from "../normalise/normalise.ts";
import { examineSample, type ExaminedSample, type SampledType } from "./examine-sample.ts";
import { probeServer } from "./probe-server.ts";
import { sampleFolder } from "./sample-folder.ts";
import { judgeReadiness, type Readiness } from "./signal-readiness.ts";
import { byWeight, type SourceProblem } from "./source-problem.ts";
import { suggestMapping, type UnmappedShape } from "./suggest-mapping.ts";

/** A source to be examined: a folder, or a server. */
export type SourceToExamine = { readonly name: string } & (
  { readonly folder: string } | { readonly url: string; readonly access?: ServerAccess | undefined; readonly types?: readonly string[] }
) & { readonly fhirVersion?: FhirVersion };

/** What a look at a source itself found, before or beside what is held of it. Nothing of any patient. */
export interface SourceExamination {
  readonly source: string;
  readonly kind: "server" | "folder";
  /** The server's origin, or the folder. */
  readonly where: string;
  readonly at: Instant;
  readonly fhirVersion: string | undefined;
  /** What matters most first. */
  readonly problems: readonly SourceProblem[];
  readonly sampled: readonly SampledType[];
  /** What is not understood, the most frequent first. */
  readonly unmapped: readonly UnmappedShape[];
  /** A mapping file to paste that makes it known; absent where there is nothing to map. */
  readonly mapping: string | undefined;
  /** By what it offers and by the sample. */
  readonly signals: readonly Readiness[];
}

export interface Examining {
  readonly context: NormaliseContext;
  readonly signals: readonly { readonly signal: Signal; readonly isOn: boolean }[];
  readonly used: readonly Facts["type"][];
  readonly clock: () => Instant;
  readonly random: () => number;
  readonly patience?: Partial<Patience> | undefined;
}

/** Short: a person waits. */
const patience: Partial<Patience> = { timeoutMs: 15_000, waitsMs: [500] };

/**
 * Looks at a source: what it can give, and what a sample of it is like. Reads a bounded part of it, and stores nothing.
 * @throws UserError where a key, a certificate, a proxy or a folder that is named cannot be used
 */
export async function examineSource(source: SourceToExamine, examining: Examining): Promise<SourceExamination> {
  const { context, clock, random, used } = examining;
  if ("folder" in source) {
    const { resources, unusable, ignored } = await sampleFolder(source.folder);
    const sample = examineSample(resources, context);
    const problems = [...ofUnusable(unusable), ...ofSample(sample), ...ofIgnored(ignored)];
    const has = new Set(sample.types.map(({ type }) => type));
    return asExamination(
      source.name,
      { kind: "folder", where: source.folder, fhirVersion: source.fhirVersion },
      problems,
      sample,
      has,
      examining,
    );
  }
  const server = openFhirServer({ base: source.url, access: source.access, clock, random, patience: examining.patience ?? patience });
  const probe = await probeServer(server, source, used, clock);
  const sample = examineSample(probe.resources, context);
  const problems = [...probe.problems, ...ofSample(sample), ...ofEmpty(probe.given, sample)];
  const about = { kind: "server" as const, where: originOf(source.url), fhirVersion: probe.fhirVersion };
  return asExamination(source.name, about, problems, sample, probe.offered, examining);
}

function asExamination(
  source: string,
  about: Pick<SourceExamination, "kind" | "where" | "fhirVersion">,
  problems: readonly SourceProblem[],
  sample: ExaminedSample,
  has: ReadonlySet<string>,
  { signals, context, clock }: Examining,
): SourceExamination {
  return {
    source,
    ...about,
    at: clock(),
    problems: byWeight(problems),
    sampled: sample.types,
    unmapped: sample.unmapped,
    mapping: suggestMapping(sample.unmapped),
    signals: signals.map(({ signal, isOn }) => judgeBySample(signal, isOn, has, sample, context.mapping.madeFrom)),
  };
}

/** By what a source offers, and by whether anything of its sample would end a loop. */
function judgeBySample(
  signal: Signal,
  isOn: boolean,
  has: ReadonlySet<string>,
  sample: ExaminedSample,
  madeFrom: NormaliseContext["mapping"]["madeFrom"],
): Readiness {
  const closing = closingActivities(signal);
  return judgeReadiness(signal, isOn, {
    gaps: new Map([...has].map((type) => [type, []])),
    canRun: canCarry(signal, (type) => has.has(type), madeFrom),
    madeFrom,
    closingSeen: closing.length === 0 || closing.some((activity) => sample.activities.has(activity)),
    isSample: true,
  });
}

function ofSample({ types }: ExaminedSample): SourceProblem[] {
  return types.flatMap(({ type, sampled, refused: { dstu2 = 0, ...others } }): SourceProblem[] => {
    const count = Object.values(others).reduce((sum, each) => sum + each, 0);
    const why = Object.entries(others).map(([code, number]) => `${number} ${code}`);
    return [
      ...(dstu2 === 0
        ? []
        : [
            {
              code: "sample-dstu2",
              weight: "blinds" as const,
              says: `${dstu2} of ${sampled} ${type} are in the form of FHIR DSTU2, which is not read: STU3, R4, R4B and R5 are.`,
              mend: "Ask the vendor for a later version of the interface.",
            },
          ]),
      ...(count === 0
        ? []
        : [
            {
              code: "sample-refused",
              weight: "blinds" as const,
              says: `${count} of ${sampled} ${type} could not be used (${why.join(", ")}): a scan puts them into quarantine, and what they may bear on is unknown.`,
              mend: "Have them corrected where they are written.",
            },
          ]),
    ];
  });
}

function ofUnusable(unusable: ReadonlyMap<string, number>): SourceProblem[] {
  return [...unusable].map(([code, count]) => ({
    code: `sample-${code}`,
    weight: "blinds",
    says: `${count} of what was looked at could not be read (${code}).`,
    mend: "Export or copy those files again; a scan names each, with its line.",
  }));
}

function ofIgnored(ignored: readonly string[]): SourceProblem[] {
  if (ignored.length === 0) return [];
  return [
    {
      code: "files-ignored",
      weight: "note",
      says: `${ignored.length} files are none of *.ndjson, *.ndjson.gz and *.json, and are not read.`,
      mend: "Unpack or convert them where they hold records.",
    },
  ];
}

function ofEmpty(given: ReadonlySet<string>, { types }: ExaminedSample): SourceProblem[] {
  const empty = ["AuditEvent", "Task", "DiagnosticReport"].filter((type) => given.has(type) && !types.some((each) => each.type === type));
  if (empty.length === 0) return [];
  return [
    {
      code: "type-empty",
      weight: "blinds",
      says: `It offers ${empty.join(", ")}, and gave none.`,
      mend: "See that Followthrough's account may read them, and that this EPR writes them here.",
    },
  ];
}
