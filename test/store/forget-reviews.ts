import type { Connection } from "../../src/db/connect.ts";
import { settleStandings } from "../../src/store/settle-standing.ts";

/** As if nobody had reviewed anything: what the product never does. */
export async function forgetReviews({ db }: Connection): Promise<void> {
  await db.deleteFrom("review").execute();
  const reviewed = await db.selectFrom("loop").select(["site_id", "loop_id"]).where("reviews", ">", 0).execute();
  for (const [siteId, loops] of Map.groupBy(reviewed, (loop) => loop.site_id))
    await settleStandings(db, siteId, { loopIds: loops.map((loop) => loop.loop_id) });
}
