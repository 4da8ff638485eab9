-- What was done, and what could not be understood: written once, never changed (by privilege).

CREATE TABLE teller.journal (
    log_offset bigint NOT NULL,
    at timestamptz NOT NULL,
    account_number bigint,
    amount bigint NOT NULL,
    held_delta bigint NOT NULL,
    balance bigint NOT NULL,
    held bigint NOT NULL,
    version bigint NOT NULL,
    counter_number bigint,
    price bigint,
    step integer NOT NULL,
    previous_step integer,
    origin smallint NOT NULL,
    lane smallint NOT NULL,
    type smallint NOT NULL,
    outcome smallint NOT NULL,
    counter_role smallint,
    previous_origin smallint,
    command_id uuid NOT NULL,
    previous_id uuid,
    hash bytea NOT NULL,
    detail text,
    account text,
    counter text,
    asset text,
    source text,
    memo text,
    -- The dedupe guard and the only btree (another costs 15-35 % of all throughput). Time-ordered
    -- ids keep it dense; the lane is not in front, since readers know an id and not its lane.
    PRIMARY KEY (command_id, origin, lane, step),
    CONSTRAINT journal_client_in_its_lane CHECK (step <> 0 OR origin = lane)
) PARTITION BY LIST (lane);
-- Rows lie in log order, so block ranges are enough to find a position of the log.
CREATE INDEX journal_log ON teller.journal USING brin (log_offset) WITH (autosummarize = on);
COMMENT ON TABLE teller.journal IS 'One row per step that was applied or rejected; append-only.';
COMMENT ON COLUMN teller.journal.log_offset IS 'Record of the commands topic that did it.';
COMMENT ON COLUMN teller.journal.account_number IS
    'The account or product that the step is about (one sequence of numbers). NULL: there is none '
    'of that name (see account), or money went to @suspense.';
COMMENT ON COLUMN teller.journal.amount IS
    'Change of the balance, signed, in minor units. On a product: change of the stock, in units.';
COMMENT ON COLUMN teller.journal.held_delta IS
    'Change of what is held, signed. On a product: units sold or allotted.';
COMMENT ON COLUMN teller.journal.balance IS
    'After the step; held and version likewise. On a product: its stock, and what is sold.';
COMMENT ON COLUMN teller.journal.price IS 'Of one piece, where the step is about a product.';
COMMENT ON COLUMN teller.journal.counter_number IS 'The other side, where it is in this lane.';
COMMENT ON COLUMN teller.journal.counter_role IS 'The other side, where it is a system account.';
COMMENT ON COLUMN teller.journal.counter IS
    'The account on the other side of a multi-lane command; on a product: whose command it was; of '
    'an order (step 0 of purchase, subscribe, unsubscribe): the product.';
COMMENT ON COLUMN teller.journal.previous_id IS
    'With previous_origin and previous_step: the row before it in the account''s history. NULL for '
    'the first row, and for rows that are in no history (rejected, or moving nothing).';
COMMENT ON COLUMN teller.journal.hash IS 'Of the payload: tells a repeated id from a conflict.';
COMMENT ON COLUMN teller.journal.asset IS 'Where money moves without a client account of ours.';
COMMENT ON COLUMN teller.journal.source IS 'ce_source: who asked.';

CREATE TABLE teller.quarantine (
    log_offset bigint NOT NULL,
    at timestamptz NOT NULL,
    key_length bigint NOT NULL,
    value_length bigint NOT NULL,
    lane smallint NOT NULL,
    reason smallint NOT NULL,
    id uuid,
    digest bytea NOT NULL,
    detail text,
    key bytea,
    value bytea,
    PRIMARY KEY (log_offset, lane)
) PARTITION BY LIST (lane);
COMMENT ON TABLE teller.quarantine IS
    'Records that could not be understood, and ids that came with two payloads; append-only.';
COMMENT ON COLUMN teller.quarantine.value IS
    'First 4 KiB, as key; value_length and key_length are the full ones, -1: absent.';
COMMENT ON COLUMN teller.quarantine.digest IS 'SHA-256 of the whole value.';

CREATE TABLE teller.seal (
    number bigint NOT NULL,
    first_offset bigint NOT NULL,
    last_offset bigint NOT NULL,
    lane smallint NOT NULL,
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    PRIMARY KEY (number, lane)
) PARTITION BY LIST (lane);
COMMENT ON TABLE teller.seal IS
    'Per batch: SHA-256 over the previous seal and the batch''s journal and quarantine rows.';
