-- Series of values: what of a period could not be measured is told beside what could.

-- Values whose unit does not convert, and those that are mere bounds (`< 2.5`): in neither `sum` nor `of`.
alter table series_period add column left_out integer not null default 0;

-- Where events are rare the numbers of an alarm are days between them, and not a number for each period.
alter table alarm add column days_between boolean not null default false;
