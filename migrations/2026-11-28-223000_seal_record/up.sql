-- The record's log: events in the order in which they were sealed, what proofs are made from, and what was signed.
CREATE TABLE audit_unsealed (
    org_id uuid NOT NULL REFERENCES organisation (id),
    seq bigint GENERATED ALWAYS AS IDENTITY,
    event_id uuid NOT NULL,
    PRIMARY KEY (org_id, seq)
);
COMMENT ON TABLE audit_unsealed IS 'Events that wait for their place in the log; each is put here by the statement that writes it, so that none is skipped 待封存事件';
COMMENT ON COLUMN audit_unsealed.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN audit_unsealed.seq IS 'Order of writing: an event on a thing comes after the one before it on that thing 次序';
COMMENT ON COLUMN audit_unsealed.event_id IS 'Event 事件';

CREATE TABLE audit_log_leaf (
    org_id uuid NOT NULL REFERENCES organisation (id),
    log_index bigint NOT NULL CHECK (log_index >= 0),
    event_id uuid NOT NULL,
    leaf_hash bytea NOT NULL CHECK (length(leaf_hash) = 32),
    PRIMARY KEY (org_id, log_index),
    CONSTRAINT audit_log_leaf_event_key UNIQUE (org_id, event_id)
);
COMMENT ON TABLE audit_log_leaf IS 'The log: every event has one index, without gaps 记录日志';
COMMENT ON COLUMN audit_log_leaf.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN audit_log_leaf.log_index IS 'Index in the log, from 0 日志序号';
COMMENT ON COLUMN audit_log_leaf.event_id IS 'Event 事件';
COMMENT ON COLUMN audit_log_leaf.leaf_hash IS 'Hash of the event as it was sealed, an RFC 6962 leaf 叶散列';

CREATE TABLE audit_log_node (
    org_id uuid NOT NULL REFERENCES organisation (id),
    level smallint NOT NULL CHECK (level > 0 AND level % 8 = 0),
    node_index bigint NOT NULL CHECK (node_index >= 0),
    hash bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (org_id, level, node_index)
);
COMMENT ON TABLE audit_log_node IS 'Roots of the perfect trees over 256, 65536, … leaves, so that a proof reads few rows 散列树节点';
COMMENT ON COLUMN audit_log_node.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN audit_log_node.level IS 'Height above the leaves, in steps of 8 层';
COMMENT ON COLUMN audit_log_node.node_index IS 'Index at that height, from 0 节点序号';
COMMENT ON COLUMN audit_log_node.hash IS 'Root of the perfect tree 散列';

CREATE TABLE audit_log_key (
    org_id uuid NOT NULL REFERENCES organisation (id),
    number integer NOT NULL CHECK (number > 0),
    verifier_key text NOT NULL,
    event_id uuid,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, number),
    CHECK ((number = 1) = (event_id IS NULL))
);
COMMENT ON TABLE audit_log_key IS 'Public keys that sign the log; the secret ones are files outside the database 记录公钥';
COMMENT ON COLUMN audit_log_key.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN audit_log_key.number IS 'First, second … key 密钥序号';
COMMENT ON COLUMN audit_log_key.verifier_key IS 'Name, id and public key, as C2SP writes them; the name is the log''s 公钥';
COMMENT ON COLUMN audit_log_key.event_id IS 'The event that made it the log''s key; none for the first 更换事件';
COMMENT ON COLUMN audit_log_key.made_at IS 'When it was made 生成时间';

CREATE TABLE audit_log_checkpoint (
    org_id uuid NOT NULL REFERENCES organisation (id),
    size bigint NOT NULL CHECK (size > 0),
    root bytea NOT NULL CHECK (length(root) = 32),
    note text NOT NULL,
    key_number integer NOT NULL,
    signed_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, size),
    FOREIGN KEY (org_id, key_number) REFERENCES audit_log_key (org_id, number)
);
CREATE INDEX audit_log_checkpoint_key_number_idx ON audit_log_checkpoint (org_id, key_number);
COMMENT ON TABLE audit_log_checkpoint IS 'Signed heads of the log, each consistent with the one before 检查点';
COMMENT ON COLUMN audit_log_checkpoint.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN audit_log_checkpoint.size IS 'Leaves 日志长度';
COMMENT ON COLUMN audit_log_checkpoint.root IS 'Root of the tree 根散列';
COMMENT ON COLUMN audit_log_checkpoint.note IS 'The checkpoint as a C2SP signed note 签名文本';
COMMENT ON COLUMN audit_log_checkpoint.key_number IS 'Key that signed 签名密钥';
COMMENT ON COLUMN audit_log_checkpoint.signed_at IS 'When it was signed 签名时间';

CREATE TABLE audit_log_anchor (
    org_id uuid NOT NULL REFERENCES organisation (id),
    place text NOT NULL,
    size bigint NOT NULL,
    evidence text NOT NULL,
    anchored_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, place, size),
    FOREIGN KEY (org_id, size) REFERENCES audit_log_checkpoint (org_id, size)
);
CREATE INDEX audit_log_anchor_size_idx ON audit_log_anchor (org_id, size);
COMMENT ON TABLE audit_log_anchor IS 'Which checkpoints were laid down outside the database, and what was got for it 外部锚定';
COMMENT ON COLUMN audit_log_anchor.org_id IS 'The organisation (maker) that owns the row 所属组织';
COMMENT ON COLUMN audit_log_anchor.place IS 'Where: the folder, a witness, a time-stamping authority 锚定处';
COMMENT ON COLUMN audit_log_anchor.size IS 'Checkpoint 检查点';
COMMENT ON COLUMN audit_log_anchor.evidence IS 'A file''s name, a cosignature, or a time-stamp token in base64 凭证';
COMMENT ON COLUMN audit_log_anchor.anchored_at IS 'When 时间';

-- Whatever writes an event puts it into the queue, with it. The order of the queue is that of writing, which is not that
-- of commits; but on one thing the next event is only written once the one before it is there. Nobody writes between this
-- and the queueing of what was recorded before, so the trigger is made here and not with the others.
LOCK TABLE audit_event IN SHARE ROW EXCLUSIVE MODE;
CREATE FUNCTION queue_for_sealing() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN INSERT INTO audit_unsealed (org_id, event_id) SELECT org_id, id FROM written; RETURN NULL; END $$;
CREATE TRIGGER queue_for_sealing AFTER INSERT ON audit_event REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION queue_for_sealing();

-- What was recorded before there was a log comes into it in the order of its chains.
ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY;
INSERT INTO audit_unsealed (org_id, event_id)
SELECT org_id, id FROM (SELECT org_id, id, aggregate_seq,
        max(at) OVER (PARTITION BY org_id, aggregate_kind, aggregate_id ORDER BY aggregate_seq) AS settled_at
    FROM audit_event) e
ORDER BY settled_at, aggregate_seq, id;
