import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mutations, type Mutation } from "./mutations.ts";

/** Writes a patch for each mutation as the sources stand, in place of those that are there. */
export function makePatches(root: string, folder: string): void {
  const copy = mkdtempSync(join(tmpdir(), "followthrough-patches-"));
  try {
    cpSync(join(root, "src"), join(copy, "src"), { recursive: true });
    for (const command of [
      ["init", "--quiet"],
      ["add", "."],
    ])
      git(copy, command);
    const patches = mutations.map((mutation) => [mutation.name, makePatch(copy, mutation)] as const);
    for (const name of readdirSync(folder).filter((each) => each.endsWith(".patch"))) rmSync(join(folder, name));
    for (const [name, patch] of patches) writeFileSync(join(folder, `${name}.patch`), patch);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function makePatch(copy: string, { name, breaks, file, from, to }: Mutation): string {
  const path = join(copy, file);
  const text = readFileSync(path, "utf8");
  if (text.split(from).length !== 2) throw new Error(`${name}: ${JSON.stringify(from)} does not stand exactly once in ${file}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  const patch = git(copy, ["diff", "--no-color", "--unified=3", "--", file]);
  writeFileSync(path, text);
  return `Breaks: ${breaks}\n\n${patch}`;
}

function git(folder: string, command: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("git", command, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${command.join(" ")}: ${stderr}`);
  return stdout;
}
