import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { sql } from "kysely";
import { scratchDatabase } from "./db/scratch-database.ts";
import { truncateAll } from "./db/truncate-all.ts";
import { scanSite } from "../src/worker/scan.ts";
import { loadConfig, siteConfig } from "../src/config/load-config.ts";
import { readCatalogue } from "../src/signals/catalogue.ts";
import { makeHospital } from "./hospital/hospital.ts";
import { deliver } from "./hospital/delivery.ts";
import { referenceLoops } from "./reference/reference.ts";
const [from, to] = process.argv.slice(2).map(Number);
const only = process.argv[4];
const signals = readCatalogue().map((f) => f.signal);
const c = await scratchDatabase();
const iso = (n: any) => (n === null || n === undefined ? null : new Date(n).toISOString());
let total = 0, diff = 0;
for (let seed = from!; seed <= to!; seed++) {
  const h = makeHospital(seed);
  const now = Date.parse(h.nows.at(-1)!);
  const dir = mkdtempSync("/tmp/hosp-");
  const [d] = deliver(h, 1, { parts: 1, duplicate: false, shuffle: false });
  for (const [name, content] of Object.entries(d!.files)) { mkdirSync(dirname(join(dir, name)), { recursive: true }); writeFileSync(join(dir, name), content); }
  writeFileSync(join(dir, "coverage.json"), JSON.stringify(d!.coverage));
  await truncateAll(c.db);
  const config = { ...siteConfig(loadConfig({ env: {} }), "default"), timeZone: h.timeZone };
  await scanSite(c, { config, sources: [{ name: "folder", folder: dir }], signals, now }, { clock: () => Date.parse("2026-11-22T00:00:00Z"), makeId: () => randomUUID() });
  rmSync(dir, { recursive: true });
  const feeds = await c.db.selectFrom("feed").select("type").distinct().execute();
  const cov = await c.db.selectFrom("coverage").selectAll().execute();
  const coverage = Object.fromEntries(feeds.map((f) => [f.type, cov.filter((r) => r.type === f.type).map((r) => ({ from: r.from_at, to: r.to_at }))]));
  const ref = referenceLoops({ site: "default", timeZone: h.timeZone, now, resources: h.resources, coverage });
  const { rows } = await sql<any>`select l.*, r.type||'/'||r.id as subject from loop l join record r on r.resource_key=l.subject_key`.execute(c.db);
  const show = (x: any) => `due ${iso(x.dueAt)} met ${iso(x.metAt)} ${x.verdict} ${x.reason} ${x.beforeWatch ? "before" : ""}`;
  const key = (x: any) => `${x.signal} ${x.subject} ${iso(x.openedAt)} ${x.opening}`;
  const mine = new Map<string, string[]>();
  const add = (m: Map<string, string[]>, k: string, v: string) => m.set(k, [...(m.get(k) ?? []), v].sort());
  for (const r of rows) { const x = { signal: r.signal, subject: r.subject, openedAt: r.opened_at, dueAt: r.due_at, metAt: r.met_at, verdict: r.verdict, reason: r.reason, beforeWatch: r.before_watch, opening: r.opening_activity }; add(mine, key(x), show(x)); }
  const theirs = new Map<string, string[]>();
  for (const x of ref) add(theirs, key(x), show(x));
  for (const k of new Set([...mine.keys(), ...theirs.keys()])) {
    total++;
    const a = (mine.get(k) ?? []).join(" | "), b = (theirs.get(k) ?? []).join(" | ");
    if (a !== b) { diff++; if (!only || k.includes(only)) console.log(`seed ${seed} ${k}\n   engine ${a}\n   refer. ${b}`); }
  }
}
console.log("loops", total, "differ", diff);
await c.close();
