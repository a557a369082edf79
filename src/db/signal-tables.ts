import type { ColumnType } from "kysely";
import type { Signal } from "../domain/signal.ts";

/** Every definition that a site ever had in force. */
export interface SignalVersionTable {
  site_id: number;
  signal: string;
  version: number;
  /** Hash of the definition as it is judged by. */
  edition: string;
  /** Hash of the logic of its file, before the site's configuration. */
  base_hash: string;
  /** Its file is the site's own. */
  is_own: boolean;
  definition: ColumnType<Signal, string, string>;
}

/** Which of them was in force from when on. */
export interface SignalInForceTable {
  site_id: number;
  signal: string;
  from_at: ColumnType<number, string, string>;
  version: number;
  edition: string;
}
