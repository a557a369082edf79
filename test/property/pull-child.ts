/** A process of its own that scans a server as it is told (JSON in its first argument), to be killed in the middle of it. */
import { connect } from "../../src/db/connect.ts";
import { scanServer, type ServerScan } from "../worker/scan-server.ts";

export interface PullOrders {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly scan: Omit<ServerScan, "clock">;
  /** Where our clock stands. */
  readonly clockAt: number;
}

const orders = JSON.parse(process.argv[2] ?? "") as PullOrders;
const connection = await connect(orders);
await scanServer(connection, { ...orders.scan, clock: () => orders.clockAt });
await connection.close();
