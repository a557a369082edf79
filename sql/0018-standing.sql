-- Where each loop stands, worked out anew with whatever changes it (its verdict, its reviews, its labels) and in the same
-- transaction, so that lists and counts only read it. `status` null: held since before this migration, and not worked out yet.
alter table loop
  add column status text,
  -- Why it is open again though somebody had settled it.
  add column status_reason text,
  add column reviews integer not null default 0,
  -- What cannot wait comes first: by verdict, then by urgency.
  add column rank smallint not null default 0,
  add column tier text not null default 'worklist',
  -- Its record, or its patient under any of their ids, bears the label.
  add column restricted boolean not null default false,
  add column test boolean not null default false,
  -- A finding that is still somebody's work: what indexes of the worklist hold.
  add column is_current boolean not null default false;

-- Serves: loops that were held before this migration.
create index loop_not_settled on loop (site_id, patient_key) where status is null;

-- Serves: the worklist, most urgent first and by due time, whole and by each filter; the last columns are a page's cursor.
create index loop_current_by_rank on loop (rank, due_at, loop_id) where is_current;
-- Serves: the same by due time.
create index loop_current_by_due on loop (due_at, loop_id) where is_current;
-- Serves: a site's worklist, most urgent first.
create index loop_current_of_site_by_rank on loop (site_id, rank, due_at, loop_id) where is_current;
-- Serves: a site's worklist by due time.
create index loop_current_of_site_by_due on loop (site_id, due_at, loop_id) where is_current;
-- Serves: a team's worklist, most urgent first.
create index loop_current_of_team_by_rank on loop ((coalesce(team, 'unassigned')), rank, due_at, loop_id) where is_current;
-- Serves: a team's worklist by due time.
create index loop_current_of_team_by_due on loop ((coalesce(team, 'unassigned')), due_at, loop_id) where is_current;
-- Serves: a signal's worklist, most urgent first.
create index loop_current_of_signal_by_rank on loop (signal, rank, due_at, loop_id) where is_current;
-- Serves: a signal's worklist by due time.
create index loop_current_of_signal_by_due on loop (signal, due_at, loop_id) where is_current;
-- Serves: what is of one urgency, most urgent first.
create index loop_current_of_urgency_by_rank on loop (urgency, rank, due_at, loop_id) where is_current;
-- Serves: what is of one urgency, by due time.
create index loop_current_of_urgency_by_due on loop (urgency, due_at, loop_id) where is_current;
-- Serves: what somebody has taken or confirmed, most urgent first.
create index loop_current_of_status_by_rank on loop (status, rank, due_at, loop_id) where is_current;
-- Serves: what is of one verdict, by due time.
create index loop_current_of_verdict_by_due on loop (verdict, due_at, loop_id) where is_current;

-- Serves: all findings, whatever became of them, by due time and most urgent first.
create index loop_finding_by_due on loop (due_at, loop_id) where verdict in ('late', 'missed', 'unknown', 'occurred') and not before_watch;
-- Serves: the same, most urgent first.
create index loop_finding_by_rank on loop (rank, due_at, loop_id) where verdict in ('late', 'missed', 'unknown', 'occurred') and not before_watch;
-- Serves: what was dismissed or closed, by due time.
create index loop_finding_of_status on loop (status, due_at, loop_id) where verdict in ('late', 'missed', 'unknown', 'occurred') and not before_watch;
-- Serves: a team's findings, whatever became of them.
create index loop_finding_of_team on loop ((coalesce(team, 'unassigned')), due_at, loop_id) where verdict in ('late', 'missed', 'unknown', 'occurred') and not before_watch;
-- Serves: a signal's findings at a site, whatever became of them.
create index loop_finding_of_signal on loop (signal, site_id, due_at, loop_id) where verdict in ('late', 'missed', 'unknown', 'occurred') and not before_watch;
-- Serves: findings by when they opened.
create index loop_finding_by_opening on loop (opened_at) where verdict in ('late', 'missed', 'unknown', 'occurred') and not before_watch;

-- How many loops there are of each kind: of each team, and of all teams together under '*'. Kept with `loop` in the same transaction,
-- by whoever holds the site's standings (`lockStandings`). By site: a distributed table of its own under Citus.
create table loop_count (
  site_id integer not null,
  team text not null,
  signal text not null,
  signal_version integer not null,
  tier text not null,
  verdict text not null,
  status text not null,
  -- Empty: it has none.
  urgency text not null,
  unassigned boolean not null,
  restricted boolean not null,
  test boolean not null,
  before_watch boolean not null,
  count integer not null,
  primary key (site_id, team, signal, signal_version, tier, verdict, status, urgency, unassigned, restricted, test, before_watch)
);
