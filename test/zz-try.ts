import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { scratchDatabase } from "/work/main/test/db/scratch-database.ts";
import { scanSite } from "/work/main/src/worker/scan.ts";
import { loadConfig, siteConfig } from "/work/main/src/config/load-config.ts";
import { readCatalogue } from "/work/main/src/signals/catalogue.ts";
import { sql } from "kysely";
const signals = readCatalogue().map((f) => f.signal);
const sites = Object.entries(JSON.parse(readFileSync("fixtures/hospital/sites.json","utf8"))).map(([name, v]: any) => ({ ...v, name }));
const expected = JSON.parse(readFileSync("fixtures/hospital/expected.json","utf8"));
const c = await scratchDatabase();
for (const s of sites) {
  const config = { ...siteConfig(loadConfig({ env: {} }), s.name), timeZone: s.timeZone };
  const t = performance.now();
  const sum = await scanSite(c, { config, sources: [{ name: "folder", folder: "fixtures/hospital/" + s.name }], signals, now: Date.parse(s.now) }, { clock: () => Date.now(), makeId: () => randomUUID() });
  console.log(s.name, Math.round(performance.now() - t), "ms", JSON.stringify(sum.signals.map((x) => [x.id, x.opened, x.missed, x.late, x.unknown])), sum.run.state, sum.run.unplaced);
  const { rows } = await sql<any>`select l.*, r.type||'/'||r.id as subject from loop l join record r on r.resource_key=l.subject_key where l.site_id=(select site_id from site where name=${s.name})`.execute(c.db);
  const key = (x: any) => `${x.signal} ${x.subject} ${new Date(x.openedAt).toISOString()}`;
  const iso = (n: any) => n === null || n === undefined ? null : new Date(n).toISOString();
  const mine = new Map(rows.filter((r:any)=>!r.before_watch).map((r: any) => [`${r.signal} ${r.subject} ${iso(r.opened_at)}`, { due: iso(r.due_at), met: iso(r.met_at), verdict: r.verdict, reason: r.reason }]));
  let same = 0, bad = 0;
  for (const e of expected.filter((e: any) => e.site === s.name)) {
    const m: any = mine.get(key(e));
    const want = { due: iso(Date.parse(e.dueAt)), met: e.metAt ? iso(Date.parse(e.metAt)) : null, verdict: e.verdict, reason: e.reason };
    mine.delete(key(e));
    if (JSON.stringify(m) === JSON.stringify(want)) same++;
    else { bad++; console.log("  ✗", e.case, key(e), "want", JSON.stringify(want), "got", JSON.stringify(m)); }
  }
  for (const [k, v] of mine) console.log("  extra", k, JSON.stringify(v));
  console.log(s.name, "same", same, "bad", bad);
}
await c.close();
