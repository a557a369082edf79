/** A process of its own that looks once for what is due, as it is told (JSON in its first argument), and does not live to send its nth statement. */
import { connect } from "../../src/db/connect.ts";
import type { Instant } from "../../src/domain/instant.ts";
import { countStatements } from "../property/count-statements.ts";
import { look, makeSite } from "./make-scheduler.ts";

export interface ChildOrders {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly site: string;
  readonly folder: string;
  readonly now: Instant;
  readonly dieAt: number;
}

const { databaseUrl, dataDir, site, folder, now, dieAt } = JSON.parse(process.argv[2] ?? "") as ChildOrders;
const connection = countStatements(await connect({ databaseUrl, dataDir }), (number) => {
  if (number === dieAt) process.kill(process.pid, "SIGKILL");
});
await look(connection, [makeSite(site, { sources: [{ name: "epr", folder }] })], () => now);
await connection.close();
