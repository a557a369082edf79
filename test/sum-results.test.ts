import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "sum-results-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function sum(...paths: string[]): { status: number | null; lines: string[] } {
  const { status, stdout } = spawnSync(process.execPath, [".ci/sum-results.ts", ...paths], { encoding: "utf8" });
  return { status, lines: stdout.trim().split("\n") };
}

function suite(name: string, success: boolean, ...tests: string[]): string {
  const assertionResults = tests.map((status, index) => ({ status, fullName: `${name} ${index}` }));
  const testResults = [{ name: `${name}.test.ts`, status: success ? "passed" : "failed", message: "did not load", assertionResults }];
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify({ success, testResults }));
  return path;
}

test("suites that pass are added up", () => {
  expect(sum(suite("embedded", true, "passed", "passed"), suite("postgres", true, "passed"))).toEqual({
    status: 0,
    lines: ["3 passed, 0 failed"],
  });
});

test("a failed and a skipped test, a file that did not load, a suite that wrote nothing and a failed step each count", () => {
  const missing = join(folder, "missing.json");
  expect(sum(suite("mixed", false, "passed", "failed", "skipped"), suite("broken", false), missing, "failed:check")).toEqual({
    status: 1,
    lines: [
      "failed: mixed 1 (failed)",
      "failed: mixed 2 (skipped)",
      "failed: broken.test.ts: did not load",
      `failed: ${missing} was never written: its suite did not finish`,
      "failed: check",
      "1 passed, 5 failed",
    ],
  });
});

test("a run that ended unwell although every test passed is a failure", () => {
  const path = suite("leaky", true, "passed");
  writeFileSync(path, JSON.stringify({ success: false, testResults: [{ assertionResults: [{ status: "passed", fullName: "a" }] }] }));
  expect(sum(path)).toEqual({
    status: 1,
    lines: [`failed: ${path}: vitest ended unwell, though every test passed`, "1 passed, 1 failed"],
  });
});
