import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runHere } from "./command-line-here.ts";
import { environmentOf, runFollowthrough } from "./run-followthrough.ts";
import { startFollowthrough } from "./start-followthrough.ts";

const data = mkdtempSync(join(tmpdir(), "followthrough-demo-test-"));
afterAll(() => rmSync(data, { recursive: true }));

// Beside a DATABASE_URL too the demo has a database of its own: an address that nobody answers proves it.
const env = environmentOf({ databaseUrl: "postgres://nobody@127.0.0.1:1/none", dataDir: data });

test("the demo scans its hospital over FHIR, serves the worklist at the address that it prints, and ends with 0", async () => {
  const demo = startFollowthrough(env, ["demo", "--port", "0"]);
  expect(await demo.line(/followed these through/)).toMatch(/^Nobody followed these through \(\d+ cases, the 8 most urgent of them\):$/);
  const today = new Date().toISOString().slice(0, 10);
  // Whatever the day, it is today there; a test at midnight may meet the day before.
  expect(await demo.line(/^ {2}south, /)).toMatch(new RegExp(` to ${today} |all that the signals need was seen`));
  const worklist = (await demo.line(/the worklist$/)).trim().split(" ")[0] ?? "";
  const page = await (await fetch(worklist)).text();
  for (const said of ["Invented data", "Not everything was seen", "HOLLIS, Vera", "Potassium 6.8 mmol/L"]) expect(page).toContain(said);
  const finding = (await demo.line(/the most urgent/)).trim().split(" ")[0] ?? "";
  expect(await (await fetch(finding)).text()).toContain("HOLLIS, Vera");
  expect(await demo.stop("SIGINT")).toMatchObject({
    code: 0,
    stderr: "Scanning 3 sites of an invented hospital over FHIR …\n\nStopped. Nothing is lost: run the same command again to go on.\n",
  });
  const ofDemo = environmentOf({ databaseUrl: undefined, dataDir: join(data, "demo") });
  const doctor = await runHere(ofDemo, "doctor", "--site", "south");
  expect(doctor.stdout).toMatch(/^Site south, as at /);
});

test("it starts anew each time, and leaves what else lies in its folder alone", async () => {
  writeFileSync(join(data, "demo", "notes.txt"), "mine");
  const again = await runFollowthrough(env, ["demo", "--once"]);
  expect(again).toMatchObject({ code: 0, stderr: "Scanning 3 sites of an invented hospital over FHIR …\n" });
  const { stdout } = again;
  expect(stdout).toMatch(/north +critical +Potassium 6\.8 mmol\/L +HOLLIS, Vera +13 days/);
  expect(stdout).toMatch(/ {2}north, \d+ resources, .*: not whole\.\n {6}Not looked at from /);
  expect(stdout).toMatch(/ {2}south, .*: all that the signals need was seen\./);
  expect(stdout).toMatch(/west, .*: not whole\.\n {6}Communication was not read from /);
  expect(stdout).toMatch(/5 at south \(result-unacknowledged, task-overdue\): what would settle them was never recorded/);
  expect(existsSync(join(data, "demo", "notes.txt"))).toBe(true);
});
