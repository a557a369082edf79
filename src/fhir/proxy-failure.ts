import { FhirFailure } from "./fhir-failure.ts";

/** What a proxy said instead of a server; undefined where no proxy did. undici says it in words alone, wrapped or not. */
export function proxyFailure(error: Error): FhirFailure | undefined {
  for (let each: unknown = error.cause; each instanceof Error; each = each.cause) {
    const written = /^Proxy (?:response|Authentication Required) \((\d{3})\)/.exec(each.message)?.[1];
    if (written !== undefined) return asFailure(Number(written));
  }
  return undefined;
}

function asFailure(status: number): FhirFailure {
  if (status === 407) {
    const fix =
      "Give the proxy's user and password in the environment (HTTPS_PROXY=http://user:password@proxy.example:8080), and no `proxy` at the source.";
    return new FhirFailure("refused", `cannot be asked: the proxy wants to know who asks (HTTP ${status})`, { fix });
  }
  const fix =
    "Ask who runs the proxy to let this computer through to the server, or set `proxy: off` at the source where it is reached without.";
  return new FhirFailure(status >= 500 ? "unreachable" : "refused", `could not be reached through the proxy (HTTP ${status})`, { fix });
}
