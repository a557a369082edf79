import type { Facts, Key } from "../domain/facts.ts";
import type { Instant } from "../domain/instant.ts";

export const refusalCodes = ["not-fhir", "no-id", "no-time", "dstu2", "too-deep"] as const;

/** Why a resource cannot be used. */
export type RefusalCode = (typeof refusalCodes)[number];

export interface Refused {
  readonly kind: "refused";
  readonly code: RefusalCode;
  /** A sentence without anything of the patient's. */
  readonly reason: string;
  readonly type?: string;
  readonly key?: Key;
  /** Reports, orders and Tasks that it names: their loops cannot be judged without it. */
  readonly names: readonly Key[];
  readonly patient?: Key;
  readonly eventAt?: Instant;
}

/** What becomes of one resource version. */
export type Normalised =
  | {
      readonly kind: "facts";
      readonly key: Key;
      readonly facts: Facts;
      /** `recorded`, `issued`, `authoredOn`, `sent`, `meta.lastUpdated`: what assumed coverage rests on. */
      readonly times: readonly Instant[];
      /** The time by which the version counts in its feed's hours. */
      readonly eventAt?: Instant;
      /** The latest time that it carries, for retention. */
      readonly latestAt?: Instant;
    }
  | Refused
  | { readonly kind: "skipped"; readonly type: string };
