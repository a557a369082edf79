import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSigningKey } from "../../src/fhir/read-signing-key.ts";
import { makeFolder } from "./make-folder.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const weak = generateKeyPairSync("rsa", { modulusLength: 1024 });
const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" });
const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = (key: KeyObject) => key.export({ type: key.type === "public" ? "spki" : "pkcs8", format: "pem" }) as string;
const jwk = (key: KeyObject, kid?: string) => ({ ...key.export({ format: "jwk" }), ...(kid === undefined ? {} : { kid }) });
const keyFile = (text: string) => join(makeFolder({ key: text }), "key");
const jwks = JSON.stringify({ keys: [jwk(rsa.publicKey, "public"), jwk(rsa.privateKey, "r"), jwk(p384.privateKey, "e")] });

test.each<[what: string, text: string, wanted: object, found: object]>([
  ["PEM of RSA", pem(rsa.privateKey), {}, { algorithm: "RS384" }],
  [
    "PEM of RSA as PKCS #1",
    rsa.privateKey.export({ type: "pkcs1", format: "pem" }) as string,
    { keyId: "k" },
    { algorithm: "RS384", keyId: "k" },
  ],
  ["PEM of P-384", pem(p384.privateKey), { algorithm: "ES384" }, { algorithm: "ES384" }],
  ["JWK, named by the setting", JSON.stringify(jwk(p384.privateKey)), { keyId: "k" }, { algorithm: "ES384", keyId: "k" }],
  ["JWKS: the first that can sign", jwks, {}, { algorithm: "RS384", keyId: "r" }],
  ["JWKS: the one of the algorithm", jwks, { algorithm: "ES384" }, { algorithm: "ES384", keyId: "e" }],
  ["JWKS: the one that is named", jwks, { keyId: "e" }, { algorithm: "ES384", keyId: "e" }],
])("a key is read from %s", (_, text, wanted, found) => {
  const { key, ...rest } = readSigningKey({ keyFile: keyFile(text), ...wanted });
  expect({ type: key.type, ...rest }).toEqual({ type: "private", ...found });
});

test.each<[what: string, text: string, wanted: object, says: string, fix: RegExp]>([
  ["a public key", pem(rsa.publicKey), {}, "holds a certificate or a public key, and no private key", /BEGIN PRIVATE KEY/],
  ["text", "hunter2", {}, "holds no private key", /BEGIN PRIVATE KEY/],
  ["a public JWK", JSON.stringify(jwk(rsa.publicKey)), {}, "is JSON without a private key", /"d"/],
  ["JSON cut short", '{"keys":[{"d":"hunter2"', {}, "is JSON without a private key", /"d"/],
  ["a weak key", pem(weak.privateKey), {}, "holds no private key for RS384 or ES384", /2048 bits/],
  ["a key of another curve", pem(p256.privateKey), {}, "holds no private key for RS384 or ES384", /P-384/],
  ["a key for the other algorithm", pem(rsa.privateKey), { algorithm: "ES384" }, "holds no private key for ES384", /P-384/],
  ["no key of that name", jwks, { keyId: "public" }, 'holds no private key "public"', /it holds r, e\./],
])("a file with %s is refused with what to write, and nothing of it", (_, text, wanted, says, fix) => {
  const file = keyFile(text);
  expect(() => readSigningKey({ keyFile: file, ...wanted })).toThrow(
    expect.objectContaining({
      code: "access-file",
      message: `The file ${file}, which auth.smart.keyFile of a source names, ${says}.`,
      fix: expect.stringMatching(fix) as string,
    }) as Error,
  );
});
