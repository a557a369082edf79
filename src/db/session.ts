import type { ClientBase } from "pg";

async function prepare(client: ClientBase): Promise<void> {
  // Nobody else hears of it where a connection is lost that is in use: what is asked of it next fails, and the process need not end.
  client.on("error", () => {});
  await client.query(sameSession);
}

/**
 * Before a new connection is given to anybody; pg waits for it, whatever its types say. Where it fails the pool lets go of the connection:
 * kysely, which could do it too, would keep it for good.
 */
export const prepareSession = prepare as (client: ClientBase) => void;

/**
 * What SQL means and how values are written must not hang on how a server, role or database was configured. Nearly everything is
 * looked up by a thousand hashed keys, and PostgreSQL's own guess of what that costs is of turning disks: where nobody has said
 * otherwise it reads whole tables instead (measured: a fifth of its processor time for a first pull). And when it is told of a
 * table that has grown, a fifth of the rows that it would look at tells as much of keys, whose number is what matters (0.15 s of its
 * processor at the end of a first pull, against 0.97 s).
 */
const sameSession = `
  select set_config('TimeZone', 'UTC', false),
         set_config('DateStyle', 'ISO, YMD', false),
         set_config('bytea_output', 'hex', false),
         set_config('extra_float_digits', '1', false),
         set_config('random_page_cost', case current_setting('random_page_cost') when '4' then '1.1' else current_setting('random_page_cost') end, false),
         set_config('default_statistics_target', case current_setting('default_statistics_target') when '100' then '20' else current_setting('default_statistics_target') end, false)`;
