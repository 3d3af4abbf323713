-- Files laid as evidence can be documents, not only pictures.

ALTER TABLE attachment DROP CONSTRAINT attachment_media_type_check;
ALTER TABLE attachment ADD CONSTRAINT attachment_media_type_check
    CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp', 'application/pdf'));
