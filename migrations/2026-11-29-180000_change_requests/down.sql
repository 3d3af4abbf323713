DROP TABLE change_request;
