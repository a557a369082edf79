-- A rebuild queues everybody from the same instant on: whoever comes next was found among all of them, batch after batch.
drop index dirty_patient_by_site;
-- Serves: the next patients of a site, from the last of those before.
create index dirty_patient_in_order on dirty_patient (site_id, from_at, patient_key);
