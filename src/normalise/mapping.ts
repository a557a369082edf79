import type { MadeFrom } from "../domain/made-from.ts";
import type { Priority } from "../domain/verdict.ts";
import { buildCodeSet } from "./code-set.ts";
import type { CodeSet } from "./code-set.ts";
import { buildEvidence, type Evidence } from "./evidence.ts";
import type { WrittenGroup, WrittenMapping } from "./mapping-schema.ts";

/** One row of the critical-limit table. */
interface MappedLimit {
  readonly name: string;
  /** UCUM. */
  readonly unit: string;
  readonly loinc: readonly string[];
  /** g/mol, for conversion between mass and amount. */
  readonly molarMass?: number;
  /** For conversion from equivalents. */
  readonly charge?: number;
  readonly low?: number;
  readonly high?: number;
  /** Under 16 years, where they differ. */
  readonly childLow?: number;
  readonly childHigh?: number;
}

const observationCategories = ["laboratory", "imaging", "procedure", "vital-signs", "survey", "social-history", "other"] as const;

/** How records say what they say. */
export interface Mapping {
  /** As the files say it, merged. */
  readonly written: WrittenMapping;
  /** What each activity can come from. */
  readonly madeFrom: MadeFrom;
  readonly evidence: Evidence;
  readonly reports: { readonly laboratory: CodeSet; readonly imaging: CodeSet; readonly other: CodeSet; readonly notes: CodeSet };
  readonly criticalConclusions: CodeSet;
  readonly observations: readonly (readonly [(typeof observationCategories)[number], CodeSet])[];
  readonly normalRanges: CodeSet;
  readonly orders: { readonly laboratory: CodeSet; readonly imaging: CodeSet; readonly referral: CodeSet };
  readonly reviews: CodeSet;
  /** By the lower case of the priority as written. */
  readonly priorities: ReadonlyMap<string, Priority>;
  readonly audit: AuditMapping;
  readonly provenance: { readonly attest: CodeSet; readonly verifiers: CodeSet };
  readonly teamIdentifierSystems: ReadonlySet<string>;
  readonly labels: { readonly restricted: CodeSet; readonly test: CodeSet };
  readonly urgency: {
    readonly critical: ReadonlySet<string>;
    readonly abnormal: ReadonlySet<string>;
    readonly normal: ReadonlySet<string>;
    readonly limits: readonly MappedLimit[];
  };
}

interface AuditMapping {
  readonly success: ReadonlySet<string>;
  readonly searchPrefix: string;
  readonly read: CodeSet;
  readonly create: CodeSet;
  readonly update: CodeSet;
  readonly delete: CodeSet;
  readonly attest: CodeSet;
  readonly transmit: CodeSet;
  readonly machines: CodeSet;
  readonly humans: CodeSet;
  readonly patientRole: CodeSet;
  readonly patientType: CodeSet;
  readonly personType: CodeSet;
  readonly recordRole: CodeSet;
  readonly patientNames: readonly { readonly pattern: RegExp; readonly system: string }[];
}

export function compileMapping(written: WrittenMapping): Mapping {
  const set = (groups: readonly WrittenGroup[]): CodeSet =>
    buildCodeSet(
      groups.map(({ system, codes }) => (system === undefined ? { codes } : { codes, systems: written.systems[system] ?? [system] })),
    );
  const { reports, orders, audit, provenance, labels, interpretations } = written;
  const { evidence, madeFrom } = buildEvidence(written.evidence, set);
  return {
    written,
    madeFrom,
    evidence,
    reports: { laboratory: set(reports.laboratory), imaging: set(reports.imaging), other: set(reports.other), notes: set(reports.notes) },
    criticalConclusions: set(written["critical-conclusions"]),
    observations: observationCategories.map((category) => [category, set(written.observations[category])] as const),
    normalRanges: set(written["normal-ranges"]),
    orders: { laboratory: set(orders.laboratory), imaging: set(orders.imaging), referral: set(orders.referral) },
    reviews: set(written.reviews),
    priorities: new Map(
      (["stat", "asap", "urgent", "routine"] as const).flatMap((priority) =>
        written.priorities[priority].map((code) => [code.toLowerCase(), priority] as const),
      ),
    ),
    audit: {
      success: new Set(audit.success),
      searchPrefix: audit["search-prefix"].toLowerCase(),
      read: set(audit.read),
      create: set(audit.create),
      update: set(audit.update),
      delete: set(audit.delete),
      attest: set(audit.attest),
      transmit: set(audit.transmit),
      machines: set(audit.machines),
      humans: set(audit.humans),
      patientRole: set(audit["patient-role"]),
      patientType: set(audit["patient-type"]),
      personType: set(audit["person-type"]),
      recordRole: set(audit["record-role"]),
      patientNames: audit["names-that-identify-patients"].map(({ pattern, system }) => ({ pattern: new RegExp(pattern), system })),
    },
    provenance: { attest: set(provenance.attest), verifiers: set(provenance.verifiers) },
    teamIdentifierSystems: new Set(written["team-identifier-systems"]),
    labels: { restricted: set(labels.restricted), test: set(labels.test) },
    urgency: {
      critical: new Set(interpretations.critical),
      abnormal: new Set(interpretations.abnormal),
      normal: new Set(interpretations.normal),
      limits: written["critical-limits"].map(compileLimit),
    },
  };
}

function compileLimit(written: WrittenMapping["critical-limits"][number]): MappedLimit {
  const { name, unit, loinc, low, high, charge } = written;
  const molarMass = written["molar-mass"];
  const child = written["under-16"];
  return {
    name,
    unit,
    loinc,
    ...(molarMass === undefined ? {} : { molarMass }),
    ...(charge === undefined ? {} : { charge }),
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    ...(child?.low === undefined ? {} : { childLow: child.low }),
    ...(child?.high === undefined ? {} : { childHigh: child.high }),
  };
}
