import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dialects } from "../../src/simulate/options.ts";
import { runHere } from "../commands/command-line-here.ts";
import { withFolder } from "./with-folder.ts";

const small = ["--days", "12", "--beds", "3", "--audit-events", "20"];

/** Each file of a simulated hospital, by the hash of its bytes. */
async function hashesOf(...args: string[]): Promise<Record<string, string>> {
  return withFolder(async (folder) => {
    const ended = await runHere({}, "simulate", ...small, ...args, "--out", folder);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    const hash = (name: string): string =>
      createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex");
    return Object.fromEntries(
      readdirSync(folder)
        .sort()
        .map((name) => [name, hash(name)]),
    );
  });
}

test.each(dialects)("the same seed makes the same bytes in every file (%s)", async (dialect) => {
  const args = ["--seed", "5", "--dialect", dialect, "--mess", "declared=2,undeclared=2"];
  const once = await hashesOf(...args);
  expect(Object.keys(once)).toEqual(expect.arrayContaining(["coverage.json", "part-1.ndjson", "truth.ndjson"]));
  expect(await hashesOf(...args)).toEqual(once);
});

test("compressed too", async () => {
  const once = await hashesOf("--seed", "5", "--gzip");
  expect(Object.keys(once)).toContain("AuditEvent.ndjson.gz");
  expect(await hashesOf("--seed", "5", "--gzip")).toEqual(once);
});

test("another seed makes another hospital", async () => {
  const [one, other] = [await hashesOf("--seed", "5"), await hashesOf("--seed", "6")];
  expect(one["DiagnosticReport.ndjson"]).not.toBe(other["DiagnosticReport.ndjson"]);
});

test("mess moves no truth: what staff did is the same", async () => {
  const [clean, messy] = [await hashesOf("--seed", "5"), await hashesOf("--seed", "5", "--mess", "declared=3,undeclared=3")];
  expect(messy["truth.ndjson"]).toBe(clean["truth.ndjson"]);
  expect(messy["truth-series.ndjson"]).toBe(clean["truth-series.ndjson"]);
  expect(clean["truth-series.ndjson"]).toMatch(/^[0-9a-f]{64}$/);
});
