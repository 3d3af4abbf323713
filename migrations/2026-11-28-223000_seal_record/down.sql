DROP TRIGGER queue_for_sealing ON audit_event;
DROP FUNCTION queue_for_sealing();
DROP TABLE audit_log_anchor;
DROP TABLE audit_log_checkpoint;
DROP TABLE audit_log_key;
DROP TABLE audit_log_node;
DROP TABLE audit_log_leaf;
DROP TABLE audit_unsealed;
