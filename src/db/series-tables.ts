import type { ColumnType, Generated } from "kysely";
import type { RuleName } from "../domain/series.ts";

/** A timestamptz: read as epoch milliseconds, written as text (`toTimestamp`). */
type Timestamp = ColumnType<number, string, string>;

/** The tables of series: what is counted by period, what was judged of it, and what people say of a feed's time. */
export interface SeriesTables {
  feed_hour: {
    site_id: number;
    source: string;
    type: string;
    hour_at: Timestamp;
    understood: number;
    unreadable: number;
    changed: Generated<boolean>;
    weighed: Generated<boolean>;
  };
  odd_hour: { site_id: number; source: string; type: string; hour_at: Timestamp; why: "silent" | "unreadable" };
  changed_hour: { site_id: number; hour_at: Timestamp };
  series_period: { site_id: number; signal: string; from_at: Timestamp; to_at: Timestamp; sum: number; of: number; left_out: number };
  series_judged: { site_id: number; signal: string; judged_at: Timestamp; judged_with: ColumnType<SeriesJudgedWith, string, string> };
  alarm: AlarmTable;
  feed_statement: {
    statement_id: string;
    site_id: number;
    says: "outage" | "silence-accepted" | "undone";
    source: string;
    type: string;
    from_at: Timestamp;
    to_at: Timestamp;
    reason: string;
    actor: string;
    at: Timestamp;
    undoes: string | null;
  };
}

/** What a series was judged on: a hash of its definition and the site's zone, and what was read, by source and type. */
export interface SeriesJudgedWith {
  readonly settings: string;
  readonly read: Readonly<Record<string, readonly (readonly [number, number])[]>>;
}

interface AlarmTable {
  site_id: number;
  alarm_id: string;
  signal: string;
  source: string;
  type: string;
  from_at: Timestamp;
  to_at: Timestamp;
  breaks: RuleName[];
  value: number;
  centre: number | null;
  lower: number | null;
  upper: number | null;
  days_between: Generated<boolean>;
}
