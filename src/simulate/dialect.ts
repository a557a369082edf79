import type { Acknowledgement, Level } from "./chart.ts";
import type { Dice } from "./dice.ts";
import type { DialectName } from "./options.ts";

/** What an EPR can say, and how: its features shape the work (what cannot be recorded is done another way). */
interface Dialect {
  readonly says: string;
  readonly fhir: "r4" | "r5";
  /** How its audit trail is written; `none`: it has none, and nobody can tell who looked. */
  readonly audit: "balp" | "iso21089" | "r5" | "none";
  readonly acknowledgedVia: Readonly<Record<Acknowledgement["via"], number>>;
  /** As what it keeps letters, and how it knows that images were taken. */
  readonly letters: "DocumentReference" | "Composition";
  readonly studies: "ImagingStudy" | "Procedure";
  /** Where a radiologist's suspicion is coded. */
  readonly suspicions: "report" | "observation";
  /** Types that this EPR never writes: they are not named in coverage.json. */
  readonly lacks: readonly string[];
}

export const dialectOf: Readonly<Record<DialectName, Dialect>> = {
  balp: {
    says: "R4, AuditEvents by IHE's Basic Audit Log Patterns: machines first, the person last, searches as base64",
    fhir: "r4",
    audit: "balp",
    acknowledgedVia: { audit: 7, task: 3, provenance: 0 },
    letters: "DocumentReference",
    studies: "Procedure",
    suspicions: "report",
    lacks: ["Composition", "ImagingStudy", "Provenance"],
  },
  iso21089: {
    says: "R4, AuditEvents typed by ISO 21089 lifecycle codes, people by their registration number, signatures as Provenance",
    fhir: "r4",
    audit: "iso21089",
    acknowledgedVia: { audit: 6, task: 1, provenance: 3 },
    letters: "Composition",
    studies: "ImagingStudy",
    suspicions: "observation",
    lacks: ["DocumentReference"],
  },
  r5: {
    says: "R5 shapes throughout, AuditEvents with code, category and patient",
    fhir: "r5",
    audit: "r5",
    acknowledgedVia: { audit: 5, task: 4, provenance: 1 },
    letters: "DocumentReference",
    studies: "ImagingStudy",
    suspicions: "observation",
    lacks: ["Composition"],
  },
  "task-only": {
    says: "R4 without any audit trail: what is not a Task or a clinical record was not recorded",
    fhir: "r4",
    audit: "none",
    acknowledgedVia: { audit: 0, task: 1, provenance: 0 },
    letters: "Composition",
    studies: "Procedure",
    suspicions: "report",
    lacks: ["AuditEvent", "DocumentReference", "ImagingStudy", "Provenance"],
  },
};

/** How a result will be acknowledged, if it is. Nobody puts a normal result into an in-tray. */
export function acknowledgedBy(dialect: DialectName, dice: Dice, level: Level): Acknowledgement["via"] {
  const { acknowledgedVia } = dialectOf[dialect];
  return dice.weigh(level === "normal" && acknowledgedVia.audit > 0 ? { ...acknowledgedVia, task: 0 } : acknowledgedVia);
}
