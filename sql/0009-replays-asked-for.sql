-- What could not be used is tried again by a run that somebody asks for, as every other run is.
alter table due_run drop constraint due_run_kind;
alter table due_run add constraint due_run_kind check (kind in ('increment', 'reconcile', 'replay'));
-- What of the quarantine a replay is to try; null: all of it.
alter table due_run add column keys bigint[];
drop index due_run_one_waiting_ask;
-- Serves: whoever asks for what is already waiting is given the same; replays of a few keys wait beside each other.
create unique index due_run_one_waiting_ask on due_run (site_id, kind) where asked_by is not null and state = 'waiting' and keys is null;

-- Whole resources in quarantine that were looked at: they too may be a patient's.
alter table look add column quarantined bigint[] not null default '{}';

-- Which record it is, and which version, where it says so: read well from elsewhere, it is superseded.
alter table quarantine add column resource_key bigint;
alter table quarantine add column version_key bigint;
