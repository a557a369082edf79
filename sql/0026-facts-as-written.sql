-- What a version says is read whole, or not at all: as it was written it takes two thirds of the server's time to store that jsonb
-- takes, and nothing to give back.
alter table resource_version alter column facts type json using facts::text::json;
