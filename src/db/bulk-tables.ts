import type { ColumnType } from "kysely";

/** A timestamptz: read as epoch milliseconds, written as text (`toTimestamp`). */
type Timestamp = ColumnType<number, string, string>;
type NullableTimestamp = ColumnType<number | null, string | null, string | null>;

/** The tables of `sql/0008-bulk-export.sql`, as kysely knows them. */
export interface BulkTables {
  bulk_export: {
    site_id: number;
    source: string;
    level: string;
    types: string[];
    since_at: NullableTimestamp;
    poll_url: string;
    begun_at: Timestamp;
    transaction_at: NullableTimestamp;
    ended: boolean;
    tries: number;
  };
  bulk_file: {
    site_id: number;
    source: string;
    place: number;
    kind: "output" | "deleted" | "error";
    type: string;
    url: string;
    with_token: boolean;
    expected: number | null;
    line: number;
    counted: number;
    done: boolean;
  };
  bulk_error: { site_id: number; source: string; type: string; reason: string };
  bulk_feed: {
    site_id: number;
    source: string;
    level: string;
    type: string;
    since_at: NullableTimestamp;
    exported_until: Timestamp;
    listed: boolean;
  };
}
