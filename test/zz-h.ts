import { makeHospital } from "./hospital/hospital.ts";
import { contentHash } from "./reference/json.ts";
import { normalise } from "../src/normalise/normalise.ts";
import { context } from "./normalise/normalise-example.ts";
const h = makeHospital(16);
for (const r of h.resources) if (r.id === "dr-1-2-communication") { const n: any = normalise(r, context); console.log(r.status, contentHash(r as any), n.facts?.contentHash, n.kind); }
