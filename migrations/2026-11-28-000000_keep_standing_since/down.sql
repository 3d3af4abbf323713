ALTER TABLE stock_balance DROP COLUMN since;
