import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A copy of the project in which one defect at a time is tried. */
export interface Lane {
  readonly folder: string;
}

const copied = [
  "src",
  "sql",
  "test",
  "fixtures",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
  "prettier.config.js",
  ".prettierignore",
];

export function openLane(root: string): Lane {
  const folder = mkdtempSync(join(tmpdir(), "followthrough-mutate-"));
  for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return { folder };
}

/** Returns how to take the patch back, or nothing where it does not apply. */
export function patchLane({ folder }: Lane, patch: string): (() => void) | undefined {
  const apply = (...options: string[]): boolean => spawnSync("git", ["apply", ...options, patch], { cwd: folder }).status === 0;
  if (!apply()) return undefined;
  return () => {
    if (!apply("--reverse")) throw new Error(`${patch} could not be taken back`);
  };
}

export function closeLane({ folder }: Lane): void {
  rmSync(folder, { recursive: true, force: true });
}
