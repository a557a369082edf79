import { once } from "node:events";
import { createServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import type { TlsFiles } from "../../src/config/server-access.ts";
import { UserError } from "../../src/domain/user-error.ts";
import { FhirFailure, isAboutContent, isOfServer, isPassing } from "../../src/fhir/fhir-failure.ts";
import { readCapability } from "../../src/fhir/capability.ts";
import { openFhirServer } from "../../src/fhir/fhir-server.ts";
import { makePrivateCa } from "./make-certificates.ts";
import { tlsFault } from "../../src/fhir/tls-fault.ts";
import { makeFolder } from "./make-folder.ts";
import { openOdd, startOddServer } from "./odd-server.ts";

/** A FHIR server over TLS on loopback; where it is to see client certificates, only the CA's own are let in. */
async function startTls(options: ServerOptions): Promise<{ base: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer(options, (req, res) => {
    seen.push(`${req.url ?? ""} ${String(req.headers.authorization)}`);
    res.writeHead(200, { "Content-Type": "application/fhir+json" });
    res.end(JSON.stringify({ resourceType: "CapabilityStatement", fhirVersion: "4.0.1", access_token: "abc", token_type: "Bearer" }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { base: `https://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`, seen };
}

/** `answered`, or what a person hears. */
async function ask(base: string, tls?: TlsFiles): Promise<unknown> {
  const access = tls === undefined ? {} : { tls };
  try {
    await readCapability(openFhirServer({ base, access, clock: Date.now, random: () => 0, patience: { waitsMs: [] } }), "epr");
    return "answered";
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [error.code, error.message.replace(/^The FHIR server of source "epr" at https:\/\/127\.0\.0\.1:\d+ /, "… "), error.fix];
  }
}

test("a server of a private CA is read once the CA's file is named, and else told with the setting", async () => {
  const ca = await makePrivateCa();
  const { key, pem: cert } = await ca.issue("server");
  const { base, seen } = await startTls({ key, cert });
  const untrusted = (code: string): unknown[] => [
    "source-untrusted",
    `… showed a certificate that nobody who is trusted here has signed (${code}).`,
    expect.stringContaining("`tls: { caFile: ca.pem }` at the source in followthrough.yaml"),
  ];
  expect(await ask(base)).toEqual(untrusted("UNABLE_TO_VERIFY_LEAF_SIGNATURE"));
  expect(await ask(base, { caFile: (await makePrivateCa()).file })).toEqual(untrusted("CERT_SIGNATURE_FAILURE"));
  expect(seen).toEqual([]);
  expect(await ask(base, { caFile: ca.file })).toBe("answered");
});

test("whom Node trusts is trusted beside the CA that is named", async () => {
  const [known, named] = [await makePrivateCa(), await makePrivateCa()];
  const usual = getCACertificates("default");
  setDefaultCACertificates([...usual, known.pem]);
  onTestFinished(() => setDefaultCACertificates(usual));
  const { key, pem: cert } = await known.issue("server");
  const { base } = await startTls({ key, cert });
  expect(await ask(base, { caFile: named.file })).toBe("answered");
});

test("a certificate that is not trusted is a matter of the whole server, and no smaller question or other time mends it", () => {
  const failure = new FhirFailure("untrusted", "showed a certificate for another name");
  expect([isOfServer(failure), isPassing(failure), isAboutContent(failure)]).toEqual([true, false, false]);
});

test("a certificate that has expired, and one for another name, are told as what they are", async () => {
  const ca = await makePrivateCa();
  const issued = [await ca.issue("expired", { days: -1 }), await ca.issue("elsewhere", { host: "fhir.example" })];
  const heard = issued.map(async ({ key, pem: cert }) => ask((await startTls({ key, cert })).base, { caFile: ca.file }));
  expect(await Promise.all(heard)).toEqual([
    ["source-untrusted", "… showed a certificate that has expired (CERT_HAS_EXPIRED).", expect.stringMatching(/renew the certificate/)],
    [
      "source-untrusted",
      "… showed a certificate for another name (ERR_TLS_CERT_ALTNAME_INVALID).",
      expect.stringMatching(/the address that its certificate names/),
    ],
  ]);
});

const namesSetting = expect.stringMatching(/`tls: \{ certificateFile: client\.pem, keyFile: client\.key \}`/) as string;

test.each([
  [
    "TLSv1.2",
    [
      "source-untrusted",
      expect.stringMatching(/^… broke off the TLS handshake, as one does that wants a client certificate/),
      namesSetting,
    ],
  ],
  // Node's server hangs up without a word.
  ["TLSv1.3", ["source-unreachable", expect.stringMatching(/^… broke off its answer/), namesSetting]],
] as const)(
  "mutual TLS over %s: our certificate is shown; where none is named, or another's, the setting is told",
  async (version, none) => {
    const [ca, stranger] = [await makePrivateCa(), await makePrivateCa()];
    const { key, pem: cert } = await ca.issue("server");
    const { base } = await startTls({
      key,
      cert,
      ca: ca.pem,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: version,
      maxVersion: version,
    });
    const asClient = ({ file, keyFile }: { file: string; keyFile: string }) =>
      ask(base, { caFile: ca.file, client: { certificateFile: file, keyFile } });
    expect(await asClient(await ca.issue("client"))).toBe("answered");
    expect(await ask(base, { caFile: ca.file })).toEqual(none);
    expect(await asClient(await stranger.issue("client"))).toEqual([
      "source-unreachable",
      expect.stringMatching(/^… broke off its answer/),
      namesSetting,
    ]);
  },
);

test.each([
  ["No required SSL certificate was sent", "wants a client certificate to be shown"],
  ["The SSL certificate error", "did not accept our client certificate"],
])("nginx, that says “%s” in a web page, is understood", async (title, reason) => {
  const { origin } = await startOddServer(() => ({ status: 400, body: `<html><head><title>400 ${title}</title></head>` }));
  await expect(openOdd(origin).server.get("Task")).rejects.toMatchObject({
    kind: "untrusted",
    reason,
    fix: expect.stringMatching(/certificate/) as string,
  });
});

test.each([
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "wants a client certificate to be shown"],
  ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "did not accept our client certificate"],
  ["ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE", "did not accept our client certificate"],
  ["ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED", "did not accept our client certificate"],
  ["ECONNRESET", undefined],
])("an alert %s of other servers is understood", (code, reason) => {
  expect(tlsFault(code)?.reason).toBe(reason);
});

test("a token endpoint behind the same private CA is reached by the same setting, and a certificate not trusted there is told as its", async () => {
  const ca = await makePrivateCa();
  const { key, pem: cert } = await ca.issue("server");
  const { base, seen } = await startTls({ key, cert });
  const credentials = { kind: "client-secret", clientId: "a", clientSecret: "hunter2", tokenUrl: `${base}/token` } as const;
  const open = (tls: TlsFiles) =>
    openFhirServer({ base, access: { credentials, tls }, clock: Date.now, random: () => 0, patience: { waitsMs: [] } });
  await expect(open({}).get("Task")).rejects.toMatchObject({
    kind: "untrusted",
    reason: `could not be asked, for its token endpoint at ${new URL(base).origin} showed a certificate that nobody who is trusted here has signed (UNABLE_TO_VERIFY_LEAF_SIGNATURE)`,
  });
  await open({ caFile: ca.file }).get("Task");
  expect(seen).toEqual([`/fhir/token Basic ${btoa("a:hunter2")}`, "/fhir/Task Bearer abc"]);
});

test("files that are missing, of the wrong kind or of different pairs are told with their names, and nothing that they hold", async () => {
  const ca = await makePrivateCa();
  const [client, other, old] = [await ca.issue("client"), await ca.issue("other"), await ca.issue("old", { days: -1 })];
  const folder = makeFolder({ "locked.key": "-----BEGIN ENCRYPTED PRIVATE KEY-----\nhunter2" });
  const locked = join(folder, "locked.key");
  const gone = join(folder, "gone.pem");
  const opened = (tls: TlsFiles) => () =>
    openFhirServer({ base: "https://fhir.example", access: { tls }, clock: Date.now, random: () => 0 });
  const named = (certificateFile: string, keyFile: string) => opened({ client: { certificateFile, keyFile } });
  for (const [open, says, fix] of [
    [opened({ caFile: gone }), `The file ${gone}, which tls.caFile of a source names, does not exist.`, /^Correct tls\.caFile/],
    [
      opened({ caFile: client.keyFile }),
      `The file ${client.keyFile}, which tls.caFile of a source names, holds no certificate.`,
      /BEGIN CERTIFICATE/,
    ],
    [
      named(client.file, client.file),
      `The file ${client.file}, which tls.keyFile of a source names, holds a certificate or a public key, and no private key.`,
      /BEGIN PRIVATE KEY/,
    ],
    [
      named(client.file, locked),
      `The file ${locked}, which tls.keyFile of a source names, holds a private key with a passphrase.`,
      /without it/,
    ],
    [
      named(client.file, other.keyFile),
      `The file ${other.keyFile}, which tls.keyFile of a source names, holds the key of another certificate than ${client.file}.`,
      /belong together/,
    ],
    [
      named(old.file, old.keyFile),
      expect.stringMatching(/old\.pem, which tls\.certificateFile of a source names, holds a certificate that expired on 20/) as string,
      /a new one/,
    ],
  ] as const) {
    expect(open).toThrow(
      expect.objectContaining({ code: "access-file", message: says, fix: expect.stringMatching(fix) as string }) as Error,
    );
  }
});
