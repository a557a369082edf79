import { expect, test } from "vitest";
import { normalise } from "../../src/normalise/normalise.ts";
import { context } from "./normalise-example.ts";

/** What PostgreSQL keeps in no text and no jsonb. */
const oddLetter = /\\u0000|\\ud[89a-f]/;

const report = {
  resourceType: "DiagnosticReport",
  id: "r",
  status: "final",
  code: { text: "Potassium" },
  subject: { reference: "Patient/p" },
  issued: "2026-03-02T09:00:00Z",
  meta: { versionId: "1", tag: [{ system: "urn:t", code: "test" }] },
};

test.each([
  ["NUL in a text", { code: { text: "Potas\u0000sium" } }],
  ["half of a surrogate pair in a text", { code: { text: "Potassium \ud83d" } }],
  ["NUL in the id", { id: "r\u0000" }],
  ["NUL in a reference", { subject: { reference: "Patient/p\u0000" } }],
  ["NUL in meta alone", { meta: { versionId: "1\u0000", tag: [{ system: "urn:t\udc00", code: "test" }] } }],
  ["NUL in a key", { "is\u0000sued": "2026-03-02T09:00:00Z" }],
])("%s: the resource is used, with the replacement character for what no database keeps", (_, odd) => {
  const clean = JSON.parse(JSON.stringify({ ...report, ...odd }).replaceAll(/\\u0000|\\ud83d|\\udc00/g, "\ufffd")) as unknown;
  const [said, expected] = [normalise({ ...report, ...odd }, context), normalise(clean, context)];
  expect(said.kind).toBe("facts");
  expect(JSON.stringify(said)).not.toMatch(oddLetter);
  // Known by what was read, not by what became of it: the two are not one content.
  const rest = (value: typeof said): unknown => value.kind === "facts" && { ...value, facts: { ...value.facts, contentHash: "" } };
  expect(rest(said)).toEqual(rest(expected));
});

test("letters that only look like it are left, and so is a whole pair", () => {
  const said = normalise({ ...report, code: { text: "\\u0000 💊" } }, context);
  expect(said).toMatchObject({ kind: "facts" });
  expect(JSON.stringify(said)).toContain(String.raw`\\u0000 💊`);
});
