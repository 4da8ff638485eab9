-- An account's newest entries: a walk along the chain of previous rows, one btree probe each, in
-- the one partition that holds the account. The planner is told what the writers' sessions are
-- told: on a ledger that was never analysed it would read whole tables.
CREATE FUNCTION teller.history(name text, max_entries integer DEFAULT 50)
RETURNS TABLE (
    account text, version bigint, id uuid, type text, amount bigint, balance bigint,
    counterparty text, memo text, lane integer, log_offset bigint, at timestamptz
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_bitmapscan = off
AS $$
DECLARE
    head teller.account;
BEGIN
    SELECT a.* INTO head FROM teller.account a WHERE a.id = history.name;
    IF NOT FOUND OR max_entries < 1 THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format($query$
        WITH RECURSIVE chain AS (
            SELECT 1 AS depth, j.* FROM teller.%1$I j
             WHERE j.command_id = $1.last_id AND j.origin = $1.last_origin
               AND j.lane = $1.lane AND j.step = $1.last_step
            UNION ALL
            SELECT c.depth + 1, j.* FROM chain c, teller.%1$I j
             WHERE c.depth < $2 AND j.command_id = c.previous_id
               AND j.origin = c.previous_origin AND j.lane = c.lane AND j.step = c.previous_step)
        SELECT $1.id, c.version, c.command_id, teller.type_word(c.type, c.step), c.amount,
               c.balance,
               coalesce(CASE WHEN NOT teller.is_order(c.type, c.step) THEN c.counter END,
                        (SELECT o.id FROM teller.%2$I o WHERE o.number = c.counter_number),
                        teller.role_word(c.counter_role)),
               c.memo, c.lane::integer, c.log_offset, c.at
          FROM chain c ORDER BY c.depth$query$,
        'journal_' || head.lane, 'account_' || head.lane) USING head, max_entries;
END
$$;
COMMENT ON FUNCTION teller.history IS
    'The newest entries of one account, newest first, as in v1_entry: some 0.1 ms per entry.';
REVOKE ALL ON FUNCTION teller.history FROM PUBLIC;
GRANT EXECUTE ON FUNCTION teller.history TO teller_reader, teller_worker;
