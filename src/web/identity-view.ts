import type { Instant } from "../domain/instant.ts";
import type { PatientBanner } from "../store/patient-banner.ts";
import { showBirth } from "./show-time.ts";

/** Who a patient is, in the order of an identity banner. */
export interface IdentityView {
  readonly name: string;
  readonly born: string;
  readonly nhsNumber: string;
  /** The record's own id: what the EPR finds the patient by where nothing else is known. */
  readonly record: string;
  readonly isDead: boolean;
}

export function viewIdentity(patient: string | null, banner: PatientBanner | undefined, now: Instant, timeZone: string): IdentityView {
  return {
    name: banner?.name ?? (patient === null ? "The record names no patient" : "Name not held"),
    born: banner?.birthDate ? showBirth(banner.birthDate, now, timeZone) : "not held",
    nhsNumber: banner?.nhsNumber === undefined ? "not held" : spaced(banner.nhsNumber),
    record: patient ?? "none",
    isDead: banner?.isDead ?? false,
  };
}

/** `999 381 3702`: read aloud, and compared, in threes and a four. */
function spaced(nhsNumber: string): string {
  return nhsNumber.replace(/^(\d{3})(\d{3})(\d{4})$/, "$1 $2 $3");
}
