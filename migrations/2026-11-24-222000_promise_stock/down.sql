DELETE FROM role_permission WHERE permission = 'stock.reserve';
ALTER TABLE reservation DROP CONSTRAINT reservation_taken_over_check, DROP CONSTRAINT reservation_soft_check,
    DROP CONSTRAINT reservation_taken_over_by_fkey, DROP COLUMN version, DROP COLUMN taken_over_by_id,
    DROP COLUMN settled_reason, DROP COLUMN settled_by, DROP COLUMN created_by, DROP COLUMN reason, DROP COLUMN priority,
    DROP COLUMN soft;
ALTER TABLE item DROP COLUMN safety_stock;
