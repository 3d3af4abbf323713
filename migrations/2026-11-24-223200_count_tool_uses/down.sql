DELETE FROM role_permission WHERE permission = 'tooling.maintain';
DROP TABLE tool_use;
ALTER TABLE lot DROP COLUMN uses_reset_at, DROP COLUMN life_uses;
