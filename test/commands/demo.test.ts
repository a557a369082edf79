import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runHere } from "./command-line-here.ts";
import { environmentOf, runFollowthrough } from "./run-followthrough.ts";

const data = mkdtempSync(join(tmpdir(), "followthrough-demo-test-"));
afterAll(() => rmSync(data, { recursive: true }));

// Beside a DATABASE_URL too the demo has a database of its own: an address that nobody answers proves it.
const env = environmentOf({ databaseUrl: "postgres://nobody@127.0.0.1:1/none", dataDir: data });

test("the demo shows the worklist, what was not seen and what to try, exits 0, and starts anew each time", async () => {
  const first = await runFollowthrough(env, ["demo"]);
  expect(first).toMatchObject({ code: 0, stderr: "Scanning 3 sites of an invented hospital …\n" });
  const { stdout } = first;
  expect(stdout).toMatch(
    /^Nobody followed these through \(\d+ cases, the 15 most urgent of them\):\n +site +urgency +what +who +late by +whose +signal\n/,
  );
  expect(stdout).toMatch(/north +critical +Potassium 6\.8 mmol\/L +HOLLIS, Vera +13 days/);
  expect(stdout).toMatch(/ {2}north, \d+ resources, .*: not whole\.\n {6}Not looked at from 2026-02-05 01:00 to 05:00 UTC/);
  expect(stdout).toMatch(/ {2}south, .*: all that the signals need was seen\./);
  expect(stdout).toMatch(/west, .*: not whole\.\n {6}Communication was not read from 2026-03-16 02:00 to 09:00 UTC\./);
  expect(stdout).toMatch(/5 at south \(result-unacknowledged, task-overdue\): what would settle them was never recorded/);

  const again = await runFollowthrough(env, ["demo"]);
  expect(again).toEqual(first);

  const next = [...stdout.matchAll(/^ {2}DATABASE_URL= FOLLOWTHROUGH_DATA=(\S+) npm run -s followthrough -- (.+)$/gm)];
  expect(next).toHaveLength(3);
  const ofDemo = environmentOf({ databaseUrl: undefined, dataDir: join(data, "demo") });
  for (const [, folder, command = ""] of next) {
    expect(folder).toBe(join(data, "demo"));
    const { code, stdout: said } = await runHere(ofDemo, ...(command.split(" | ")[0] ?? "").split(" "));
    expect([0, 3]).toContain(code);
    expect(said.length).toBeGreaterThan(100);
  }
});

test("what else lies in the folder of the demo is left alone", async () => {
  writeFileSync(join(data, "demo", "notes.txt"), "mine");
  expect((await runHere(env, "demo")).code).toBe(0);
  expect(existsSync(join(data, "demo", "notes.txt"))).toBe(true);
});
