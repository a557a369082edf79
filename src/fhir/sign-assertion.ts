import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { Instant } from "../domain/instant.ts";
import type { SigningKey } from "./read-signing-key.ts";

/** SMART allows five minutes at most; the rest is for clocks that differ. */
const lifeMs = 4 * 60_000;

/** Who we are, for one question to one token endpoint (SMART Backend Services, RFC 7523). */
export async function signAssertion(
  { key, algorithm, keyId }: SigningKey,
  clientId: string,
  tokenUrl: string,
  now: Instant,
): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ typ: "JWT", alg: algorithm, ...(keyId === undefined ? {} : { kid: keyId }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(tokenUrl)
    .setIssuedAt(Math.floor(now / 1_000))
    .setExpirationTime(Math.floor((now + lifeMs) / 1_000))
    .setJti(randomUUID())
    .sign(key);
}
