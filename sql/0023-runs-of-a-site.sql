-- How many runs a site has had. Nothing is read or concluded of a site but by its runs: while this stands, and none is running, what its
-- records say is the same.
alter table site add column runs integer not null default 0;

-- Serves: the sites that are being worked on.
create index run_running on run (site_id) where state = 'running';
