-- Accounts, holds, and the lane's own accounts.
--
-- No index on a column that changes, so that updates are HOT; room in the page for them. The CHECKs
-- repeat what holds at every moment: code decides, a constraint that fires is a bug.

CREATE TABLE teller.account (
    number bigint NOT NULL,
    balance bigint NOT NULL,
    held bigint NOT NULL,
    floor bigint NOT NULL,
    ceiling bigint NOT NULL,
    version bigint NOT NULL,
    last_id uuid NOT NULL,
    last_step integer NOT NULL,
    last_origin smallint NOT NULL,
    lane smallint NOT NULL,
    state smallint NOT NULL,
    id text NOT NULL,
    currency text NOT NULL,
    PRIMARY KEY (number, lane),
    CONSTRAINT account_id UNIQUE (id, lane),
    CONSTRAINT account_available CHECK (held >= 0 AND balance - held >= floor),
    CONSTRAINT account_limits CHECK (floor <= 0 AND ceiling >= 0 AND version >= 1),
    CONSTRAINT account_state CHECK (state IN (1, 2) OR (state = 3 AND balance = 0 AND held = 0))
) PARTITION BY LIST (lane);
COMMENT ON TABLE teller.account IS 'Client accounts. state: 1 open, 2 frozen, 3 closed.';
COMMENT ON COLUMN teller.account.number IS 'From the lane row, within the lane; inside use only.';
COMMENT ON COLUMN teller.account.version IS 'Counts the steps that changed this row, from 1.';
COMMENT ON COLUMN teller.account.last_id IS
    'With last_origin and last_step: the journal row that made this version; head of the history.';

CREATE TABLE teller.hold (
    account_number bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    expires_at timestamptz NOT NULL,
    id uuid NOT NULL,
    origin smallint NOT NULL,
    lane smallint NOT NULL,
    state smallint NOT NULL CHECK (state BETWEEN 1 AND 4),
    kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 3),
    PRIMARY KEY (id, origin, lane)
) PARTITION BY LIST (lane);
-- Holds of sales never expire, and so cost no entry here.
CREATE INDEX hold_due ON teller.hold (expires_at, id)
    WHERE state = 1 AND expires_at < 'infinity';
COMMENT ON TABLE teller.hold IS
    'Money held. state: 1 open, 2 captured, 3 released, 4 expired. kind: 1 client, 2 purchase, '
    '3 subscription.';
COMMENT ON COLUMN teller.hold.expires_at IS 'In lane time; infinity: never.';

CREATE TABLE teller.system_account (
    balance numeric NOT NULL,
    lane smallint NOT NULL,
    role smallint NOT NULL CHECK (role BETWEEN 1 AND 4),
    asset text NOT NULL,
    PRIMARY KEY (role, asset, lane)
) PARTITION BY LIST (lane);
COMMENT ON TABLE teller.system_account IS
    'The other side of every posting. role: 1 @world, 2 @transit, 3 @sales, 4 @suspense.';
