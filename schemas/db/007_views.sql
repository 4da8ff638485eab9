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
        WHEN 11 THEN 'group' WHEN 20 THEN 'transfer' WHEN 30 THEN 'product.create'
        WHEN 31 THEN 'product.restock' WHEN 32 THEN 'product.price'
        WHEN 33 THEN 'product.finalize' WHEN 40 THEN 'purchase' WHEN 41 THEN 'subscribe'
        WHEN 42 THEN 'unsubscribe' END END
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

CREATE FUNCTION teller.step_word(step integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE step WHEN 1 THEN 'credit' WHEN 2 THEN 'return' WHEN 3 THEN 'sell'
                     WHEN 4 THEN 'settle' WHEN 5 THEN 'cancel'
                     ELSE CASE WHEN step >= 65536 THEN 'chunk' END END
$$;

-- The client's own row of a purchase, subscribe or unsubscribe: its counter is the product.
CREATE FUNCTION teller.is_order(type smallint, step integer) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT type IN (40, 41, 42) AND step = 0
$$;

-- What decided a command that is under way, and where its last step lies: consumer/core/saga.h. By
-- (id, origin) in whichever lane, so one index probe per lane for each of the two steps.
--   transfer, capture with `to`, reverse:  CREDIT decides; if refused, it ends with RETURN
--   purchase:                              SELL decides; it ends with SETTLE
--   subscribe:                             SELL decides; if refused, it ends with SETTLE
--   unsubscribe:                           CANCEL decides
CREATE FUNCTION teller.deciding_step(type smallint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN type IN (8, 10, 20) THEN 1 WHEN type IN (40, 41) THEN 3
                WHEN type = 42 THEN 5 END
$$;

CREATE FUNCTION teller.ending_step(type smallint, decision smallint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN type = 40 OR (type = 41 AND decision <> 0) THEN 4
                WHEN type IN (8, 10, 20) AND decision <> 0 THEN 2
                ELSE teller.deciding_step(type) END
$$;

-- The chunk with which an allotment among so many subscriptions ends. Each settles the next 500,
-- and a full one asks for another.
CREATE FUNCTION teller.last_chunk(subscriptions bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 65536 + subscriptions / 500
$$;

-- Allotments that go on: the next chunk, and the row that told it (the finalize, or the chunk
-- before it). A finalized product never changes, so its last row is the finalize.
CREATE VIEW teller.open_chunk AS
    SELECT p.last_id AS id, p.last_origin AS origin, p.lane,
           greatest(j.step + 1, 65536) AS step, j.log_offset, j.at
      FROM teller.product p
     CROSS JOIN LATERAL (
            SELECT e.step, e.log_offset, e.at FROM teller.journal e
             WHERE e.command_id = p.last_id AND e.origin = p.last_origin AND e.lane = p.lane
             ORDER BY e.step DESC LIMIT 1) j
     WHERE p.allot_total > 0 AND j.step < teller.last_chunk(p.next_subscription - 1);
COMMENT ON VIEW teller.open_chunk IS 'Inside use: for v1_in_flight and tellerd verify.';
GRANT SELECT ON teller.open_chunk TO teller_worker;

CREATE VIEW teller.v1_outcome AS
    SELECT j.command_id AS id, teller.type_word(j.type, 0) AS type,
           CASE WHEN j.type NOT BETWEEN 30 AND 33 THEN coalesce(j.account, a.id) END AS account,
           CASE WHEN j.type BETWEEN 30 AND 33 THEN coalesce(j.account, p.id)
                WHEN teller.is_order(j.type, j.step) THEN j.counter END AS product,
           teller.outcome_state(w.outcome) AS state,
           CASE WHEN w.outcome >= 10 THEN teller.outcome_word(w.outcome) END AS reason,
           CASE WHEN f.ended THEN f.detail ELSE j.detail END AS detail,
           CASE WHEN w.lane = j.lane AND f.account_number = j.account_number THEN f.balance
                WHEN w.lane = j.lane AND j.account_number IS NOT NULL THEN j.balance END
           AS balance,
           CASE WHEN w.lane = j.lane AND f.account_number = j.account_number THEN f.version
                WHEN w.lane = j.lane AND j.account_number IS NOT NULL THEN j.version END
           AS version,
           j.lane::integer AS lane, j.log_offset, coalesce(f.at, j.at) AS at
      FROM teller.journal j
      LEFT JOIN teller.account a ON a.number = j.account_number AND a.lane = j.lane
      LEFT JOIN teller.product p
             ON j.type BETWEEN 30 AND 33 AND p.number = j.account_number AND p.lane = j.lane
      LEFT JOIN LATERAL (
            SELECT true AS ended, d.outcome, d.detail, e.at, e.lane, e.account_number, e.balance,
                   e.version
              FROM teller.journal d
              JOIN teller.journal e ON e.command_id = d.command_id AND e.origin = d.origin
                   AND e.step = teller.ending_step(j.type, d.outcome)
             WHERE d.command_id = j.command_id AND d.origin = j.origin
               AND d.step = teller.deciding_step(j.type)) f ON j.outcome = 1
     CROSS JOIN LATERAL (
            SELECT coalesce(f.outcome, j.outcome) AS outcome, coalesce(f.lane, j.lane) AS lane) w
     WHERE j.step = 0 AND j.origin = j.lane;
COMMENT ON VIEW teller.v1_outcome IS
    'One row per client record that claimed its id. By id: one index probe per lane, three for a '
    'command that was under way. balance and version are NULL where its last step lies in another '
    'lane.';

-- Legs under way: told to a lane by a commit, and not yet taken there.
CREATE VIEW teller.v1_in_flight AS
    SELECT j.command_id AS id, teller.type_word(j.type, 0) AS type,
           teller.step_word(w.step) AS waits_for, j.lane::integer AS lane, j.log_offset, j.at,
           now() - j.at AS age
      FROM teller.journal j
      LEFT JOIN teller.journal d ON d.command_id = j.command_id AND d.origin = j.origin
           AND d.step = teller.deciding_step(j.type)
     CROSS JOIN LATERAL (
            SELECT CASE WHEN d.outcome IS NULL THEN teller.deciding_step(j.type)
                        ELSE teller.ending_step(j.type, d.outcome) END AS step) w
     WHERE j.outcome = 1 AND j.step = 0
       AND NOT EXISTS (SELECT FROM teller.journal e WHERE e.command_id = j.command_id
                          AND e.origin = j.origin AND e.step = w.step)
    UNION ALL
    -- A seller's money, captured by a settlement.
    SELECT j.command_id, teller.type_word(j.type, 0), teller.step_word(1), j.lane, j.log_offset,
           j.at, now() - j.at
      FROM teller.journal j
     WHERE j.step = 4 AND j.counter_role = 2
       AND NOT EXISTS (SELECT FROM teller.journal e WHERE e.command_id = j.command_id
                          AND e.origin = j.origin AND e.step = 1)
    UNION ALL
    -- The settlement of a subscription that was cancelled or allotted.
    SELECT s.id, teller.type_word(41::smallint, 0), teller.step_word(4), s.lane, j.log_offset,
           j.at, now() - j.at
      FROM teller.subscription s
      JOIN teller.product p ON p.number = s.product_number AND p.lane = s.lane
      JOIN teller.journal j ON j.command_id = p.last_id AND j.origin = p.last_origin
           AND j.step = p.last_step AND j.lane = p.lane
     WHERE s.state <> 1
       AND NOT EXISTS (SELECT FROM teller.journal e WHERE e.command_id = s.id
                          AND e.origin = s.origin AND e.step = 4)
    UNION ALL
    -- The next chunk of an allotment.
    SELECT c.id, teller.type_word(33::smallint, 0), teller.step_word(c.step), c.lane, c.log_offset,
           c.at, now() - c.at
      FROM teller.open_chunk c;
COMMENT ON VIEW teller.v1_in_flight IS
    'Legs under way: told by a lane that has committed, not yet taken by the next. at: of the step '
    'that told it (of a subscription: of the last change of its product, which is no earlier). '
    'Reads the whole journal unless lane and log_offset are bounded.';

CREATE VIEW teller.v1_entry AS
    SELECT a.id AS account, j.version, j.command_id AS id,
           teller.type_word(j.type, j.step) AS type,
           j.amount, j.balance,
           coalesce(CASE WHEN NOT teller.is_order(j.type, j.step) THEN j.counter END, c.id,
                    teller.role_word(j.counter_role)) AS counterparty, j.memo,
           j.lane::integer AS lane, j.log_offset, j.at
      FROM teller.journal j
      JOIN teller.account a ON a.number = j.account_number AND a.lane = j.lane
      LEFT JOIN teller.account c ON c.number = j.counter_number AND c.lane = j.lane
     WHERE j.previous_id IS NOT NULL OR (j.version = 1 AND j.type = 1 AND j.outcome = 0);
COMMENT ON VIEW teller.v1_entry IS
    'Every step that changed an account (products are not in it); amount is signed. counterparty: '
    'the account on the other side, else the system account. By account this reads the whole '
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
    teller.v1_in_flight, teller.v1_entry, teller.v1_quarantine, teller.v1_lag
    TO teller_reader, teller_worker;
