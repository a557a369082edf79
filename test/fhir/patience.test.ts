import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { bundle, match, openOdd, startOddServer } from "./odd-server.ts";

const found = { body: bundle({ entry: [match({ resourceType: "Patient", id: "p" })] }) };
const busy = { status: 503, headers: { "Retry-After": "7" } };

/** Some twenty parts, four a second. */
function sendSlowly(res: ServerResponse): undefined {
  const parts = JSON.stringify({ ...found.body, text: "x".repeat(160) }).match(/.{1,12}/g) ?? [];
  res.writeHead(200, { "Content-Type": "application/fhir+json" });
  const timer = setInterval(() => {
    const part = parts.shift();
    if (part !== undefined) res.write(part);
    else {
      clearInterval(timer);
      res.end();
    }
  }, 250);
  return undefined;
}

test("a long answer that keeps coming is not cut, though the whole of it takes longer than any part may", async () => {
  const { origin } = await startOddServer((_, res) => sendSlowly(res));
  const { server } = openOdd(`${origin}/fhir`, { timeoutMs: 2_000, bodyMs: 2_000 });
  const started = performance.now();
  expect((await server.get("Patient")).body["resourceType"]).toBe("Bundle");
  expect(performance.now() - started).toBeGreaterThan(4_000);
});

test("clients that were turned away together come back one by one", async () => {
  const { origin } = await startOddServer(() => busy);
  const { server, sleptMs } = openOdd(`${origin}/fhir`, { random: () => 0.5 });
  await expect(server.get("Patient")).rejects.toMatchObject({ status: 503 });
  expect(sleptMs).toEqual([7_250, 7_500, 8_000]);
});

test("while one question waits as the server wants it, no other is asked", async () => {
  const [asleep, woken] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const { origin, asked } = await startOddServer(({ number }) => (number === 0 ? busy : found));
  const sleep = (): Promise<undefined> => {
    asleep.resolve(undefined);
    return woken.promise;
  };
  const { server } = openOdd(`${origin}/fhir`, { sleep });
  const first = server.get("Patient");
  await asleep.promise;
  const other = server.get("Observation");
  const probe = await openOdd(`${origin}/fhir`).server.get("metadata");
  expect([probe.body["resourceType"], asked.length]).toEqual(["Bundle", 2]);
  woken.resolve(undefined);
  await Promise.all([first, other]);
  expect(asked).toHaveLength(4);
});
