-- Personal values of events, beside the log: an event holds a commitment to each, so that erasing one leaves every hash as it is.
CREATE TABLE personal_datum (
    org_id uuid NOT NULL REFERENCES organisation (id),
    event_id uuid NOT NULL,
    path text NOT NULL CHECK (path LIKE '/%'),
    subject_id uuid,
    value text NOT NULL,
    salt bytea NOT NULL CHECK (length(salt) = 32),
    PRIMARY KEY (org_id, event_id, path)
);
CREATE INDEX personal_datum_subject_id_idx ON personal_datum (org_id, subject_id);
COMMENT ON TABLE personal_datum IS 'Personal values that events hold a commitment to; written with the event, never changed, only erased 个人信息原值';
COMMENT ON COLUMN personal_datum.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN personal_datum.event_id IS 'Event 事件';
COMMENT ON COLUMN personal_datum.path IS 'Where in the event''s details it stands, a JSON pointer 位置';
COMMENT ON COLUMN personal_datum.subject_id IS 'Whom it tells of: the identifier beside it, a person''s for a name or a login 信息主体';
COMMENT ON COLUMN personal_datum.value IS 'The value 原值';
COMMENT ON COLUMN personal_datum.salt IS 'Random bytes of this one commitment, SHA-256(''lotline.personal-value/1'' || 0x00 || salt || value) 盐值';

ALTER TABLE person ADD COLUMN erased_at timestamptz;
COMMENT ON COLUMN person.erased_at IS 'When name and login were replaced by neutral ones 个人信息删除时间';

ALTER TABLE membership ADD COLUMN erased_at timestamptz;
COMMENT ON COLUMN membership.erased_at IS 'When what this organisation''s record tells of the person was erased 个人信息删除时间';
