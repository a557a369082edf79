-- What few rows bear is asked of each record and each loop that is judged: found in the whole table, every answer was a page read from
-- disk, once that is larger than memory (a day on ten million events: 0.9 of 10 s of PostgreSQL's time, for no row at all).

-- Serves: which of these records, or of these patients, are labelled confidential.
create index record_labelled on record (resource_key) where labels is not null;
-- Serves: which of these loops are sealed.
create index loop_sealed on loop (loop_id) where sealed is not null;
