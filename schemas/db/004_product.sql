-- Products, their subscriptions, and what each buyer has of them.

CREATE TABLE teller.product (
    number bigint NOT NULL,
    price bigint NOT NULL CHECK (price >= 1),
    stock bigint NOT NULL,
    sold bigint NOT NULL,
    subscribed bigint NOT NULL,
    cap bigint CHECK (cap >= 1),
    cap_per_account bigint CHECK (cap_per_account >= 1),
    version bigint NOT NULL CHECK (version >= 1),
    next_subscription bigint NOT NULL CHECK (next_subscription >= 1),
    allot_total bigint,
    allot_remainder bigint,
    allot_number bigint,
    last_id uuid NOT NULL,
    last_step integer NOT NULL,
    last_origin smallint NOT NULL,
    lane smallint NOT NULL,
    mode smallint NOT NULL CHECK (mode IN (1, 2)),
    state smallint NOT NULL CHECK (state IN (1, 2)),
    id text NOT NULL,
    currency text NOT NULL,
    seller text,
    PRIMARY KEY (number, lane),
    CONSTRAINT product_id UNIQUE (id, lane),
    CONSTRAINT product_units CHECK (stock >= 0 AND sold >= 0 AND subscribed >= 0),
    CONSTRAINT product_cap CHECK (cap IS NULL OR subscribed <= cap),
    -- Allotted when finalized, once: nobody gets more than there was, or than was asked for.
    CONSTRAINT product_allotted CHECK (allot_total IS NULL OR
        (mode = 2 AND state = 2 AND allot_total = subscribed AND sold <= allot_total
         AND allot_remainder BETWEEN 0 AND allot_total AND allot_number >= 0))
) PARTITION BY LIST (lane);
COMMENT ON TABLE teller.product IS
    'Products. mode: 1 sale, 2 subscription. state: 1 open, 2 finalized.';
COMMENT ON COLUMN teller.product.number IS
    'From the lane row, in one sequence with the accounts: account_number of a journal row is of '
    'either.';
COMMENT ON COLUMN teller.product.stock IS
    'Units that can be sold or allotted. With sold: all that was ever created and restocked.';
COMMENT ON COLUMN teller.product.subscribed IS 'Units of open subscriptions; kept when finalized.';
COMMENT ON COLUMN teller.product.allot_total IS
    'Units subscribed when it was finalized; with allot_remainder and allot_number (the last '
    'subscription that gets a unit more at that remainder) every share can be derived.';

CREATE TABLE teller.subscription (
    number bigint NOT NULL,
    product_number bigint NOT NULL,
    quantity bigint NOT NULL CHECK (quantity >= 1),
    price bigint NOT NULL CHECK (price >= 1),
    allotted bigint CHECK (allotted BETWEEN 0 AND quantity),
    id uuid NOT NULL,
    origin smallint NOT NULL,
    lane smallint NOT NULL,
    state smallint NOT NULL,
    account text NOT NULL,
    PRIMARY KEY (id, origin, lane),
    CONSTRAINT subscription_state
        CHECK (state IN (1, 2) AND allotted IS NULL OR state = 3 AND allotted IS NOT NULL)
) PARTITION BY LIST (lane);
-- Nothing in it changes, so that settling is HOT.
CREATE INDEX subscription_order ON teller.subscription (product_number, number);
COMMENT ON TABLE teller.subscription IS
    'Subscriptions, in the product''s lane. state: 1 open, 2 cancelled, 3 settled.';
COMMENT ON COLUMN teller.subscription.number IS
    'Order of acceptance within the product, from 1: decides ties of an allotment.';
COMMENT ON COLUMN teller.subscription.allotted IS 'Units it got; NULL until it is settled.';

CREATE TABLE teller.buyer (
    product_number bigint NOT NULL,
    quantity bigint NOT NULL CHECK (quantity >= 0),
    lane smallint NOT NULL,
    account text NOT NULL,
    PRIMARY KEY (product_number, account, lane)
) PARTITION BY LIST (lane);
COMMENT ON TABLE teller.buyer IS 'Units of a product that an account has: for cap_per_account.';
