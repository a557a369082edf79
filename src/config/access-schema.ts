import { resolve } from "node:path";
import { z } from "zod";
import { nonEmpty, proxy, tokenUrl, variableName } from "./config-values.ts";
import { assertionAlgorithms, type Credentials, type ServerAccess, type TlsFiles } from "./server-access.ts";

const client = { clientId: nonEmpty, scope: nonEmpty.optional() };

/** One of its keys: `accessProblems` says so with the place. */
const auth = z.strictObject({
  basic: z.strictObject({ user: nonEmpty, passwordFrom: variableName }).optional(),
  bearer: z.strictObject({ tokenFrom: variableName }).optional(),
  clientCredentials: z.strictObject({ ...client, tokenUrl, clientSecretFrom: variableName }).optional(),
  smart: z
    .strictObject({
      ...client,
      tokenUrl: tokenUrl.optional(),
      keyFile: nonEmpty,
      algorithm: z.enum(assertionAlgorithms, { error: `Write ${assertionAlgorithms.join(" or ")}, or leave it out.` }).optional(),
      keyId: nonEmpty.optional(),
    })
    .optional(),
});

const tls = z.strictObject({ caFile: nonEmpty.optional(), certificateFile: nonEmpty.optional(), keyFile: nonEmpty.optional() });

/** The keys of a source that say how its server is asked. */
export const accessKeys = { tokenFrom: variableName.optional(), auth: auth.optional(), tls: tls.optional(), proxy: proxy.optional() };

type AccessEntry = z.infer<z.ZodObject<typeof accessKeys>>;

/** What was written, with the secrets that the environment holds and absolute paths; undefined where nothing was. */
export function asAccess(entry: AccessEntry, base: string, secret: (variable: string) => string): ServerAccess | undefined {
  const credentials = asCredentials(entry, base, secret);
  const files = entry.tls === undefined ? undefined : asTlsFiles(entry.tls, base);
  const access = {
    ...(credentials === undefined ? {} : { credentials }),
    ...(files === undefined ? {} : { tls: files }),
    ...(entry.proxy === undefined ? {} : { proxy: entry.proxy }),
  };
  return Object.keys(access).length === 0 ? undefined : access;
}

function asCredentials({ tokenFrom, auth = {} }: AccessEntry, base: string, secret: (variable: string) => string): Credentials | undefined {
  const { basic, bearer = tokenFrom === undefined ? undefined : { tokenFrom }, clientCredentials, smart } = auth;
  if (basic !== undefined) return { kind: "basic", user: basic.user, password: secret(basic.passwordFrom) };
  if (bearer !== undefined) return { kind: "bearer", token: secret(bearer.tokenFrom) };
  if (clientCredentials !== undefined) {
    const { clientId, tokenUrl, clientSecretFrom, scope } = clientCredentials;
    const clientSecret = secret(clientSecretFrom);
    return { kind: "client-secret", clientId, tokenUrl, clientSecret, ...(scope === undefined ? {} : { scope }) };
  }
  if (smart === undefined) return undefined;
  const { clientId, keyFile, scope, tokenUrl, algorithm, keyId } = smart;
  return {
    kind: "smart",
    clientId,
    keyFile: resolve(base, keyFile),
    ...(scope === undefined ? {} : { scope }),
    ...(tokenUrl === undefined ? {} : { tokenUrl }),
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(keyId === undefined ? {} : { keyId }),
  };
}

function asTlsFiles({ caFile, certificateFile, keyFile }: z.infer<typeof tls>, base: string): TlsFiles {
  return {
    ...(caFile === undefined ? {} : { caFile: resolve(base, caFile) }),
    ...(certificateFile === undefined || keyFile === undefined
      ? {}
      : { client: { certificateFile: resolve(base, certificateFile), keyFile: resolve(base, keyFile) } }),
  };
}
