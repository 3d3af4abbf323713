-- What an item's stock adds up to is asked of thousands of balances at once. The kind of a place never changes; it is kept
-- with the balance, so that the places need not be looked at one by one.
ALTER TABLE stock_balance NO FORCE ROW LEVEL SECURITY;
ALTER TABLE location NO FORCE ROW LEVEL SECURITY;
ALTER TABLE stock_balance ADD COLUMN location_kind text;
COMMENT ON COLUMN stock_balance.location_kind IS 'Kind of the location, which never changes 库位类型';
UPDATE stock_balance b SET location_kind = l.kind FROM location l WHERE (l.org_id, l.id) = (b.org_id, b.location_id);
ALTER TABLE stock_balance ALTER COLUMN location_kind SET NOT NULL;
