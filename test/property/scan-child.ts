/**
 * A process of its own that scans as it is told (JSON in its first argument), and tells its parent, by message, of the
 * statement that it was asked to tell of and of every scan that it has ended.
 */
import type { SiteConfig } from "../../src/config/config.ts";
import { connect } from "../../src/db/connect.ts";
import type { Instant } from "../../src/domain/instant.ts";
import { countStatements } from "./count-statements.ts";
import { scanHospital } from "./engine-hospital.ts";

export interface ChildOrders {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly timeZone: string;
  readonly steps: readonly { readonly folder?: string; readonly now: Instant }[];
  /** What the site's configuration says otherwise. */
  readonly change?: Partial<SiteConfig>;
  /** The statement, counted from 1, of which it tells its parent. */
  readonly tellAt?: number;
  /** The statement that it does not live to send. */
  readonly dieAt?: number;
}

/** `reached`: the statement is about to be sent; else how many scans have ended. */
export type ChildWord = "reached" | number;

const orders = JSON.parse(process.argv[2] ?? "") as ChildOrders;
const connection = await connect(orders);
const counted = countStatements(connection, (number) => {
  if (number === orders.tellAt) tell("reached");
  if (number === orders.dieAt) process.kill(process.pid, "SIGKILL");
});
for (const [place, { folder, now }] of orders.steps.entries()) {
  const { change } = orders;
  await scanHospital(counted, { hospital: orders, folders: folder === undefined ? [] : [folder], now, ...(change && { change }) });
  tell(place + 1);
}
await connection.close();
process.disconnect();

function tell(word: ChildWord): void {
  process.send?.(word);
}
