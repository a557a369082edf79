import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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

function makePatch(copy: string, { name, breaks, from, to }: Mutation): string {
  const places = globSync("src/**/*.ts", { cwd: copy }).filter((file) => readFileSync(join(copy, file), "utf8").includes(from));
  const [file] = places;
  const text = file === undefined ? "" : readFileSync(join(copy, file), "utf8");
  if (file === undefined || places.length > 1 || text.split(from).length > 2)
    throw new Error(`${name}: ${from} does not stand exactly once in src`);
  writeFileSync(
    join(copy, file),
    text.replace(from, () => to),
  );
  const patch = git(copy, ["diff", "--no-color", "--unified=1", "--", file]);
  writeFileSync(join(copy, file), text);
  return `Breaks: ${breaks}\n\n${patch}`;
}

function git(folder: string, command: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("git", command, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${command.join(" ")}: ${stderr}`);
  return stdout;
}
