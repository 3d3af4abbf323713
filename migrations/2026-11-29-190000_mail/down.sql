DROP TABLE mail;
ALTER TABLE person DROP CONSTRAINT person_mail_notices_check;
ALTER TABLE person DROP COLUMN mail_notices;
ALTER TABLE person DROP COLUMN email;
