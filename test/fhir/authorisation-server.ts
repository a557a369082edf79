import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Provider, { type ClientMetadata } from "oidc-provider";
import { onTestFinished } from "vitest";

/** A real OAuth 2 server on loopback, for the length of one test. */
export interface AuthorisationServer {
  readonly tokenUrl: string;
  /** How often tokens were asked for. */
  readonly asked: () => number;
  /** Whose token a header brings, and for what; undefined: nobody's. */
  readonly bearerOf: (authorization: string | undefined) => Promise<{ readonly clientId: string; readonly scope: string } | undefined>;
  /** As if the token had been withdrawn. */
  readonly revoke: (authorization: string) => Promise<void>;
}

export async function startAuthorisationServer(clients: readonly ClientMetadata[], lifeSeconds = 600): Promise<AuthorisationServer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const common = { grant_types: ["client_credentials"], redirect_uris: [], response_types: [] };
  const provider = new Provider(issuer, {
    clients: clients.map((client) => ({ ...common, ...client })),
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    scopes: ["system/*.read", "system/*.rs"],
    ttl: { ClientCredentials: lifeSeconds },
    enabledJWA: { clientAuthSigningAlgValues: ["RS384", "ES384"] },
  });
  let asked = 0;
  const handle = provider.callback();
  server.on("request", (req, res) => {
    asked += req.url === "/token" ? 1 : 0;
    void handle(req, res);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const find = (authorization: string | undefined) => provider.ClientCredentials.find((authorization ?? "").replace("Bearer ", ""));
  return {
    tokenUrl: `${issuer}/token`,
    asked: () => asked,
    bearerOf: async (authorization) => {
      const token = await find(authorization);
      return token === undefined ? undefined : { clientId: token.clientId ?? "", scope: token.scope ?? "" };
    },
    revoke: async (authorization) => (await find(authorization))?.destroy(),
  };
}
