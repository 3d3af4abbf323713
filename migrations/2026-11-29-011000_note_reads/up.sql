-- Who read what is sensitive. Reads of the same thing by the same person within five minutes are one row.
CREATE TABLE access_entry (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES person (id),
    kind text NOT NULL,
    subject_id uuid,
    filter text NOT NULL DEFAULT '',
    portal boolean NOT NULL,
    request_id uuid NOT NULL,
    times integer NOT NULL DEFAULT 1 CHECK (times > 0),
    period_start timestamptz NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT access_entry_repeat_key
        UNIQUE NULLS NOT DISTINCT (org_id, person_id, kind, subject_id, filter, portal, period_start)
);
CREATE INDEX access_entry_subject_id_idx ON access_entry (org_id, subject_id);
CREATE INDEX access_entry_last_at_idx ON access_entry (last_at);
COMMENT ON TABLE access_entry IS 'Reads of sensitive records; removed when their time is over 敏感读取记录';
COMMENT ON COLUMN access_entry.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN access_entry.id IS 'Identifier 标识';
COMMENT ON COLUMN access_entry.person_id IS 'Who read 人员';
COMMENT ON COLUMN access_entry.kind IS 'What was read, from a closed list 类别';
COMMENT ON COLUMN access_entry.subject_id IS 'Which thing; null for several 对象';
COMMENT ON COLUMN access_entry.filter IS 'By which filters, without words that were searched for 筛选条件';
COMMENT ON COLUMN access_entry.portal IS 'Read by a subcontractor''s person 来自门户';
COMMENT ON COLUMN access_entry.request_id IS 'The first request 请求';
COMMENT ON COLUMN access_entry.times IS 'How often within the period 次数';
COMMENT ON COLUMN access_entry.period_start IS 'Begin of the five minutes in which repeated reads are one entry 时段';
COMMENT ON COLUMN access_entry.first_at IS 'For the first time 首次时间';
COMMENT ON COLUMN access_entry.last_at IS 'For the last time 最近时间';
