ALTER TABLE organisation DROP COLUMN trace_threshold_percent;
