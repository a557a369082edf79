import { createPrivateKey, type KeyObject } from "node:crypto";
import type { AssertionAlgorithm, SmartCredentials } from "../config/server-access.ts";
import { readAccessFile, wrongAccessFile } from "./access-file.ts";
import { isObject, type JsonObject } from "./bundle.ts";
import { readPrivateKey } from "./read-private-key.ts";

/** What an assertion is signed with. */
export interface SigningKey {
  readonly key: KeyObject;
  readonly algorithm: AssertionAlgorithm;
  /** `kid`, where one is known. */
  readonly keyId?: string;
}

interface Candidate {
  readonly key: KeyObject;
  readonly keyId?: string;
}

const place = "auth.smart.keyFile";
const kinds = "Sign with RSA of 2048 bits or more (RS384) or with the curve P-384 (ES384).";

/**
 * The private key of a PEM file, a JWK or a JWKS that the configuration means.
 * @throws UserError `access-file`
 */
export function readSigningKey({ keyFile, algorithm, keyId }: Pick<SmartCredentials, "keyFile" | "algorithm" | "keyId">): SigningKey {
  const text = readAccessFile(place, keyFile);
  const isJson = text.trimStart().startsWith("{");
  const candidates: readonly Candidate[] = isJson ? keysOfJson(text, keyFile) : [{ key: readPrivateKey(place, keyFile, text) }];
  // The name of a PEM file's key is nowhere but in the configuration; a JWKS tells its keys apart by theirs.
  const meant = candidates.filter((each) => keyId === undefined || each.keyId === undefined || each.keyId === keyId);
  if (meant.length === 0) {
    const fix = `Correct auth.smart.keyId: it holds ${candidates.map((each) => each.keyId).join(", ")}.`;
    throw wrongAccessFile(place, keyFile, `holds no private key "${keyId}"`, fix);
  }
  for (const { key, keyId: ownId = keyId } of meant) {
    const own = algorithmOf(key);
    if (own !== undefined && (algorithm ?? own) === own) return { key, algorithm: own, ...(ownId === undefined ? {} : { keyId: ownId }) };
  }
  throw wrongAccessFile(place, keyFile, `holds no private key for ${algorithm ?? "RS384 or ES384"}`, kinds);
}

function algorithmOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): AssertionAlgorithm | undefined {
  if (type === "rsa") return (details?.modulusLength ?? 0) >= 2048 ? "RS384" : undefined;
  return type === "ec" && details?.namedCurve === "secp384r1" ? "ES384" : undefined;
}

function keysOfJson(text: string, path: string): Candidate[] {
  const found = jwksIn(text).flatMap((jwk) => {
    try {
      return [{ key: createPrivateKey({ key: jwk, format: "jwk" }), ...(typeof jwk["kid"] === "string" ? { keyId: jwk["kid"] } : {}) }];
    } catch {
      // A JWKS may hold public keys and those for other uses beside it.
      return [];
    }
  });
  if (found.length > 0) return found;
  const fix = 'Write there the JWK or JWKS with the private key: it has "d" beside the parts that were given to the server.';
  throw wrongAccessFile(place, path, "is JSON without a private key", fix);
}

function jwksIn(text: string): JsonObject[] {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return [];
    return Array.isArray(value["keys"]) ? value["keys"].filter(isObject) : [value];
  } catch {
    return [];
  }
}
