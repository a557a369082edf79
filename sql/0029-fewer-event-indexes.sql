-- Nine of ten rows that are read are care events, and each index on them costs as much again as a third of the row. What a record
-- says, and what is about it, is looked for among the events of the patients under whom it was placed, by the primary key.
drop index care_event_by_sayer;
drop index care_event_by_subject;

-- Serves: whose loops may change with the identity of who acted. Of few actors, so that it is small and quick to keep.
create index care_event_by_actor on care_event (actor_key) where actor_key is not null;

comment on table actor_patient is 'Whose identity a patient''s results hang on beside those who acted: performers and requesters.';
