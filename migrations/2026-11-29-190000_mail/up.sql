-- Notices by mail of what waits for somebody.

ALTER TABLE person ADD COLUMN email text CONSTRAINT person_email_check CHECK (length(email) BETWEEN 3 AND 254);
ALTER TABLE person ADD COLUMN mail_notices boolean NOT NULL DEFAULT false;
ALTER TABLE person ADD CONSTRAINT person_mail_notices_check CHECK (email IS NOT NULL OR NOT mail_notices);
COMMENT ON COLUMN person.email IS 'E-mail address, for notices alone; null: none 电子邮箱';
COMMENT ON COLUMN person.mail_notices IS 'Gets mails of what waits for them 邮件通知';

CREATE TABLE mail (
    org_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES person (id),
    approval_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('told', 'stuck', 'asked', 'overdue')),
    created_at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
    next_try_at timestamptz,
    sent_at timestamptz,
    given_up_at timestamptz,
    fault text CHECK (fault IN ('not_needed', 'no_address', 'refused', 'too_late')),
    last_error text NOT NULL DEFAULT '',
    PRIMARY KEY (org_id, id),
    CONSTRAINT mail_state_check CHECK (num_nonnulls(next_try_at, sent_at, given_up_at) = 1),
    CONSTRAINT mail_given_up_check CHECK ((given_up_at IS NULL) = (fault IS NULL)),
    FOREIGN KEY (org_id, approval_id) REFERENCES approval (org_id, id)
);
CREATE INDEX mail_person_id_idx ON mail (org_id, person_id);
CREATE INDEX mail_approval_id_idx ON mail (org_id, approval_id);
CREATE INDEX mail_next_try_at_idx ON mail (next_try_at) WHERE next_try_at IS NOT NULL;
COMMENT ON TABLE mail IS 'Notices by mail, written with what they are about and sent afterwards; no address, no text 邮件通知';
COMMENT ON COLUMN mail.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN mail.id IS 'Identifier 标识';
COMMENT ON COLUMN mail.person_id IS 'To whom; the address is read when it is sent 收件人';
COMMENT ON COLUMN mail.approval_id IS 'The approval that it leads to 审批';
COMMENT ON COLUMN mail.kind IS 'Why 通知原因';
COMMENT ON COLUMN mail.created_at IS 'When it was written 建立时间';
COMMENT ON COLUMN mail.tries IS 'How often it was tried 尝试次数';
COMMENT ON COLUMN mail.next_try_at IS 'When it is tried next; null: nothing more to do 下次尝试时间';
COMMENT ON COLUMN mail.sent_at IS 'When the mail server took it 发送时间';
COMMENT ON COLUMN mail.given_up_at IS 'When it was given up 放弃时间';
COMMENT ON COLUMN mail.fault IS 'Why it was given up 放弃原因';
COMMENT ON COLUMN mail.last_error IS 'What kept it from being sent, without the address 最近错误';
