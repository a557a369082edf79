import { beforeAll, expect, inject, test } from "vitest";
import { runFollowthrough } from "../commands/run-followthrough.ts";
import { emptyHapi } from "./ask-hapi.ts";
import { loadHospital } from "./load-hospital.ts";

const base = inject("hapiBase");

beforeAll(async () => {
  await emptyHapi(base);
  await loadHospital(base, "south");
});

interface Examined {
  readonly fhirVersion: string;
  readonly problems: readonly { readonly code: string }[];
  readonly sampled: readonly { readonly type: string; readonly sampled: number; readonly shares: object }[];
  readonly signals: readonly { readonly id: string; readonly state: string; readonly because: readonly { readonly kind: string }[] }[];
}

test("doctor says of a real server what it can give, and which signals would see what they need", async () => {
  const env = { PATH: process.env["PATH"] ?? "", FOLLOWTHROUGH_DATA: "memory:" };
  const { code, stdout, stderr } = await runFollowthrough(env, ["doctor", "--from", base, "--json"]);
  expect({ code, stderr }).toEqual({ code: 3, stderr: "" });
  const { sites } = JSON.parse(stdout) as { sites: { sources: Examined[] }[] };
  const [examined] = sites.flatMap(({ sources }) => sources);
  expect(examined).toMatchObject({ fhirVersion: "4.0.1", problems: [] });
  expect(examined?.sampled.find(({ type }) => type === "AuditEvent")).toMatchObject({
    sampled: 2,
    shares: { "a person": 2, "a known activity": 2, "a time": 2 },
  });
  const stateOf = (id: string): unknown => examined?.signals.find((signal) => signal.id === id);
  expect(stateOf("critical-uncommunicated")).toMatchObject({ state: "runs", because: [] });
  // Nobody there ever completed a Task in the sample's few.
  expect(stateOf("task-overdue")).toMatchObject({ state: "blind", because: [{ kind: "never-seen" }] });
});
