-- One statement, which is a transaction of its own.
WITH given AS (SELECT lpad(to_hex(:id::bigint), 32, '0')::uuid AS command),
moved AS (
    UPDATE account SET balance = balance + :amount, version = version + 1,
        last_id = (SELECT command FROM given)
    WHERE id = :account AND balance + :amount >= floor RETURNING balance, version)
INSERT INTO journal (command_id, account, asked, amount, balance, version, outcome)
    SELECT command, :account, :amount, CASE WHEN version IS NULL THEN 0 ELSE :amount::bigint END,
        balance, version, CASE WHEN version IS NULL THEN 2 ELSE 1 END
    FROM given LEFT JOIN moved ON true;
