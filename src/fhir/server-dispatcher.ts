import { X509Certificate } from "node:crypto";
import { getCACertificates } from "node:tls";
import { Agent, EnvHttpProxyAgent, ProxyAgent, type Dispatcher } from "undici";
import type { ServerAccess, TlsFiles } from "../config/server-access.ts";
import { formatInstant } from "../domain/format-instant.ts";
import type { Instant } from "../domain/instant.ts";
import { UserError } from "../domain/user-error.ts";
import { readAccessFile, wrongAccessFile } from "./access-file.ts";
import { readPrivateKey } from "./read-private-key.ts";

/** Like curl and Go: what runs on this machine is no proxy's business. */
const never = ["localhost", "127.0.0.1", "[::1]"];

/** How long is waited, in milliseconds: for a connection, for the beginning of an answer, for each next part of it. */
export interface TimeLimits {
  readonly connectMs: number;
  readonly timeoutMs: number;
  readonly bodyMs: number;
}

/**
 * How a server, and what gives tokens for it, is connected to; undici's version is bound to that
 * inside Node: the fetch of Node 24 hands undici 8 a kind of handler that it refuses.
 * @throws UserError `access-file`, `proxy-unreadable`
 */
export function openDispatcher(
  { tls, proxy }: Pick<ServerAccess, "tls" | "proxy">,
  now: Instant,
  { connectMs, timeoutMs, bodyMs }: TimeLimits,
): Dispatcher {
  const connect = { timeout: connectMs, ...(tls === undefined ? {} : readTls(tls, now)) };
  const limits = { connect, headersTimeout: timeoutMs, bodyTimeout: bodyMs };
  const options = { ...limits, requestTls: connect };
  // Proxies pass requests for http on as they are, and many open a tunnel for https only.
  if (proxy !== undefined && proxy !== "off") return new ProxyAgent({ ...options, uri: proxy, proxyTunnel: false });
  const environment = proxy === undefined ? readProxies() : undefined;
  if (environment !== undefined) return new EnvHttpProxyAgent({ ...options, ...environment, proxyTunnel: false });
  return new Agent(limits);
}

/** Small letters come first, as undici and curl have it. */
function readProxies(): { httpProxy: string; httpsProxy: string; noProxy: string } | undefined {
  const { HTTPS_PROXY, https_proxy = HTTPS_PROXY, HTTP_PROXY, http_proxy = HTTP_PROXY, NO_PROXY, no_proxy = NO_PROXY } = process.env;
  const [httpProxy = "", httpsProxy = ""] = [http_proxy, https_proxy];
  const written = [httpProxy, httpsProxy].filter((each) => each !== "");
  if (written.length === 0) return undefined;
  if (!written.every((each) => URL.canParse(each) && /^https?:$/.test(new URL(each).protocol))) {
    throw new UserError(
      "proxy-unreadable",
      // It may hold a password, so it is not quoted.
      "The environment variable HTTPS_PROXY or HTTP_PROXY is no address of a proxy.",
      "Write it like http://proxy.example:8080, or unset it, or set `proxy: off` at the source.",
    );
  }
  return { httpProxy, httpsProxy, noProxy: no_proxy?.trim() === "*" ? "*" : [no_proxy ?? "", ...never].join(",") };
}

interface TlsParts {
  readonly ca?: string[];
  readonly cert?: string;
  readonly key?: string;
}

function readTls({ caFile, client }: TlsFiles, now: Instant): TlsParts {
  return {
    // Beside the usual ones: what gives tokens may be known to everybody.
    ...(caFile === undefined ? {} : { ca: [...getCACertificates("default"), readCertificate("tls.caFile", caFile).pem] }),
    ...(client === undefined ? {} : readClient(client, now)),
  };
}

function readClient({ certificateFile, keyFile }: NonNullable<TlsFiles["client"]>, now: Instant): TlsParts {
  const { pem, first } = readCertificate("tls.certificateFile", certificateFile);
  const key = readAccessFile("tls.keyFile", keyFile);
  if (!first.checkPrivateKey(readPrivateKey("tls.keyFile", keyFile, key))) {
    throw wrongAccessFile(
      "tls.keyFile",
      keyFile,
      `holds the key of another certificate than ${certificateFile}`,
      "Name the two that belong together.",
    );
  }
  const until = Date.parse(first.validTo);
  if (until < now) {
    const fix = "Ask whoever issued it for a new one, and put it there.";
    throw wrongAccessFile("tls.certificateFile", certificateFile, `holds a certificate that expired on ${formatInstant(until)}`, fix);
  }
  return { cert: pem, key };
}

function readCertificate(key: string, path: string): { pem: string; first: X509Certificate } {
  const pem = readAccessFile(key, path);
  try {
    return { pem, first: new X509Certificate(pem) };
  } catch {
    throw wrongAccessFile(key, path, "holds no certificate", "Write there a certificate in PEM (-----BEGIN CERTIFICATE-----).");
  }
}
