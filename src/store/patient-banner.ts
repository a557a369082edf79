import type { Key } from "../domain/facts.ts";
import type { StatedTime } from "../domain/instant.ts";
import { nhsNumberSystem } from "../domain/joining-systems.ts";
import type { Db } from "./db.ts";
import { isRecordName, readNewestFacts } from "./newest-facts.ts";

/** Who a patient is, as the newest version of the record says. */
export interface PatientBanner {
  readonly name?: string;
  readonly birthDate?: StatedTime;
  /** Ten digits; absent where the record bears none that is in use. */
  readonly nhsNumber?: string;
  readonly isDead: boolean;
}

/** By the names given; a patient whose record has not been read is absent. */
export async function readPatientBanners(db: Db, site: string, names: readonly Key[]): Promise<Map<Key, PatientBanner>> {
  const facts = await readNewestFacts(db, site, [...new Set(names)].filter(isRecordName));
  const banners = new Map<Key, PatientBanner>();
  for (const [name, patient] of facts) {
    if (patient.type !== "Patient") continue;
    const nhsNumber = patient.identifiers?.find(({ system, usable }) => usable && system === nhsNumberSystem)?.value;
    banners.set(name, {
      ...(patient.name !== undefined && { name: patient.name }),
      ...(patient.birthDate && { birthDate: patient.birthDate }),
      ...(nhsNumber !== undefined && { nhsNumber }),
      isDead: patient.deceased === true || patient.deceasedAt !== undefined,
    });
  }
  return banners;
}
