import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

/** A port of this machine on which nothing listens (fetch refuses port 1 and its like without trying). */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
