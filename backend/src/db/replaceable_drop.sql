-- Clears what replaceable.sql makes and what would stand in the way of a migration. Row-level security
-- itself stays on: a table without its wall shows nothing to anybody.
DO $$
DECLARE old record;
BEGIN
    FOR old IN SELECT viewname FROM pg_views WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP VIEW IF EXISTS %I CASCADE', old.viewname);
    END LOOP;
    FOR old IN SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP POLICY %I ON %I', old.policyname, old.tablename);
    END LOOP;
END $$;
