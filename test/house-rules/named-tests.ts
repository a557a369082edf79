import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

const root = join(import.meta.dirname, "../..");

/** The rows of a table that ends in the file and the name of a test: its other cells, then those two. */
export function readNamedTests(readme: string): string[][] {
  return readFileSync(join(root, readme), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && line.includes("test/"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("`", "")),
    );
}

export function expectNamedTest(row: readonly string[]): void {
  const [file = "", title = ""] = row.slice(-2);
  expect(existsSync(join(root, file))).toBe(true);
  expect(readFileSync(join(root, file), "utf8")).toContain(title);
}
