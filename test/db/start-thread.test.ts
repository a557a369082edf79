import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("a thread's young generation is as large as it is started with, not as the process was", () => {
  const program = fileURLToPath(new URL("fill-young-space.ts", import.meta.url));
  const printed = execFileSync(process.execPath, ["--max-semi-space-size=4", program], { encoding: "utf8" });
  const [usual = NaN, large = NaN] = printed.trim().split("\n").map(Number);
  // Two halves of it, and what was large.
  expect(usual).toBeLessThanOrEqual(3 * 4);
  expect(large).toBeGreaterThanOrEqual(2 * 16);
  expect(large).toBeLessThanOrEqual(3 * 16);
});
