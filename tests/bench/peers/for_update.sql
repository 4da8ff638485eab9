-- The decision is the client's, so the row stays locked while it is told the balance; what comes
-- behind the decision goes out at once.
BEGIN;
SELECT balance, floor, version FROM account WHERE id = :account FOR UPDATE \gset
\set total :balance + :amount
\set next :version + 1
\startpipeline
\if :total >= :floor
UPDATE account SET balance = :total, version = :next,
    last_id = lpad(to_hex(:id::bigint), 32, '0')::uuid WHERE id = :account;
INSERT INTO journal (command_id, account, asked, amount, balance, version, outcome)
    VALUES (lpad(to_hex(:id::bigint), 32, '0')::uuid, :account, :amount, :amount, :total, :next, 1);
\else
INSERT INTO journal (command_id, account, asked, amount, balance, version, outcome)
    VALUES (lpad(to_hex(:id::bigint), 32, '0')::uuid, :account, :amount, 0, :balance, :version, 2);
\endif
COMMIT;
\endpipeline
