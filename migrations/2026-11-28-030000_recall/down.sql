DELETE FROM role_permission WHERE permission IN ('recall.view', 'recall.manage', 'recall.lift');
DROP TABLE recall_drill;
DROP TABLE recall_notice_line;
DROP TABLE recall_notice;
DROP TABLE recall_lot;
DROP TABLE recall;
