import { expect, test } from "vitest";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import { normaliseHere, openNormaliser } from "../../src/worker/normalise-apart.ts";
import type { PackedNames } from "../../src/worker/normalise-given.ts";
import { unpackBatch } from "../../src/worker/pack-batch.ts";
import { contextOf } from "../../src/worker/pull-all.ts";

const context = contextOf(siteConfig(loadConfig({ env: {} }), "north"));

/** AuditEvents, with some things among them that cannot be used, or that nothing uses. */
function page(number: number): { file: string; line: number; texts: string[] } {
  const texts = Array.from({ length: 700 }, (_, place) => {
    if (place % 101 === 7)
      return JSON.stringify({ resourceType: "AuditEvent", id: `u${place}`, outcome: "0", entity: [{ what: { reference: "Patient/é" } }] });
    if (place % 101 === 8) return JSON.stringify({ resourceType: "Basic", id: "b" });
    return JSON.stringify({
      resourceType: "AuditEvent",
      id: `a${number}-${place}`,
      action: "R",
      recorded: new Date(Date.UTC(2026, 2, 1, 0, 0, place)).toISOString(),
      agent: [
        { requestor: true, who: { reference: `Practitioner/d${place % 9}`, identifier: { system: "urn:x", value: `“${place % 9}”` } } },
      ],
      entity: [{ what: { reference: `DiagnosticReport/r${place}` } }, { what: { reference: `Patient/p${place % 50}` } }],
    });
  });
  return { file: "AuditEvent search", line: 1 + number * 700, texts };
}

const told = ({ batch, names }: PackedNames): unknown => ({ ...unpackBatch(batch), names });

test("what a server gave is normalised apart as it is here, page after page, as soon as there is much of it", async () => {
  const [here, apart] = [normaliseHere("north", context), openNormaliser("north", context)];
  try {
    const pages = Array.from({ length: 6 }, (_, number) => page(number));
    const both = await Promise.all([here, apart].map((each) => Promise.all(pages.map((given) => each.normalise(given)))));
    expect(both[1]?.map(told)).toEqual(both[0]?.map(told));
    const [first] = both[0] ?? [];
    expect([first?.batch.types.length, first?.batch.refusals.length, first?.batch.skipped.get("Basic")]).toEqual([686, 7, 7]);
    expect(first?.names.has("DiagnosticReport/r1")).toBe(true);
  } finally {
    await apart.close();
  }
});

test("a question that is not answered any more, because the thread was closed, fails", async () => {
  const apart = openNormaliser("north", context);
  for (let number = 0; number < 3; number += 1) await apart.normalise(page(number));
  const asked = apart.normalise(page(3));
  await Promise.all([apart.close(), expect(asked).rejects.toThrow("ended before it had answered")]);
});
