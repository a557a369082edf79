import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What befalls a question on its way: an HTTP status, a connection that breaks, an answer cut in half. */
export type Disturbance = number | "reset" | "cut";

export interface DisturbingProxy {
  /** The FHIR base, the same whatever stands behind it. */
  readonly url: string;
  /** Every path and query below the base since `forget`. */
  readonly asked: readonly string[];
  /** Stands before this server from now on. */
  leadTo(server: { readonly url: string }, clock: () => number): void;
  /** That of the server behind it. */
  readonly clock: () => number;
  /** Decides by the path and query below the base, and the question's number since `forget`. */
  disturb(decide: (path: string, number: number) => Disturbance | undefined): void;
  /** Undisturbed again, and nothing asked. */
  forget(): void;
  close(): Promise<void>;
}

/** A proxy before a well-behaved server: its page links name the server behind, as those of real proxies do. */
export async function startDisturbingProxy(): Promise<DisturbingProxy> {
  let target = "";
  let clock = (): number => 0;
  let decide: (path: string, number: number) => Disturbance | undefined = () => undefined;
  const asked: string[] = [];
  const server = createServer((req, res) => {
    const path = (req.url ?? "").replace(/^\/fhir\/?/, "");
    asked.push(path);
    const disturbance = decide(path, asked.length);
    if (disturbance === "reset") res.destroy();
    else if (typeof disturbance === "number") res.writeHead(disturbance, { "Content-Type": "text/plain" }).end("disturbed");
    else void pass(path, disturbance === "cut", res);
  });

  async function pass(path: string, isCut: boolean, res: ServerResponse): Promise<void> {
    const answer = await fetch(`${target}${path.startsWith("?") ? "" : "/"}${path}`);
    const body = Buffer.from(await answer.arrayBuffer());
    const headers = { "Content-Type": answer.headers.get("content-type") ?? "", Date: answer.headers.get("date") ?? "" };
    res.writeHead(answer.status, { ...headers, "Content-Length": body.length });
    if (isCut) res.write(body.subarray(0, body.length / 2), () => res.destroy());
    else res.end(body);
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`,
    asked,
    leadTo(server, itsClock) {
      [target, clock] = [server.url, itsClock];
    },
    clock: () => clock(),
    disturb: (how) => void (decide = how),
    forget() {
      decide = () => undefined;
      asked.length = 0;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
