-- When each site is to be scanned: the slots of its schedule as they fall due, and the runs that people ask for.
-- Small: a reference table under Citus.

create table due_run (
  due_run_id uuid primary key,
  site_id integer not null,
  kind text not null,
  due_at timestamptz not null,
  -- Who asked; null: a slot of the schedule.
  asked_by text,
  state text not null,
  -- The run that claimed it, and settled it once `done` or `failed`. One run may settle several.
  run_id uuid,
  constraint due_run_kind check (kind in ('increment', 'reconcile')),
  constraint due_run_state check (state in ('waiting', 'running', 'done', 'failed')),
  constraint due_run_claimed_by_a_run check ((state = 'waiting') = (run_id is null))
);
-- Serves: a slot is never doubled, whoever writes it; the last slot of a site.
create unique index due_run_one_per_slot on due_run (site_id, kind, due_at) where asked_by is null;
-- Serves: whoever asks for what is already waiting is given the same.
create unique index due_run_one_waiting_ask on due_run (site_id, kind) where asked_by is not null and state = 'waiting';
-- Serves: what a worker looks for every few seconds.
create index due_run_unsettled on due_run (site_id, due_at) where state in ('waiting', 'running');
-- Serves: the latest of a site, for a page.
create index due_run_by_site on due_run (site_id, due_at);
