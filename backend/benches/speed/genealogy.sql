-- Families {first} to {last} of the genealogy: one lot of raw material, eighteen hops of 555 lots that were each made of three
-- lots of the hop before, and a shipment of all of the last hop: 9,992 lots, 29,400 links, twenty hops. The lots of a hundred
-- families are made in turns, as those of many products are.
SET session_replication_role = replica;
INSERT INTO lot (org_id, id, item_id, code, status)
SELECT bench.org(), bench.id(30, ((f / 100)::bigint * 9992 + p) * 100 + f % 100), bench.id(4, 1 + f % 200), 'G-' || f || '-' || p, 'released'
FROM generate_series(0, 9991) p, generate_series({first}, {last}) f;
INSERT INTO lot_link (org_id, id, parent_lot_id, child_lot_id, quantity, certainty, document_kind, document_id, document_line, linked_at)
SELECT bench.org(), gen_random_uuid(), bench.id(30, ((f / 100)::bigint * 9992 + from_place) * 100 + f % 100),
    bench.id(30, ((f / 100)::bigint * 9992 + p) * 100 + f % 100), (random() < 0.8)::integer,
    CASE WHEN random() < 0.8 THEN 'declared' ELSE 'default' END, 'material', bench.id(31, p), 1, now()
FROM generate_series({first}, {last}) f CROSS JOIN LATERAL (
    SELECT p, CASE WHEN p <= 555 THEN 0 ELSE (((p - 1) / 555 - 1) * 555 + 1 + floor(random() * 555))::integer END AS from_place
    FROM generate_series(1, 9990) p, generate_series(1, 3) k WHERE p > 555 OR k = 1
    UNION ALL SELECT 9991, p FROM generate_series(9436, 9990) p) link (p, from_place);
SET session_replication_role = DEFAULT;
