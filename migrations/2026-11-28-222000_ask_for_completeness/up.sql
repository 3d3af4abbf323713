-- How complete the record of a lot must be before quality releases it.
ALTER TABLE organisation ADD COLUMN trace_threshold_percent smallint
    CONSTRAINT organisation_trace_threshold_check CHECK (trace_threshold_percent BETWEEN 1 AND 100);
COMMENT ON COLUMN organisation.trace_threshold_percent IS 'Facts of the genealogy that a release needs, in per cent; null: it needs none 放行所需追溯完整率';
