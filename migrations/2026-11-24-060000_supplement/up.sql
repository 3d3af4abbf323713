ALTER TABLE requisition ADD CONSTRAINT requisition_reason_code_check
    CHECK (reason_code IN ('', 'process_loss', 'defective', 'lost', 'damaged', 'set_up', 'change', 'other')),
    ADD CONSTRAINT requisition_supplement_check CHECK ((kind = 'supplement') = (reason_code <> ''));
