-- How long something has stood somewhere is asked at each issue: it is kept with the balance, not looked for in the movements.
ALTER TABLE stock_balance NO FORCE ROW LEVEL SECURITY;
ALTER TABLE stock_movement NO FORCE ROW LEVEL SECURITY;
ALTER TABLE stock_balance ADD COLUMN since timestamptz;
COMMENT ON COLUMN stock_balance.since IS 'When the oldest of it came here, or onto the order''s account; null where there is nothing 其中最早的到达此处或记入该订单的时间';
UPDATE stock_balance b SET since = coalesce((SELECT min(m.occurred_at) FROM stock_movement m
    WHERE m.org_id = b.org_id AND m.item_id = b.item_id AND m.lot_id IS NOT DISTINCT FROM b.lot_id
        AND m.to_order_id IS NOT DISTINCT FROM b.order_id AND (b.order_id IS NOT NULL OR m.to_location_id = b.location_id)),
    now())
WHERE b.on_hand > 0;
