// dump engine events of a seed for subject
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { sql } from "kysely";
import { scratchDatabase } from "./db/scratch-database.ts";
import { scanSite } from "../src/worker/scan.ts";
import { loadConfig, siteConfig } from "../src/config/load-config.ts";
import { readCatalogue } from "../src/signals/catalogue.ts";
import { makeHospital } from "./hospital/hospital.ts";
import { deliver } from "./hospital/delivery.ts";
const h = makeHospital(Number(process.argv[2]));
const c = await scratchDatabase();
const dir = mkdtempSync("/tmp/hosp-");
const [d] = deliver(h, 1, { parts: 1, duplicate: false, shuffle: false });
for (const [name, content] of Object.entries(d!.files)) { mkdirSync(dirname(join(dir, name)), { recursive: true }); writeFileSync(join(dir, name), content); }
writeFileSync(join(dir, "coverage.json"), JSON.stringify(d!.coverage));
const config = { ...siteConfig(loadConfig({ env: {} }), "default"), timeZone: h.timeZone };
await scanSite(c, { config, sources: [{ name: "folder", folder: dir }], signals: readCatalogue().map((f) => f.signal), now: Date.parse(h.nows.at(-1)!) }, { clock: () => Date.parse("2026-11-22T00:00:00Z"), makeId: () => randomUUID() });
const { rows } = await sql<any>`select e.activity, e.at, e.precision, e.grade, e.via, e.by_person, e.actor, e.urgency, e.kind, e.detail, s.type||'/'||s.id as subject, y.type||'/'||y.id as saying, e.patient_key from care_event e left join record s on s.resource_key=e.subject_key left join record y on y.resource_key=e.saying_key order by e.at`.execute(c.db);
for (const r of rows) { const t = JSON.stringify({ ...r, at: new Date(r.at).toISOString(), patient_key: String(r.patient_key) }); if (process.argv.slice(3).some((w) => t.includes(w))) console.log(t); }
await c.close();
