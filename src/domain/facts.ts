import type { Dosed } from "./dosage.ts";
import type { Instant, StatedTime } from "./instant.ts";
import type { HappeningFacts } from "./happening-facts.ts";
import type { ObservationContent } from "./observation.ts";
import type { PartyFacts } from "./party-facts.ts";
import type { Kind, Priority } from "./verdict.ts";

/**
 * The canonical name of a thing: `Type/id`; `Type/id#local` for a contained resource; `system|value` for an
 * identifier; `urn:uuid:…`; or the whole URL of a foreign server's resource. Never a display text.
 */
export type Key = string;

/** A reference as it names one thing; `also` is the identifier given beside it, if any. */
export interface Ref {
  readonly key: Key;
  readonly also?: Key;
  /** From `…/_history/version`; ignored for identity. */
  readonly version?: string;
}

export interface Coding {
  readonly system?: string;
  readonly code: string;
}

/** A CodeableConcept: same concept = any shared coding (system and code), else equal text. */
export interface Concept {
  readonly codings: readonly Coding[];
  readonly text?: string;
}

/** Who acts: `unidentified` where nothing says. A display alone is a human without a key. */
export type ActorKind = "human" | "team" | "machine" | "patient" | "unidentified";

export interface Actor {
  readonly kind: ActorKind;
  /** Absent where only a display names the actor. */
  readonly ref?: Ref;
}

/** What a site's mapping may read from records in its own way. */
export type Told = "result.viewed" | "result.acknowledged" | "result.communicated";

/** What every version says, whatever its type. */
export interface Version {
  /** Absent where the server gave none. */
  readonly versionId?: string;
  /** `meta.lastUpdated`. */
  readonly lastUpdated?: Instant;
  /** The latest time that the content itself carries of its own recording (`design.md`, Identity). */
  readonly recordedAt?: Instant;
  /** Place of the status in the order of `design.md`, Identity: draft 0 … entered-in-error last. */
  readonly statusRank: number;
  /** Hash of the content less `meta`; key order and white space make no difference. */
  readonly contentHash: string;
  /** As the record states it, lower case, trimmed; empty where absent. */
  readonly status: string;
  /** Status `entered-in-error` (Observation also its kin), or a FHIR deletion. */
  readonly voided?: true;
  /** A FHIR deletion (`_history`, bulk `deleted`); nothing else is known of such a version. */
  readonly deleted?: true;
  readonly patient?: Ref;
  readonly encounter?: Ref;
  /** Its own business identifiers: other names of the record. */
  readonly identifiers?: readonly Identifier[];
  /** `meta.security` R or V; `meta.tag` of test data. */
  readonly labels?: readonly ("restricted" | "test")[];
  /** What the site's mapping has it say of the reports that it names. */
  readonly says?: readonly Told[];
  /** What it would usually say, and does not by the site's mapping. */
  readonly saysNot?: readonly Told[];
}

export interface ObservationFacts extends Version, Omit<ObservationContent, "status"> {
  readonly type: "Observation";
  readonly basedOn: readonly Ref[];
}

export interface DiagnosticReportFacts extends Version {
  readonly type: "DiagnosticReport";
  readonly issued?: StatedTime;
  readonly effective?: StatedTime;
  readonly code: Concept;
  /** What its categories and code say by themselves: a result category, a note category, or neither. */
  readonly nature: "result" | "note" | "unsaid";
  /** Imaging or laboratory by its category. */
  readonly kind?: Kind;
  /** `result`; contained ones are keyed `DiagnosticReport/id#local` and found in `contained`. */
  readonly results: readonly Ref[];
  /** How many entries of `result` name nothing (a display alone): Observations that nobody can read. */
  readonly namelessResults?: number;
  readonly contained: Readonly<Record<Key, ObservationContent>>;
  /** `performer` and `resultsInterpreter` (STU3: `performer.actor`). */
  readonly performers: readonly Ref[];
  readonly basedOn: readonly Ref[];
  /** Binaries and documents of `presentedForm.url`. */
  readonly forms: readonly Ref[];
  /** A `conclusionCode` (STU3 `codedDiagnosis`) of AA, HH or LL. */
  readonly conclusionCritical: boolean;
  /** `conclusionCode` (STU3 `codedDiagnosis`). */
  readonly conclusions?: readonly Concept[];
  readonly specimens?: readonly Ref[];
  /** Hash of status, issued, result, conclusion, conclusionCode and presentedForm: a version is news only if it differs. */
  readonly newsHash: string;
}

/** ServiceRequest and MedicationRequest. */
export interface OrderFacts extends Version, Dosed {
  readonly type: "ServiceRequest" | "MedicationRequest";
  readonly intent: string;
  readonly priority?: Priority;
  readonly authoredOn?: StatedTime;
  readonly code: Concept;
  readonly kind?: Kind;
  readonly requester?: Actor;
  readonly basedOn: readonly Ref[];
  /** `occurrence[x]`: when it is meant to be done; a period by its end. */
  readonly intended?: StatedTime;
  /** `replaces`. */
  readonly replaces?: readonly Ref[];
  /** Everything that `basedOn`, `reasonReference` (R5 `reason`), `supportingInfo(rmation)` name. */
  readonly names: readonly Ref[];
}

export interface TaskFacts extends Version {
  readonly type: "Task";
  readonly intent: string;
  readonly priority?: Priority;
  readonly code?: Concept;
  /** The code is absent, in the mapping's list of review codes, one that the mapping reads in the site's own way, or another. */
  readonly review: "absent" | "listed" | "told" | "other";
  readonly description?: string;
  readonly focus?: Ref;
  readonly basedOn: readonly Ref[];
  /** Everything it names anywhere but `focus` and `output`: basedOn, reasonReference, input … */
  readonly names: readonly Ref[];
  /** What `output` names: a review by a listed code may name its report there; an action does not. */
  readonly outputs: readonly Ref[];
  readonly owner?: Actor;
  readonly requester?: Actor;
  readonly authoredOn?: StatedTime;
  readonly lastModified?: StatedTime;
  /** `executionPeriod.end`. */
  readonly executionEnd?: StatedTime;
  /** `restriction.period.end`. */
  readonly due?: StatedTime;
}

export interface AuditEventFacts extends Version {
  readonly type: "AuditEvent";
  /** `period.end`, else `recorded` (R5 `occurred[x]`). */
  readonly at?: StatedTime;
  /** `period.start`, else `recorded`. */
  readonly startedAt?: StatedTime;
  readonly success: boolean;
  readonly operation: "read" | "search" | "create" | "update" | "delete" | "other";
  /** ISO 21089 `verify` or `attest`; `transmit`. */
  readonly lifecycle?: "attest" | "transmit";
  /** The acting person, as `signals.md` "Who" finds it. */
  readonly actor: Actor;
  /** The kinds among its agents: does it name a machine, the patient, a human? */
  readonly agentKinds: readonly ActorKind[];
  /** Agents known by an identifier alone: only the record that bears it tells what they are. */
  readonly unsure?: readonly Ref[];
  /** Every record it names as an entity (patients apart). */
  readonly entities: readonly Ref[];
  /** Types searched for, from the parsed query. */
  readonly searched: readonly string[];
  /** The patient's own record is what was read or changed: it has an entity's role of a record, or nothing else is named. */
  readonly opensChart?: true;
}

export interface ProvenanceFacts extends Version {
  readonly type: "Provenance";
  readonly at?: StatedTime;
  readonly targets: readonly Ref[];
  /** Activity `verify` or `attest`, or an agent typed `verifier`. */
  readonly attests: boolean;
  /** Who verified (or simply acted). */
  readonly actor: Actor;
  readonly agentKinds: readonly ActorKind[];
}

/** What a person did about something: may name a report (`result.actioned`), may be a new order for the patient. */
export interface ActFacts extends Version {
  readonly type: "Communication" | "Appointment" | "Procedure" | "CarePlan";
  readonly intent?: string;
  /** Authored or performed (`created`, `sent`, start of `performed[x]`). */
  readonly at?: StatedTime;
  /** Communication only. */
  readonly received?: StatedTime;
  readonly code: Concept;
  readonly author?: Actor;
  readonly basedOn: readonly Ref[];
  /** Everything that `about`, `basedOn`, `reasonReference`, `supportingInfo(rmation)` name. */
  readonly names: readonly Ref[];
}

export interface EncounterFacts extends Version {
  readonly type: "Encounter";
  /** The newest `class`, as its code (`EMER`, `IMP` …). */
  readonly classCode?: string;
  readonly classHistory: readonly { readonly code: string; readonly from?: Instant; readonly to?: Instant }[];
  readonly start?: StatedTime;
  readonly end?: StatedTime;
  readonly serviceProvider?: Ref;
}

export interface PatientFacts extends Version {
  readonly type: "Patient";
  /** As a banner shows it. */
  readonly name?: string;
  /** `replaces` and `replaced-by`. */
  readonly links: readonly Ref[];
  readonly birthDate?: StatedTime;
  /** `deceasedDateTime`. */
  readonly deceasedAt?: StatedTime;
  /** `deceasedBoolean: true`. */
  readonly deceased?: true;
}

export interface Identifier {
  readonly key: Key;
  readonly system: string;
  readonly value: string;
  /** Its `use` is not `old` or `temp`. */
  readonly usable: boolean;
  /** Usable, its system listed by the configuration as naming one person, its check digit right where there is one. */
  readonly joins: boolean;
}

/** What one resource version says by itself. */
export type Facts =
  | DiagnosticReportFacts
  | ObservationFacts
  | OrderFacts
  | TaskFacts
  | AuditEventFacts
  | ProvenanceFacts
  | ActFacts
  | HappeningFacts
  | EncounterFacts
  | PatientFacts
  | PartyFacts;

/** The facts that may be of a type: `Extract` fails where one kind of facts serves several types. */
export type OfType<T, F = Facts> = F extends { type: infer K } ? (T extends K ? F : never) : never;
