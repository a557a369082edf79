import fc from "fast-check";
import { expect, test } from "vitest";
import type { Actor, ActorKind, AuditEventFacts, Facts, Ref } from "../../src/domain/facts.ts";
import { aliasesSaid, linksOf } from "../../src/relate/links.ts";
import { refsOf } from "../../src/relate/refs-of.ts";
import { normaliseDeletion } from "../../src/normalise/deletion.ts";
import { typeOf } from "../../src/relate/world.ts";

const names = [
  "DiagnosticReport/r",
  "DiagnosticReport/r#o",
  "Observation/o",
  "Task/t",
  "Patient/p",
  "Practitioner/d",
  "https://a.example|7",
];
const ref: fc.Arbitrary<Ref> = fc.record(
  { key: fc.constantFrom(...names), also: fc.constantFrom("https://b.example|8"), version: fc.constant("1") },
  { requiredKeys: ["key"] },
);
const kind = fc.constantFrom<ActorKind>("human", "machine", "unidentified");
const actor: fc.Arbitrary<Actor> = fc.record({ kind, ref }, { requiredKeys: ["kind"] });
const identifier = fc.record({
  key: fc.constant("https://c.example|9"),
  system: fc.constant("https://c.example"),
  value: fc.constant("9"),
  usable: fc.boolean(),
  joins: fc.boolean(),
});
/** Every member of an AuditEvent's facts that may hold a reference. */
const audit: fc.Arbitrary<AuditEventFacts> = fc
  .record(
    {
      patient: ref,
      encounter: ref,
      unsure: fc.array(ref),
      identifiers: fc.array(identifier),
      actor,
      entities: fc.array(ref),
      operation: fc.constantFrom("read" as const, "update" as const),
    },
    { requiredKeys: ["actor", "entities", "operation"] },
  )
  .map((named) => ({
    type: "AuditEvent",
    statusRank: 0,
    contentHash: "",
    status: "",
    success: true,
    agentKinds: [],
    searched: [],
    ...named,
  }));

/** Every reference, wherever it stands. */
function walk(value: unknown): Ref[] {
  if (typeof value !== "object" || value === null) return [];
  if ("key" in value && !("joins" in value)) return [value as Ref];
  return Object.values(value).flatMap(walk);
}

test("the references of an AuditEvent are all that stand anywhere in it", () => {
  const inOrder = (refs: readonly Ref[]): string[] => refs.map((each) => JSON.stringify(each)).sort();
  fc.assert(
    fc.property(audit, (facts) => {
      expect(inOrder(refsOf(facts))).toEqual(inOrder(walk(facts)));
    }),
  );
});

test("an AuditEvent is linked with what it names, but for people that are named as records", () => {
  fc.assert(
    fc.property(audit, (facts) => {
      const said = new Set(linksOf(facts).map(({ role, target }) => `${role} ${target}`));
      for (const { key, also } of facts.entities) {
        const target = key.includes("#") ? (also ?? key) : key;
        expect(said.has(`about ${target}`)).toBe(!["Task", "Patient", "Practitioner"].includes(typeOf(target)));
        const tells = facts.operation !== "read" || facts.entities.some(({ version }) => version !== undefined);
        expect(said.has(`who ${target}`)).toBe(tells && ["Task", ""].includes(typeOf(target)));
      }
      expect(said.has("about Practitioner/d") || said.has("about Patient/p")).toBe(false);
    }),
  );
});

test("a reference with an identifier beside a record's name gives that record another name", () => {
  const also = "https://b.example|8";
  const facts = { type: "Task", focus: { key: "DiagnosticReport/r", also }, basedOn: [{ key: "DiagnosticReport/r#o", also }] };
  expect(aliasesSaid(facts as unknown as Facts)).toEqual([{ alias: also, name: "DiagnosticReport/r" }]);
});

test("a deleted AuditEvent names nothing", () => {
  const deleted = normaliseDeletion("AuditEvent", "a");
  const facts = deleted.kind === "facts" ? [deleted.facts] : [];
  expect([facts.flatMap(refsOf), facts.flatMap(linksOf)]).toEqual([[], []]);
  expect(facts).toHaveLength(1);
});
