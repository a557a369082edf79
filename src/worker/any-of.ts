import { sql, type RawBuilder } from "kysely";

/** `any($1::bigint[])`: one parameter whatever the number of keys. */
export function anyOf(keys: readonly bigint[]): RawBuilder<bigint> {
  return sql<bigint>`any(${keys}::bigint[])`;
}
