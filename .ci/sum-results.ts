/**
 * Sums what vitest's JSON reporter wrote, one file a suite, and prints `N passed, N failed` as the last line.
 * The arguments are the result files; `failed:NAME` counts a step that is no vitest suite and went wrong.
 * A suite that wrote nothing, a test file that could not load and a test that was skipped are failures: silence is not a pass.
 */
import { existsSync, readFileSync } from "node:fs";

type Results = {
  success: boolean;
  testResults: { name: string; status: string; message: string; assertionResults: { status: string; fullName: string }[] }[];
};

let passed = 0;
const failures: string[] = [];

for (const argument of process.argv.slice(2)) {
  if (argument.startsWith("failed:")) failures.push(argument.slice("failed:".length));
  else if (existsSync(argument)) addSuite(argument);
  else failures.push(`${argument} was never written: its suite did not finish`);
}

for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

function addSuite(path: string): void {
  const { success, testResults } = JSON.parse(readFileSync(path, "utf8")) as Results;
  const failedBefore = failures.length;
  for (const file of testResults) {
    const { passed: good = [], ...others } = Object.groupBy(file.assertionResults, (each) => each.status);
    passed += good.length;
    const bad = Object.values(others).flatMap((each) => each ?? []);
    for (const each of bad) failures.push(`${each.fullName} (${each.status})`);
    if (file.status === "failed" && bad.length === 0) failures.push(`${file.name}: ${file.message}`);
  }
  if (testResults.length === 0) failures.push(`${path} holds no test`);
  if (!success && failures.length === failedBefore) failures.push(`${path}: vitest ended unwell, though every test passed`);
}
