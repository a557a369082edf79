-- What is left when records have passed the retention line.

-- Up to where what was read of the site may be gone: no scan asks for what lies before it, whatever its `now`.
alter table site add column retained_from timestamptz;
-- A copy of what a finding rested on, made before that may go; from then on no scan changes the finding.
alter table loop add column sealed jsonb;
-- How many of its resources have been dropped: with the last of them it goes.
alter table resource_block add column expired integer not null default 0;

-- Serves: findings that have passed the retention line and are not sealed yet.
create index loop_not_sealed on loop (site_id, opened_at) where sealed is null and verdict in ('late', 'missed', 'unknown', 'occurred') and not before_watch;
