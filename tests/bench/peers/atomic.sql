-- One round trip: the database decides, and the journal reads from the row what it has decided.
-- pgbench prepares a script's statements at its first one, which it cannot do inside a pipeline.
\if :n = 1
SELECT 1;
\endif
\startpipeline
BEGIN;
UPDATE account SET balance = balance + :amount, version = version + 1,
    last_id = lpad(to_hex(:id::bigint), 32, '0')::uuid
    WHERE id = :account AND balance + :amount >= floor;
INSERT INTO journal (command_id, account, asked, amount, balance, version, outcome)
    SELECT command, id, :amount, CASE WHEN last_id = command THEN :amount::bigint ELSE 0 END,
        balance, version, CASE WHEN last_id = command THEN 1 ELSE 2 END
    FROM account, (SELECT lpad(to_hex(:id::bigint), 32, '0')::uuid AS command) AS given
    WHERE id = :account;
COMMIT;
\endpipeline
