import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Credentials } from "../../src/config/server-access.ts";
import { startAuthorisationServer, type AuthorisationServer } from "../fhir/authorisation-server.ts";
import { makeFolder } from "../fhir/make-folder.ts";
import { order, patient, task } from "../store/small-ward.ts";
import { startGuardedFront } from "./guarded-front.ts";
import { creditOf, readOf, scanServer, wholeExport } from "./scan-server.ts";
import { connection, proxy, serveBehindProxy } from "./served-behind-proxy.ts";
import { serveWard } from "./served-ward.ts";

serveBehindProxy();
beforeEach(() => {
  // Tokens expire by the time of this process, which passes as told.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(midnight) });
});
afterEach(() => void vi.useRealTimers());

const midnight = "2026-03-02T00:00:00Z";
const types = ["Patient", "ServiceRequest", "Task"];
const ward = [patient("k"), order("o"), ...Array.from({ length: 6 }, (_, number) => task(`t${number}`))];
const pass = (seconds: number): void => void vi.setSystemTime(Date.now() + seconds * 1_000);

const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
const jwk = { ...publicKey.export({ format: "jwk" }), kid: "ours", use: "sig" };
const clients = [
  { client_id: "secret", client_secret: "a secret", scope: "system/*.read" },
  {
    client_id: "smart",
    token_endpoint_auth_method: "private_key_jwt" as const,
    token_endpoint_auth_signing_alg: "ES384" as never,
    jwks: { keys: [jwk] } as never,
    scope: "system/*.read",
  },
];
const ways: Readonly<Record<string, (guard: AuthorisationServer) => Credentials>> = {
  "client credentials": ({ tokenUrl }) => ({ kind: "client-secret", clientId: "secret", clientSecret: "a secret", tokenUrl }),
  SMART: () => {
    const keyFile = join(makeFolder({ key: privateKey.export({ type: "pkcs8", format: "pem" }) as string }), "key");
    return { kind: "smart", clientId: "smart", keyFile, keyId: "ours" };
  },
};

/** Tokens live a minute; the export is ready when it was asked after four times, and its five files want the token too. */
async function exportSlowly(way: string, { ours, onFile }: { readonly ours: "moves" | "stands"; readonly onFile: () => void }) {
  const guard = await startAuthorisationServer(clients, 60);
  await serveWard(proxy, ward, { at: midnight, bulk: { polls: 0, linesPerFile: 2 } });
  const front = await startGuardedFront(guard, proxy.url);
  let polls = 0;
  proxy.disturb((path) => {
    if (path.startsWith("$export-file")) onFile();
    if (!path.startsWith("$export-poll-status")) return undefined;
    if (++polls < 4) return { status: 202, headers: { "retry-after": "45" } };
    return { becomes: (text) => text.replace('"requiresAccessToken":false', '"requiresAccessToken":true') };
  });
  const summary = await scanServer(connection, {
    url: front.url,
    clock: ours === "moves" ? Date.now : () => Date.parse(midnight),
    since: "2026-02-01T00:00:00Z",
    types,
    bulk: wholeExport,
    access: { credentials: ways[way]!(guard) },
    patience: {
      sleep(ms) {
        pass(ms / 1_000);
        return Promise.resolve();
      },
    },
  });
  const { asked } = front;
  return {
    state: summary.run.state,
    failed: summary.run.notes.failedWindows,
    read: readOf(summary),
    credits: await Promise.all(types.map((type) => creditOf(connection, type))),
    refused: asked.filter((each) => each.refused).map(({ path }) => path.replace(/[/?].*/, "")),
    tokens: new Set(asked.map(({ token }) => token)).size,
    kickOffs: proxy.asked.filter((path) => path.startsWith("$export?")).length,
    filesAsked: proxy.asked.filter((path) => path.startsWith("$export-file")).length,
    withoutToken: asked.filter(({ token }) => token === undefined).length,
  };
}

const whole = "2026-02-01T00:00 2026-03-02T00:00";
const right = {
  state: "complete",
  failed: [],
  read: ["Patient 1/1", "ServiceRequest 1/1", "Task 6/6"],
  credits: [[whole], [whole], [whole]],
  kickOffs: 1,
  filesAsked: 5,
  withoutToken: 0,
};

test.each(Object.keys(ways))(
  "by %s, tokens are renewed before they expire, while an export is waited for and while its files are read",
  async (way) => {
    const said = await exportSlowly(way, { ours: "moves", onFile: () => pass(40) });
    expect(said).toMatchObject({ ...right, refused: [] });
    // Each lives for one or two of the questions that are asked 40 seconds and more apart.
    expect(said.tokens).toBeGreaterThanOrEqual(8);
  },
);

test.each(Object.keys(ways))(
  "by %s, one that expires by the server's clock first is replaced, and the same is asked again",
  async (way) => {
    let files = 0;
    const said = await exportSlowly(way, { ours: "stands", onFile: () => (++files === 2 ? pass(70) : undefined) });
    expect(said).toMatchObject({
      ...right,
      // Some of the polls, 45 seconds apart, and the file after the second.
      refused: expect.arrayContaining(["$export-poll-status", "$export-file"]) as string[],
    });
    expect(said.refused.filter((path) => path === "$export-file")).toHaveLength(1);
  },
);
