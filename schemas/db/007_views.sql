-- The public read interface. Columns may be added, never changed or taken away. Readers wait for
-- nobody, and see each commit whole.

-- Words for the numbers that tables store: command.h, outcome.h, rows.h. All lists are open to
-- readers: new words may come.
CREATE FUNCTION teller.type_word(type smallint, step integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN step = 32 THEN 'expiry' ELSE
        CASE type
        WHEN 1 THEN 'account.open' WHEN 2 THEN 'account.close' WHEN 3 THEN 'account.freeze'
        WHEN 4 THEN 'account.unfreeze' WHEN 5 THEN 'deposit' WHEN 6 THEN 'withdraw'
        WHEN 7 THEN 'hold' WHEN 8 THEN 'capture' WHEN 9 THEN 'release' WHEN 10 THEN 'reverse'
        WHEN 11 THEN 'group' END END
$$;

CREATE FUNCTION teller.outcome_word(outcome smallint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE outcome
        WHEN 0 THEN 'applied' WHEN 1 THEN 'pending' WHEN 10 THEN 'id_conflict'
        WHEN 11 THEN 'no_such_account' WHEN 12 THEN 'account_exists'
        WHEN 13 THEN 'account_closed' WHEN 14 THEN 'account_frozen'
        WHEN 15 THEN 'account_not_empty' WHEN 16 THEN 'currency_mismatch'
        WHEN 17 THEN 'version_mismatch' WHEN 18 THEN 'insufficient_funds'
        WHEN 19 THEN 'ceiling_exceeded' WHEN 20 THEN 'overflow' WHEN 21 THEN 'no_such_product'
        WHEN 22 THEN 'product_exists' WHEN 23 THEN 'out_of_stock' WHEN 24 THEN 'price_changed'
        WHEN 25 THEN 'already_finalized' WHEN 26 THEN 'not_finalizable'
        WHEN 27 THEN 'cap_exceeded' WHEN 28 THEN 'no_such_hold' WHEN 29 THEN 'hold_expired'
        WHEN 30 THEN 'hold_settled' WHEN 31 THEN 'no_such_command'
        WHEN 32 THEN 'already_reversed' WHEN 33 THEN 'not_reversible'
        WHEN 34 THEN 'same_account' WHEN 35 THEN 'group_failed' WHEN 36 THEN 'id_expired'
        WHEN 100 THEN 'malformed' WHEN 101 THEN 'unsupported_version'
        WHEN 102 THEN 'unknown_type' WHEN 103 THEN 'invalid_field' WHEN 104 THEN 'too_large'
        WHEN 105 THEN 'misrouted' WHEN 106 THEN 'forged_leg' END
$$;

CREATE FUNCTION teller.outcome_state(outcome smallint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN outcome = 0 THEN 'applied' WHEN outcome = 1 THEN 'pending'
                WHEN outcome < 100 THEN 'rejected' ELSE 'quarantined' END
$$;

CREATE FUNCTION teller.role_word(role smallint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE role WHEN 1 THEN '@world' WHEN 2 THEN '@transit' WHEN 3 THEN '@sales'
                     WHEN 4 THEN '@suspense' END
$$;

CREATE VIEW teller.v1_account AS
    SELECT id AS account, currency, balance, held, balance - held - floor AS available, floor,
           ceiling, CASE state WHEN 1 THEN 'open' WHEN 2 THEN 'frozen' WHEN 3 THEN 'closed' END
           AS state, version, lane::integer AS lane
      FROM teller.account;
COMMENT ON VIEW teller.v1_account IS
    'Client accounts; amounts in minor units. By account: one index probe per lane.';

CREATE VIEW teller.v1_system AS
    SELECT teller.role_word(role) AS role, asset AS currency, balance, lane::integer AS lane
      FROM teller.system_account;
COMMENT ON VIEW teller.v1_system IS
    'The lanes'' own accounts. With v1_account they sum to 0 per currency at every moment.';

CREATE VIEW teller.v1_product AS
    SELECT id AS product, currency, price, stock, sold,
           CASE mode WHEN 1 THEN 'sale' WHEN 2 THEN 'subscription' END AS mode,
           CASE state WHEN 1 THEN 'open' WHEN 2 THEN 'finalized' END AS state,
           cap_per_account, cap, seller, lane::integer AS lane
      FROM teller.product;
COMMENT ON VIEW teller.v1_product IS 'Products. By product: one index probe per lane.';

CREATE VIEW teller.v1_outcome AS
    SELECT j.command_id AS id, teller.type_word(j.type, 0) AS type,
           CASE WHEN j.type < 30 THEN coalesce(j.account, a.id) END AS account,
           CASE WHEN j.type >= 30 THEN coalesce(j.account, p.id) END AS product,
           teller.outcome_state(coalesce(f.outcome, j.outcome)) AS state,
           CASE WHEN coalesce(f.outcome, j.outcome) >= 10
                THEN teller.outcome_word(coalesce(f.outcome, j.outcome)) END AS reason,
           coalesce(f.detail, j.detail) AS detail,
           CASE WHEN f.lane IS NULL AND j.account_number IS NOT NULL THEN j.balance END AS balance,
           CASE WHEN f.lane IS NULL AND j.account_number IS NOT NULL THEN j.version END AS version,
           j.lane::integer AS lane, j.log_offset, coalesce(f.at, j.at) AS at
      FROM teller.journal j
      LEFT JOIN teller.account a
             ON j.type < 30 AND a.number = j.account_number AND a.lane = j.lane
      LEFT JOIN teller.product p
             ON j.type >= 30 AND p.number = j.account_number AND p.lane = j.lane
      LEFT JOIN LATERAL (
            -- The last word of a command under way: a refusal anywhere, else its last credit.
            SELECT s.outcome, s.detail, s.at, s.lane FROM teller.journal s
             WHERE s.command_id = j.command_id AND s.origin = j.origin
               AND s.step BETWEEN 1 AND 5 AND s.outcome <> 1
             ORDER BY s.outcome DESC, s.step DESC LIMIT 1) f ON j.outcome = 1
     WHERE j.step = 0 AND j.origin = j.lane;
COMMENT ON VIEW teller.v1_outcome IS
    'One row per client record that claimed its id. By id: one index probe per lane.';

CREATE VIEW teller.v1_entry AS
    SELECT a.id AS account, j.version, j.command_id AS id,
           teller.type_word(j.type, j.step) AS type,
           j.amount, j.balance,
           coalesce(teller.role_word(j.counter_role), j.counter, c.id) AS counterparty, j.memo,
           j.lane::integer AS lane, j.log_offset, j.at
      FROM teller.journal j
      JOIN teller.account a ON a.number = j.account_number AND a.lane = j.lane
      LEFT JOIN teller.account c ON c.number = j.counter_number AND c.lane = j.lane
     WHERE j.previous_id IS NOT NULL OR (j.version = 1 AND j.type = 1 AND j.outcome = 0);
COMMENT ON VIEW teller.v1_entry IS
    'Every step that changed an account; amount is signed. By account this reads the whole '
    'journal: use teller.history(account, limit).';

CREATE VIEW teller.v1_quarantine AS
    SELECT lane::integer AS lane, log_offset, id, key, value,
           teller.outcome_word(reason) AS reason, detail, at
      FROM teller.quarantine;
COMMENT ON VIEW teller.v1_quarantine IS
    'Records that were not applied, with the first 4 KiB of their bytes.';

CREATE VIEW teller.v1_lag AS
    SELECT lane::integer AS lane, nullif(owner, '00000000-0000-0000-0000-000000000000') AS owner,
           epoch, next_offset,
           CASE state WHEN 0 THEN 'running' WHEN 1 THEN 'gap' WHEN 2 THEN 'identity'
                      WHEN 3 THEN 'newer' WHEN 4 THEN 'timestamp' WHEN 5 THEN 'contended'
                      WHEN 6 THEN 'database' END AS state,
           lane_time AS at
      FROM teller.lane;
COMMENT ON VIEW teller.v1_lag IS
    'Where each lane stands in the log; at: timestamp of the newest record that was applied.';

GRANT SELECT ON teller.v1_account, teller.v1_system, teller.v1_product, teller.v1_outcome,
    teller.v1_entry, teller.v1_quarantine, teller.v1_lag TO teller_reader, teller_worker;
