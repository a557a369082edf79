import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Connection } from "../../src/db/connect.ts";
import { commandLineViewer } from "../../src/domain/viewer.ts";
import { listKnownNames } from "../../src/store/known-name.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { truncateAll } from "../db/truncate-all.ts";
import { task } from "../store/small-ward.ts";
import { scanResources } from "./scan-resources.ts";

let connection: Connection;
beforeAll(async () => void (connection = await scratchDatabase()));
afterAll(() => connection.close());
beforeEach(() => truncateAll(connection.db));

const owned = (id: string, by: string): object => task(id, { owner: { reference: by } });
const resources = [
  owned("a", "Organization/cardio"),
  owned("b", "PractitionerRole/registrar"),
  owned("c", "Organization/renal"),
  owned("d", "Practitioner/alone"),
];
const teams = { Cardiology: ["Organization/cardio", "PractitionerRole/registrar"] };
const now = "2026-03-16T09:00:00Z";

async function teamsOfLoops(): Promise<string[]> {
  const loops = await connection.db
    .selectFrom("loop")
    .innerJoin("record", "record.resource_key", "loop.subject_key")
    .select(["id", "team"])
    .execute();
  return loops.map(({ id, team }) => `${id} ${String(team)}`).sort();
}

const byRecords = ["a Organization/cardio", "b PractitionerRole/registrar", "c Organization/renal", "d unassigned"];
const bySite = ["a Cardiology", "b Cardiology", "c Organization/renal", "d unassigned"];

test("organisations and roles that the site counts to a team are that team, and what it says anew is judged anew", async () => {
  await scanResources(connection, { resources, now });
  expect(await teamsOfLoops()).toEqual(byRecords);
  await scanResources(connection, { now, change: { teams } });
  expect(await teamsOfLoops()).toEqual(bySite);
  expect((await listKnownNames(connection.db, commandLineViewer)).teams.sort()).toEqual(["Cardiology", "Organization/renal", "unassigned"]);
  await scanResources(connection, { now });
  expect(await teamsOfLoops()).toEqual(byRecords);
});

test("in a database of its own it ends the same", async () => {
  await scanResources(connection, { resources, now, change: { teams } });
  expect(await teamsOfLoops()).toEqual(bySite);
});
