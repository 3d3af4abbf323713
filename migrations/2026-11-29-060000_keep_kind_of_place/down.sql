ALTER TABLE stock_balance DROP COLUMN location_kind;
