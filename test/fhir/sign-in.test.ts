import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Credentials, ServerAccess } from "../../src/config/server-access.ts";
import { FhirFailure } from "../../src/fhir/fhir-failure.ts";
import { openFhirServer, type FhirServer } from "../../src/fhir/fhir-server.ts";
import { startAuthorisationServer, type AuthorisationServer } from "./authorisation-server.ts";
import { closedPort } from "./closed-port.ts";
import { makeFolder } from "./make-folder.ts";
import { bundle, openOdd, startOddServer, type Answer, type Asked } from "./odd-server.ts";

const found: Answer = { body: bundle({}) };
const secret = "hunter2+/% and more";
const secretClient = { client_id: "reader", client_secret: secret, scope: "system/*.read" };

interface Guarded {
  readonly base: string;
  readonly asked: readonly Asked[];
}

/** A FHIR server that wants tokens of an authorisation server; its SMART configuration is open, as it has to be. */
async function startGuarded(guard: AuthorisationServer, configuration: object = { token_endpoint: guard.tokenUrl }): Promise<Guarded> {
  const { origin, asked } = await startOddServer(({ path, headers }, res) => {
    if (path === "/fhir/.well-known/smart-configuration") return { body: configuration };
    void guard.bearerOf(headers.authorization).then((who) => {
      res.writeHead(who === undefined ? 401 : 200, { "Content-Type": "application/fhir+json" });
      res.end(JSON.stringify({ ...bundle({}), ...who }));
    });
    return undefined;
  });
  return { base: `${origin}/fhir`, asked };
}

function open(base: string, credentials: Credentials, clock: () => number = Date.now): FhirServer {
  return openFhirServer({ base, access: { credentials }, clock, random: () => 0, patience: { waitsMs: [] } });
}

const withSecret = (tokenUrl: string, more: object = {}): Credentials => ({
  kind: "client-secret",
  clientId: "reader",
  clientSecret: secret,
  tokenUrl,
  ...more,
});

async function failureOf(asking: Promise<unknown>): Promise<Pick<FhirFailure, "kind" | "reason" | "fix">> {
  const error: unknown = await asking.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof FhirFailure)) throw new Error("no FhirFailure", { cause: error });
  expect(JSON.stringify([error, error.message, error.stack])).not.toContain("hunter2");
  return { kind: error.kind, reason: error.reason, fix: error.fix };
}

test.each<[what: string, access: ServerAccess, header: string | undefined]>([
  ["nobody", {}, undefined],
  ["a user with a password", { credentials: { kind: "basic", user: "læser", password: "a:b" } }, "Basic bMOmc2VyOmE6Yg=="],
  ["the bearer of a token", { credentials: { kind: "bearer", token: "abc.def" } }, "Bearer abc.def"],
])("a server is asked as %s", async (_, access, header) => {
  const { origin, asked } = await startOddServer(() => found);
  await openOdd(`${origin}/fhir`, {}, access).server.get("Task");
  expect(asked.map(({ headers }) => headers.authorization)).toEqual([header]);
});

test("a client with a secret buys one token for all that it asks, side by side too, and shows the server nothing else", async () => {
  const guard = await startAuthorisationServer([secretClient]);
  const { base, asked } = await startGuarded(guard);
  const server = open(base, withSecret(guard.tokenUrl, { scope: "system/*.read" }));
  const replies = await Promise.all(["Task", "Patient", "AuditEvent"].map((type) => server.get(type)));
  expect([...replies, await server.get("Encounter")].map(({ body }) => body)).toEqual(
    Array.from({ length: 4 }, () => expect.objectContaining({ clientId: "reader", scope: "system/*.read" }) as object),
  );
  expect([guard.asked(), new Set(asked.map(({ headers }) => headers.authorization)).size]).toEqual([1, 1]);
  expect(JSON.stringify(asked)).not.toContain(Buffer.from(`reader:`).toString("base64").slice(0, 8));
});

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const curve = generateKeyPairSync("ec", { namedCurve: "P-384" });
const asPem = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" }) as string;
const asJwk = (key: KeyObject, more: object = {}) => ({ ...key.export({ format: "jwk" }), ...more });
const smartClient = (key: KeyObject, alg: string) => ({
  client_id: "system",
  token_endpoint_auth_method: "private_key_jwt" as const,
  token_endpoint_auth_signing_alg: alg as "ES256",
  jwks: { keys: [asJwk(key, { kid: "registered", use: "sig" })] } as never,
  scope: "system/*.read system/*.rs",
});

test.each<[what: string, pair: { publicKey: KeyObject; privateKey: KeyObject }, alg: string, file: string, isGiven: boolean]>([
  ["RS384, its key in PEM, at the endpoint that the server names", rsa, "RS384", asPem(rsa.privateKey), false],
  ["ES384, its key in PEM, at a given endpoint", curve, "ES384", asPem(curve.privateKey), true],
  ["RS384, its key a JWK", rsa, "RS384", JSON.stringify(asJwk(rsa.privateKey, { kid: "registered" })), false],
  [
    "ES384, its key one of a JWKS",
    curve,
    "ES384",
    JSON.stringify({
      keys: [asJwk(rsa.publicKey), asJwk(rsa.privateKey, { kid: "other" }), asJwk(curve.privateKey, { kid: "registered" })],
    }),
    true,
  ],
])("a SMART backend service signs in by %s", async (_, { publicKey }, alg, file, isGiven) => {
  const guard = await startAuthorisationServer([smartClient(publicKey, alg)]);
  const { base } = await startGuarded(guard);
  const keyFile = join(makeFolder({ key: file }), "key");
  const given = isGiven ? { tokenUrl: guard.tokenUrl } : {};
  const server = open(base, { kind: "smart", clientId: "system", keyFile, keyId: "registered", ...given });
  expect((await server.get("Task")).body).toMatchObject({ clientId: "system", scope: "system/*.read" });
});

test("a token is renewed before it expires, and not long before", async () => {
  const guard = await startAuthorisationServer([secretClient], 600);
  const { base } = await startGuarded(guard);
  const started = Date.now();
  let now = started;
  const server = open(base, withSecret(guard.tokenUrl), () => now);
  const bought: number[] = [];
  for (const seconds of [0, 569, 571, 1_140, 1_142]) {
    now = started + seconds * 1_000;
    await server.get("Task");
    bought.push(guard.asked());
  }
  expect(bought).toEqual([1, 1, 2, 2, 3]);
});

test("a token that the server no longer takes is replaced once, and the question asked again", async () => {
  const guard = await startAuthorisationServer([secretClient]);
  const { base, asked } = await startGuarded(guard);
  const server = open(base, withSecret(guard.tokenUrl));
  await server.get("Task?_count=1");
  await guard.revoke(asked[0]?.headers.authorization ?? "");
  await Promise.all([server.get("Task?_count=2"), server.get("Task?_count=2")]);
  await server.get("Task?_count=3");
  expect(guard.asked()).toBe(2);
  expect(await guard.bearerOf(asked.at(-1)?.headers.authorization)).toMatchObject({ clientId: "reader" });
});

test("a server that takes no token is asked twice, and told of", async () => {
  const guard = await startAuthorisationServer([secretClient]);
  const { origin, asked } = await startOddServer(() => ({ status: 401 }));
  expect(await failureOf(open(origin, withSecret(guard.tokenUrl)).get("Task"))).toEqual({
    kind: "refused",
    reason: "wants to know who asks (HTTP 401)",
    fix: undefined,
  });
  expect([asked.length, guard.asked()]).toEqual([2, 2]);
});

test("a token endpoint that refuses is told with its reason and what to do, and the server is not asked", async () => {
  const guard = await startAuthorisationServer([secretClient, smartClient(rsa.publicKey, "RS384")]);
  const { base, asked } = await startGuarded(guard);
  const { origin } = new URL(guard.tokenUrl);
  const wrongKey = join(makeFolder({ key: asPem(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey) }), "key");
  const refusals = await Promise.all(
    [
      withSecret(guard.tokenUrl, { clientSecret: "hunter2, mistyped" }),
      withSecret(guard.tokenUrl, { scope: "system/*.rs" }),
      { kind: "smart", clientId: "system", keyFile: wrongKey, tokenUrl: guard.tokenUrl } as const,
      withSecret(`${origin}/nowhere`),
    ].map((credentials) => failureOf(open(base, credentials).get("Task"))),
  );
  const refused = (why: string, fix: RegExp) => ({
    kind: "refused",
    reason: `could not be asked, for its token endpoint at ${origin} refused (${why})`,
    fix: expect.stringMatching(fix) as string,
  });
  expect(refusals).toEqual([
    refused("invalid_client", /check clientId, the secret or keyFile/),
    refused("invalid_scope", /Correct scope/),
    refused("invalid_client", /the public key must be registered/),
    refused("HTTP 404", /Check tokenUrl/),
  ]);
  expect(asked).toEqual([]);
});

test.each<[what: string, answer: Answer, failure: object]>([
  [
    "sends us elsewhere",
    { status: 307, headers: { Location: "http://127.0.0.1:1/" } },
    { kind: "refused", reason: /sends us elsewhere \(HTTP 307\)$/ },
  ],
  ["shows a web page", { body: "<html>hunter2" }, { kind: "refused", reason: /gave no bearer token$/ }],
  [
    "gives another kind of token",
    { body: { access_token: "hunter2", token_type: "mac" } },
    { kind: "refused", reason: /gave no bearer token$/ },
  ],
  ["quotes the secret", { status: 400, body: { error: "hunter2" } }, { kind: "refused", reason: /refused \(HTTP 400\)$/ }],
  ["is busy", { status: 503 }, { kind: "status", reason: /answered HTTP 503$/ }],
])("a token endpoint that %s is told as what it is", async (_, answer, { kind, reason }: { kind?: string; reason?: RegExp }) => {
  const { origin, asked } = await startOddServer(() => answer);
  const failure = await failureOf(open("http://127.0.0.1:1/fhir", withSecret(`${origin}/token`)).get("Task"));
  expect(failure).toMatchObject({ kind, reason: expect.stringMatching(reason ?? "") as string });
  expect(asked.length).toBe(1);
});

test("a token endpoint that is busy is asked again, and one answer is enough", async () => {
  const { origin, asked } = await startOddServer(({ path, number }) =>
    path !== "/token" ? found : number < 2 ? { status: 503 } : { body: { access_token: "abc", token_type: "Bearer" } },
  );
  const { server, sleptMs } = openOdd(origin, {}, { credentials: withSecret(`${origin}/token`) });
  await server.get("Task");
  expect([sleptMs, asked.map(({ path }) => path)]).toEqual([
    [500, 1_000],
    ["/token", "/token", "/token", "/Task"],
  ]);
});

test("a token endpoint that cannot be reached is told, with what to do", async () => {
  const origin = `http://127.0.0.1:${closedPort}`;
  expect(await failureOf(open("http://fhir.invalid", withSecret(`${origin}/token`)).get("Task"))).toMatchObject({
    kind: "unreachable",
    reason: `could not be asked, for its token endpoint at ${origin} could not be reached (ECONNREFUSED)`,
    fix: expect.stringMatching(/tokenUrl under auth of the source/) as string,
  });
});

test.each([
  [{}, "names no token endpoint"],
  [{ token_endpoint: "http://auth.example/token" }, "names a token endpoint without https"],
])("a SMART configuration of %j is refused, and nothing is signed for it", async (configuration, how) => {
  const guard = await startAuthorisationServer([]);
  const { base } = await startGuarded(guard, configuration);
  const keyFile = join(makeFolder({ key: asPem(rsa.privateKey) }), "key");
  expect(await failureOf(open(base, { kind: "smart", clientId: "system", keyFile }).get("Task"))).toEqual({
    kind: "refused",
    reason: `does not say where its tokens come from (.well-known/smart-configuration: ${how})`,
    fix: "Name the token endpoint: tokenUrl under auth.smart of the source in followthrough.yaml.",
  });
});
