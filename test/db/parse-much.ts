import { openEmbedded } from "../../src/db/embedded.ts";

// A process of its own for the test of memory: has twenty thousand statements parsed, and says how large it was at most, in MB.
const [folder = ""] = process.argv.slice(2);
const { pool, close } = await openEmbedded(folder);
for (let round = 0; round < 20; round += 1) await pool.query("select 1 as one, 2 as two where 3 = 3 order by 1;".repeat(1_000));
await close();
process.stdout.write(String(process.resourceUsage().maxRSS / 1000));
