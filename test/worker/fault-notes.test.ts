import { describe, expect, test } from "vitest";
import { faultTable } from "../../src/fhir-server/faults/fault-table.ts";
import { expectNamedTest, readNamedTests } from "../house-rules/named-tests.ts";

const rows = readNamedTests("test/worker/README.md");
const named = rows.flatMap(([, faults = ""]) => faults.split(", "));

describe("the table of what goes wrong at a server", () => {
  test.each(rows.map((row) => [row[0] ?? "", row] as const))("%s: its test is there", (_, row) => expectNamedTest(row));

  test("has a row for each fault that a server can be made to do, and names no other", () => {
    expect([...new Set(named)].sort()).toEqual(faultTable.map(({ name }) => name).sort());
  });
});
