import { codingsOf, hasCode, listOf, objectOf, type Json } from "./json.ts";

/** "A Provenance with activity `verify`/`attest` or an agent typed `verifier`." */
export function hasVerifier(provenance: Json): boolean {
  return isVerification(provenance) || verifiersOf(provenance).length > 0;
}

function isVerification(provenance: Json): boolean {
  return hasCode(provenance["activity"], ["verify", "attest"]);
}

export function verifiersOf(provenance: Json): Json[] {
  return agentsOf(provenance).filter((agent) =>
    [...codingsOf(agent["type"]), ...codingsOf(agent["role"])].some((each) => each.code === "verifier"),
  );
}

export function agentsOf(provenance: Json): Json[] {
  return listOf(provenance["agent"]).map(objectOf);
}
