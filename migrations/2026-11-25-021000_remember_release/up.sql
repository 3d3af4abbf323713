-- A lot that was never released is not made usable by lifting a block: that it was released is remembered.
ALTER TABLE lot NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY;
ALTER TABLE lot ADD COLUMN released_at timestamptz;
COMMENT ON COLUMN lot.released_at IS 'When quality first released it; null as long as it never did 首次放行时间';
UPDATE lot l SET released_at = coalesce(e.at, l.created_at)
FROM lot known LEFT JOIN LATERAL (SELECT min(a.at) AS at FROM audit_event a
    WHERE (a.org_id, a.aggregate_kind, a.aggregate_id, a.action) = (known.org_id, 'lot', known.id, 'released')) e ON true
WHERE (known.org_id, known.id) = (l.org_id, l.id) AND (l.status = 'released' OR e.at IS NOT NULL);
