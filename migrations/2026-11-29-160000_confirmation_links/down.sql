ALTER TABLE issue_note DROP COLUMN confirmed_name;
DROP TABLE confirmation_link;
