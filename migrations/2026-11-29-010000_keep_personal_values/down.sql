ALTER TABLE membership DROP COLUMN erased_at;
ALTER TABLE person DROP COLUMN erased_at;
DROP TABLE personal_datum;
