import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startHapi } from "./start-hapi.ts";

const start = join(import.meta.dirname, "server/start");

function run(args: readonly string[], env = process.env): { status: number | null; stdout: string; stderr: string } {
  return spawnSync("/bin/bash", [start, ...args], { env, encoding: "utf8" });
}

test("started by hand, it explains itself", () => {
  const { status, stdout, stderr } = run(["--help"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain("npm run hapi -- [PORT]");
  expect(stdout).toContain("Java 17");
});

test("what is no port, it does not take for one", () => {
  expect(run(["808b"])).toMatchObject({ status: 2, stdout: "", stderr: expect.stringMatching(/^"808b" is no port\./) as string });
});

test("without Java or Maven it says which is missing, and what brings it", () => {
  const nothing = mkdtempSync(join(tmpdir(), "followthrough-path-"));
  try {
    const { status, stderr } = run([], { PATH: nothing });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^The program "java" is not on the PATH\.\nInstall a JDK \(17 or newer\) and Maven/);
  } finally {
    rmSync(nothing, { recursive: true });
  }
});

test("a server that is not ready in time is stopped, and the error says so, with its last lines", async () => {
  await expect(startHapi(1)).rejects.toThrow("The HAPI FHIR server did not start. Its last lines:");
});
