DROP TABLE access_entry;
