\set a random(1, 600)
\set b random(601, 1200)
\set c random(1201, 1800)
\set d random(1801, 2400)
\set e random(2401, 3000)
BEGIN;
UPDATE stock_balance SET on_hand = on_hand - 1 WHERE org_id = :org AND id = bench.id(12, :a);
UPDATE stock_balance SET on_hand = on_hand - 1 WHERE org_id = :org AND id = bench.id(12, :b);
UPDATE stock_balance SET on_hand = on_hand - 1 WHERE org_id = :org AND id = bench.id(12, :c);
UPDATE stock_balance SET on_hand = on_hand - 1 WHERE org_id = :org AND id = bench.id(12, :d);
UPDATE stock_balance SET on_hand = on_hand - 1 WHERE org_id = :org AND id = bench.id(12, :e);
UPDATE stock_balance SET on_hand = on_hand + 1 WHERE org_id = :org AND id = bench.id(15, :a);
UPDATE stock_balance SET on_hand = on_hand + 1 WHERE org_id = :org AND id = bench.id(15, :b);
UPDATE stock_balance SET on_hand = on_hand + 1 WHERE org_id = :org AND id = bench.id(15, :c);
UPDATE stock_balance SET on_hand = on_hand + 1 WHERE org_id = :org AND id = bench.id(15, :d);
UPDATE stock_balance SET on_hand = on_hand + 1 WHERE org_id = :org AND id = bench.id(15, :e);
