-- Products, their subscriptions, and what each buyer has of them.

CREATE TABLE teller.product (
    number bigint NOT NULL,
    price bigint NOT NULL CHECK (price >= 1),
    stock bigint NOT NULL CHECK (stock >= 0),
    sold bigint NOT NULL CHECK (sold >= 0),
    subscribed bigint NOT NULL CHECK (subscribed >= 0),
    cap bigint CHECK (cap >= 1),
    cap_per_account bigint CHECK (cap_per_account >= 1),
    version bigint NOT NULL CHECK (version >= 1),
    next_subscription bigint NOT NULL DEFAULT 1,
    allot_total bigint,
    allot_remainder numeric,
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
    CONSTRAINT product_cap CHECK (cap IS NULL OR subscribed <= cap)
) PARTITION BY LIST (lane);
COMMENT ON TABLE teller.product IS
    'Products. mode: 1 sale, 2 subscription. state: 1 open, 2 finalized.';
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
    state smallint NOT NULL CHECK (state BETWEEN 1 AND 3),
    account text NOT NULL,
    PRIMARY KEY (id, origin, lane)
) PARTITION BY LIST (lane);
CREATE INDEX subscription_order ON teller.subscription (product_number, number);
COMMENT ON TABLE teller.subscription IS
    'Subscriptions, in the product''s lane. state: 1 open, 2 cancelled, 3 settled.';

CREATE TABLE teller.buyer (
    product_number bigint NOT NULL,
    quantity bigint NOT NULL CHECK (quantity >= 0),
    lane smallint NOT NULL,
    account text NOT NULL,
    PRIMARY KEY (product_number, account, lane)
) PARTITION BY LIST (lane);
COMMENT ON TABLE teller.buyer IS 'Units of a product that an account has: for cap_per_account.';
