-- Where a PDF lies this fails: evidence is not thrown away for an older form.
ALTER TABLE attachment DROP CONSTRAINT attachment_media_type_check;
ALTER TABLE attachment ADD CONSTRAINT attachment_media_type_check
    CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp'));
