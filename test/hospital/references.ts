import { draw, type Json, type Ward } from "./ward.ts";

export const BASE = "https://fhir.hospital.example/r4";
const OTHER_BASE = "https://old-epr.hospital.example/fhir";

/** A reference to `Type/id` in one of the spellings found in the wild. `holder` may be given a contained stub. */
export function refer(ward: Ward, key: string, holder?: Json): Json {
  const [type = "", id = ""] = key.split("/");
  const identifier = ward.identifiers.get(key);
  const unversioned = key.includes("/_history/") ? 0 : 1;
  const known = identifier === undefined ? 0 : unversioned;
  const person = type === "Patient" || type === "Practitioner" ? 1 : 0;
  const spelling = draw(ward, "reference", {
    relative: 130,
    absolute: 16,
    "other-base": 3,
    versioned: 8 * unversioned,
    "absolute-versioned": 4 * unversioned,
    identifier: 10 * known,
    "with-identifier": 10 * known,
    conditional: 8 * known,
    contained: holder === undefined ? 0 : 10 * known * person,
    "display-only": 3,
    "trailing-junk": 3,
  });
  if (spelling === "contained") {
    const contained = (holder?.["contained"] ?? []) as Json[];
    const local = `c${contained.length + 1}`;
    if (holder !== undefined) holder["contained"] = [...contained, { resourceType: type, id: local, identifier: [identifier] }];
    return { reference: `#${local}` };
  }
  const spelled: Record<typeof spelling, Json> = {
    relative: { reference: key },
    absolute: { reference: `${BASE}/${key}` },
    "other-base": { reference: `${OTHER_BASE}/${key}` },
    versioned: { reference: `${key}/_history/1` },
    "absolute-versioned": { reference: `${BASE}/${key}/_history/2` },
    identifier: { type, identifier },
    "with-identifier": { reference: key, identifier },
    conditional: { reference: `${type}?identifier=${identifier?.system}|${identifier?.value}` },
    "display-only": { display: `${type} ${id}` },
    "trailing-junk": { reference: `${type}/${key}` },
  };
  return spelled[spelling];
}

/** Gives a record an identifier that references may name it by. */
export function identify(ward: Ward, key: string, system: string, value: string): { system: string; value: string } {
  const identifier = { system, value };
  ward.identifiers.set(key, identifier);
  return identifier;
}

export function concept(system: string, code: string): Json {
  return { coding: [{ system, code }] };
}
