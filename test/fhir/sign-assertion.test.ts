import { generateKeyPairSync } from "node:crypto";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { expect, test } from "vitest";
import { signAssertion } from "../../src/fhir/sign-assertion.ts";

test("an assertion is for one token endpoint and one use, and lasts less than the five minutes that SMART allows", async () => {
  const now = Date.parse("2026-03-16T09:00:00Z");
  const key = { key: generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey, algorithm: "ES384", keyId: "k" } as const;
  const sign = () => signAssertion(key, "system", "https://auth.example/token", now);
  const [one, other] = [await sign(), await sign()];
  expect(decodeProtectedHeader(one)).toEqual({ typ: "JWT", alg: "ES384", kid: "k" });
  expect(decodeJwt(one)).toEqual({
    iss: "system",
    sub: "system",
    aud: "https://auth.example/token",
    iat: now / 1_000,
    exp: now / 1_000 + 240,
    jti: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
  });
  expect(decodeJwt(one).jti).not.toBe(decodeJwt(other).jti);
});
