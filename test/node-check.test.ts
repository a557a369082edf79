import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

function checkOn(version: string): { status: number | null; stderr: string } {
  const pretend = `Object.defineProperty(process.versions, "node", { value: "${version}" }); require("./src/node-check.cjs"); console.log("started");`;
  const { status, stderr } = spawnSync(process.execPath, ["--eval", pretend], { encoding: "utf8" });
  return { status, stderr };
}

test("an older Node is told its version and place, the version needed and the command that mends it", () => {
  expect(checkOn("20.20.2")).toEqual({
    status: 2,
    stderr:
      `Followthrough needs Node 24 or newer, and this is Node 20.20.2 (${process.execPath}).\n` +
      "Node 24 comes with the project's packages; to put it in place, run: npm ci --ignore-scripts=false\n" +
      "Where install scripts are forbidden, put a Node 24 of your own first on the PATH.\n",
  });
});

test.each(["24.0.0", "26.1.0"])("Node %s starts without a word", (version) => {
  expect(checkOn(version)).toEqual({ status: 0, stderr: "" });
});
