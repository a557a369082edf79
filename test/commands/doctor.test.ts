import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { register } from "../../src/commands/doctor.ts";
import { siteConfig } from "../../src/config/load-config.ts";
import type { Config, SiteConfig } from "../../src/config/config.ts";
import type { Connection } from "../../src/db/connect.ts";
import { scratchDatabase } from "../db/scratch-database.ts";
import { closedPort } from "../fhir/closed-port.ts";
import { makeFolder } from "../fhir/make-folder.ts";
import { fixtureSite, serveFolder } from "../fhir-server/serve-folder.ts";
import { eprEvent, secrets } from "../insight/epr-events.ts";
import { scanInto } from "../store/scanned-hospital.ts";
import { runInProcess } from "./run-in-process.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await scratchDatabase();
});
afterAll(() => connection.close());

const doctor = (config: Partial<Config>, ...args: string[]) => runInProcess(connection, register, ["doctor", ...args], config);

function configured(name: string, ...sources: SiteConfig["sources"]): Partial<Config> {
  return { sites: [{ ...siteConfig({ dataFolder: "", sites: [] }, name), sources }] };
}

const ndjson = (...resources: object[]) => resources.map((each) => `${JSON.stringify(each)}\n`).join("");
const oldAudit = { resourceType: "AuditEvent", id: "old", event: { dateTime: "2015-01-01T00:00:00Z" }, participant: [] };

test("of a folder that was never read it says what it lacks, what is not understood with a mapping, and which signals run, at 80 columns", async () => {
  const events = Array.from({ length: 9 }, (_, place) => eprEvent(String(place), place < 6 ? "RES-OPEN" : "RES-SIGN"));
  const folder = makeFolder({ "AuditEvent.ndjson": ndjson(...events, oldAudit), "broken.ndjson": '{"resourceType": ', "notes.txt": "x" });
  const { out, code } = await doctor({}, "--from", folder);
  expect(code).toBe(3);
  expect(out.split("\n").filter((line) => line.length > 80 && !/^ +(- \{|#)|^Source/.test(line))).toEqual([]);
  expect(out).not.toMatch(secrets);
  const order = [
    "CAN BE READ IN PART.",
    "FHIR DSTU2, which is not read",
    "CANNOT RUN",
    "What the sample carries:",
    "6 × AuditEvent",
    "3 × AuditEvent",
  ];
  const places = [...order, "evidence:", "Worth knowing:"].map((words) => out.indexOf(words));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(await connection.db.selectFrom("site").select("name").execute()).toEqual([]);
});

test("the same for programs", async () => {
  const folder = makeFolder({ "AuditEvent.ndjson": ndjson(eprEvent("1", "RES-OPEN")) });
  const { out } = await doctor({}, "--from", folder, "--site", "east", "--source", "export", "--json");
  expect(JSON.parse(out)).toMatchObject({
    sites: [
      {
        site: "east",
        sources: [
          {
            source: "export",
            kind: "folder",
            fhirVersion: null,
            at: "2026-03-16T09:00:00.000Z",
            sampled: [{ type: "AuditEvent", sampled: 1 }],
            unmapped: [{ count: 1, from: "AuditEvent", names: ["DiagnosticReport", "Patient"] }],
            mapping: expect.stringContaining("RES-OPEN") as string,
          },
        ],
      },
    ],
  });
});

test("a folder or server that cannot be read at all ends with 2, and says what to do", async () => {
  const missing = await doctor({}, "--from", join(makeFolder({}), "nothing"));
  expect([missing.code, missing.out.includes("There is no folder")]).toEqual([2, true]);
  const gone = await doctor({}, "--from", `http://127.0.0.1:${closedPort}/fhir`);
  expect([gone.code, gone.out]).toEqual([2, expect.stringMatching(/CANNOT BE READ\.[^]*could not be\s+reached[^]*Check that the address/)]);
});

test("a configured server is asked beside what is held; gone, it does not keep what is held from being examined", async () => {
  const server = await serveFolder(fixtureSite("south"));
  const asked = configured("south", { name: "epr", url: server.url, lagMs: 0 });
  const before = await doctor(asked);
  expect([before.code, before.out]).toEqual([3, expect.stringContaining("Nothing of it has been read yet")]);
  await scanInto(connection, "south", { folder: fixtureSite("south") });
  const both = await doctor(asked);
  expect([both.code, both.out]).toEqual([3, expect.stringMatching(/Source epr \(server http:[^]*Site south, as at 2026-03-16/)]);
  const gone = await doctor(configured("south", { name: "epr", url: `http://127.0.0.1:${closedPort}`, lagMs: 0 }));
  expect([gone.code, gone.out]).toEqual([3, expect.stringMatching(/CANNOT BE READ\.[^]*Site south, as at 2026-03-16/)]);
  const held = await doctor(configured("south", { name: "epr", url: "http://127.0.0.1:9", lagMs: 0 }), "--no-ask");
  expect([held.code, held.out.startsWith("Site south, as at")]).toEqual([3, true]);
});
