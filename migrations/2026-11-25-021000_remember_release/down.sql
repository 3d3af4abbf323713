ALTER TABLE lot DROP COLUMN released_at;
