-- What else passes a line: looks have one of their own, and a site that was never judged no longer keeps the months of all.

-- Up to where a site that was only ever pulled will look back when it is first judged; null: nothing is known of it.
alter table site add column pulled_line timestamptz;

-- Serves: looks past the period for which they are kept. They are written in order of time, so that this costs next to nothing.
create index look_by_time on look using brin (at);
