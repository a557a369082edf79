import { randomUUID } from "node:crypto";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import { connect } from "../../src/db/connect.ts";
import { getSite } from "../../src/store/site.ts";
import { contextOf } from "../../src/worker/pull-all.ts";
import { relateSite } from "../../src/worker/relate.ts";
import { scanSite } from "../../src/worker/scan.ts";
import { usuallyWanted } from "../../src/domain/wanted.ts";

/** Reads a folder or a server into a database, and relates it: all that comes before judging. */
const [place = "", now = ""] = process.argv.slice(2);
const config = siteConfig(loadConfig({ env: {} }), "bench");
const connection = await connect({ databaseUrl: process.env["DATABASE_URL"], dataDir: process.env["FOLLOWTHROUGH_DATA"] ?? "memory:" });
const source = URL.canParse(place) ? { name: "server", url: place, lagMs: 0 } : { name: "folder", folder: place };
const options = { config, sources: [source], signals: [], pullOnly: true as const };
await scanSite(connection, options, { clock: () => Number(now), makeId: randomUUID, random: () => 0 });
const { siteId, name } = await getSite(connection.db, config.name);
await relateSite(connection.db, {
  siteId,
  name,
  rules: contextOf(config).mapping.urgency,
  wanted: usuallyWanted,
  copied: new Set(),
  ending: new Set(),
  measures: false,
});
await connection.close();
