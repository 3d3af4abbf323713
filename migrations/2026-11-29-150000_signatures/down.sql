DROP TABLE signing_failure;
DROP TABLE signature;
DROP TABLE signing_key;
DROP TABLE signing_request;
DROP TABLE authenticator;
DROP TABLE passkey;
ALTER TABLE person DROP COLUMN password_reset_at;
ALTER TABLE organisation DROP COLUMN second_factor_to_sign;
