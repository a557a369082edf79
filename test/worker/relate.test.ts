import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { usuallyWanted } from "../../src/domain/wanted.ts";
import { contextOf } from "../../src/worker/pull-all.ts";
import { queueEverything } from "../../src/worker/queue-anew.ts";
import { relateSite } from "../../src/worker/relate.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { patient, report } from "../store/small-ward.ts";
import { scanResources } from "./scan-resources.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

test("what is related within a transaction, in many batches, may have to be written again", async () => {
  const reports = Array.from({ length: 900 }, (_, number) => ({ ...report(`r-${number}`), subject: { reference: "Patient/p" } }));
  await scanResources(connection, { resources: [patient("p"), ...reports], signals: [] });
  const { db } = connection;
  const events = async () => (await sql`select * from care_event order by event_id`.execute(db)).rows;
  const before = await events();
  expect(before).toHaveLength(reports.length);
  const [site] = await db.selectFrom("site").select(["site_id", "name"]).execute();
  const { urgency: rules } = contextOf(siteConfig(loadConfig({ env: {} }), site!.name)).mapping;
  // As records that were never related, though their events are held: those of one that expired are, while their month is.
  await sql`update record set patient_key = null`.execute(db);
  await db.transaction().execute(async (transaction) => {
    await queueEverything(transaction, site!.site_id);
    await relateSite(transaction, {
      siteId: site!.site_id,
      name: site!.name,
      rules,
      wanted: usuallyWanted,
      copied: new Set(),
      ending: new Set(),
      measures: false,
    });
  });
  expect(await events()).toEqual(before);
  expect(await db.selectFrom("record").select("resource_key").where("patient_key", "is", null).execute()).toEqual([]);
});
