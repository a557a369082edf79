import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { createServer as createTlsServer } from "node:https";
import { expect, onTestFinished, test, vi } from "vitest";
import type { ServerAccess } from "../../src/config/server-access.ts";
import { FhirFailure } from "../../src/fhir/fhir-failure.ts";
import { openFhirServer } from "../../src/fhir/fhir-server.ts";
import { closedPort } from "./closed-port.ts";
import { makePrivateCa } from "./make-certificates.ts";
import { bundle } from "./odd-server.ts";

/** A proxy whose every name leads to one port of this machine, or that wants a password. */
async function startProxy(port: number, wantsPassword = false): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const proxy = createServer((req, res) => {
    asked.push(`${req.method ?? ""} ${req.url ?? ""}`);
    res.writeHead(wantsPassword ? 407 : 200, { "Content-Type": "application/fhir+json" });
    res.end(JSON.stringify(bundle({})));
  });
  proxy.on("connect", (req, socket) => {
    asked.push(`CONNECT ${req.url ?? ""}`);
    if (wantsPassword) return socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    const onward = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
    return undefined;
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  onTestFinished(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
}

async function ask(base: string, access: ServerAccess): Promise<unknown> {
  return openFhirServer({ base, access, clock: Date.now, random: () => 0, patience: { waitsMs: [] } }).get("Task");
}

function inEnvironment(variables: Readonly<Record<string, string>>): void {
  for (const name of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"]) vi.stubEnv(name, variables[name]);
  onTestFinished(() => void vi.unstubAllEnvs());
}

test("a server over TLS is asked through the proxy of the setting, which sees its name and nothing else", async () => {
  inEnvironment({});
  const ca = await makePrivateCa();
  const { key, pem: cert } = await ca.issue("server", { host: "fhir.example" });
  const seen: (string | undefined)[] = [];
  const server = createTlsServer({ key, cert }, (req, res) => {
    seen.push(req.headers.authorization);
    res.writeHead(200, { "Content-Type": "application/fhir+json" }).end(JSON.stringify(bundle({})));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const proxy = await startProxy((server.address() as AddressInfo).port);
  await ask("https://fhir.example/R4", { proxy: proxy.url, tls: { caFile: ca.file }, credentials: { kind: "bearer", token: "abc" } });
  expect([proxy.asked, seen]).toEqual([["CONNECT fhir.example:443"], ["Bearer abc"]]);
});

test.each<
  [
    what: string,
    base: string,
    environment: (proxy: string) => Readonly<Record<string, string>>,
    access: ServerAccess,
    asked: readonly string[],
  ]
>([
  ["HTTP_PROXY", "http://fhir.invalid/R4", (proxy) => ({ HTTP_PROXY: proxy }), {}, ["GET http://fhir.invalid/R4/Task"]],
  [
    "HTTP_PROXY beside an empty https_proxy",
    "http://fhir.invalid/R4",
    (proxy) => ({ HTTP_PROXY: proxy, https_proxy: "" }),
    {},
    ["GET http://fhir.invalid/R4/Task"],
  ],
  ["NO_PROXY", "http://fhir.invalid/R4", (proxy) => ({ HTTP_PROXY: proxy, NO_PROXY: ".invalid" }), {}, []],
  ["NO_PROXY for all", "http://fhir.invalid/R4", (proxy) => ({ HTTP_PROXY: proxy, NO_PROXY: "*" }), {}, []],
  ["proxy: off", "http://fhir.invalid/R4", (proxy) => ({ HTTP_PROXY: proxy }), { proxy: "off" }, []],
])("%s of the environment says what the proxy is asked", async (_, base, environment, access, asked) => {
  const proxy = await startProxy(1);
  inEnvironment(environment(proxy.url));
  const ended = await ask(base, access).then(
    () => "answered",
    (error: unknown) => (error instanceof FhirFailure ? error.kind : "defect"),
  );
  // There is no such name: only a proxy can answer for it.
  expect([ended, proxy.asked]).toEqual([asked.length > 0 ? "answered" : "unreachable", asked]);
});

test.each(["127.0.0.1", "[::1]", "localhost"])("a server at %s is no proxy's business, whatever the environment says", async (host) => {
  const proxy = await startProxy(1);
  inEnvironment({ HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url });
  // Nothing listens there on any of them: it is the proxy that must not hear of it.
  await expect(ask(`http://${host}:${closedPort}/fhir`, {})).rejects.toMatchObject({ kind: "unreachable" });
  expect(proxy.asked).toEqual([]);
});

test.each(["proxy.example:hunter2", "user:hunter2@proxy.example:8080", "socks5://proxy.example"])(
  "an environment with %s for a proxy is told of, without it",
  (HTTPS_PROXY) => {
    inEnvironment({ HTTPS_PROXY });
    const opened = () => openFhirServer({ base: "https://fhir.example", clock: Date.now, random: () => 0 });
    expect(opened).toThrow(
      expect.objectContaining({
        code: "proxy-unreadable",
        message: "The environment variable HTTPS_PROXY or HTTP_PROXY is no address of a proxy.",
      }) as Error,
    );
  },
);

test.each(["http", "https"])("a proxy that wants a password is told as that, over %s", async (scheme) => {
  inEnvironment({});
  const proxy = await startProxy(1, true);
  await expect(ask(`${scheme}://fhir.invalid/R4`, { proxy: proxy.url })).rejects.toMatchObject({
    kind: "refused",
    reason: "cannot be asked: the proxy wants to know who asks (HTTP 407)",
    fix: expect.stringMatching(/HTTPS_PROXY/) as string,
  });
});

test("a server without TLS is asked through the proxy of the setting as such proxies want it, not through a tunnel", async () => {
  inEnvironment({});
  const proxy = await startProxy(closedPort);
  await ask("http://fhir.invalid/R4", { proxy: proxy.url });
  expect(proxy.asked).toEqual(["GET http://fhir.invalid/R4/Task"]);
});

test("a proxy that cannot be reached is told as a server that cannot be", async () => {
  inEnvironment({});
  await expect(ask("https://fhir.invalid/R4", { proxy: "http://127.0.0.1:1" })).rejects.toMatchObject({ kind: "unreachable" });
});
