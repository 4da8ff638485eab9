-- What must hold at every commit, as queries: no row on a sound ledger, otherwise the
-- rows that break it. `tellerd verify` checks the same lane by lane, and the seals, which need
-- SHA-256 over rows. These are for a person with psql. Each reads all of a table: run them in one
-- REPEATABLE READ transaction on a ledger that is busy, best on a standby.

-- Money is conserved: all accounts of an asset, system accounts and money in flight included, sum
-- to 0.
SELECT 'sum is not 0' AS broken, currency, sum(balance) AS sum
  FROM (SELECT currency, balance::numeric FROM teller.account
        UNION ALL SELECT asset, balance FROM teller.system_account) AS every_account
 GROUP BY currency HAVING sum(balance) <> 0;

-- A balance is the sum of its account's journal rows, and so is what is held.
SELECT 'balance is not the journal' AS broken, a.lane, a.id, a.balance, a.held,
       coalesce(j.amount, 0) AS journal_balance, coalesce(j.held, 0) AS journal_held
  FROM teller.account a
  LEFT JOIN (SELECT lane, account_number, sum(amount) AS amount, sum(held_delta) AS held
               FROM teller.journal GROUP BY lane, account_number) j
    ON j.lane = a.lane AND j.account_number = a.number
 WHERE a.balance <> coalesce(j.amount, 0) OR a.held <> coalesce(j.held, 0);

-- Every posting has its other side: a system account has what the journal took from, or gave to,
-- client accounts against it.
SELECT 'system account is not the journal' AS broken, lane, role, asset, sum(balance) AS difference
  FROM (SELECT lane, role, asset, balance FROM teller.system_account
        UNION ALL
        SELECT j.lane, j.counter_role, coalesce(j.asset, a.currency), j.amount
          FROM teller.journal j
          LEFT JOIN teller.account a ON a.lane = j.lane AND a.number = j.account_number
         WHERE j.counter_role IS NOT NULL AND j.amount <> 0
        UNION ALL -- without an account of ours: from the counter role to @suspense
        SELECT j.lane, 4, j.asset, -j.amount
          FROM teller.journal j
         WHERE j.counter_role IS NOT NULL AND j.account_number IS NULL) AS both_sides
 GROUP BY lane, role, asset HAVING sum(balance) <> 0;

-- Versions have no gap: the rows of an account's history are as many as its version says.
SELECT 'version has a gap' AS broken, a.lane, a.id, a.version, count(j.version) AS entries
  FROM teller.account a
  LEFT JOIN teller.v1_entry j ON j.account = a.id AND j.lane = a.lane
 GROUP BY a.lane, a.id, a.version
HAVING count(DISTINCT j.version) <> a.version OR count(j.version) <> a.version
    OR max(j.version) <> a.version;

-- What an account holds is the sum of its open holds.
SELECT 'held is not the holds' AS broken, a.lane, a.id, a.held, coalesce(h.amount, 0) AS open_holds
  FROM teller.account a
  LEFT JOIN (SELECT lane, account_number, sum(amount) AS amount FROM teller.hold WHERE state = 1
              GROUP BY lane, account_number) h
    ON h.lane = a.lane AND h.account_number = a.number
 WHERE a.held <> coalesce(h.amount, 0);

-- Stock and what is sold are the product's journal rows, and so is its version.
SELECT 'product is not the journal' AS broken, p.lane, p.id, p.stock, p.sold, p.version,
       j.stock AS journal_stock, j.sold AS journal_sold, j.version AS journal_version
  FROM teller.product p
  LEFT JOIN (SELECT lane, account_number, sum(amount) AS stock, sum(held_delta) AS sold,
                    max(version) AS version
               FROM teller.journal GROUP BY lane, account_number) j
    ON j.lane = p.lane AND j.account_number = p.number
 WHERE (p.stock, p.sold, p.version) IS DISTINCT FROM (j.stock, j.sold, j.version);

-- Units subscribed are those of subscriptions that were not cancelled.
SELECT 'subscribed is not the subscriptions' AS broken, p.lane, p.id, p.subscribed,
       coalesce(s.quantity, 0) AS subscriptions
  FROM teller.product p
  LEFT JOIN (SELECT lane, product_number, sum(quantity) AS quantity FROM teller.subscription
              WHERE state <> 2 GROUP BY lane, product_number) s
    ON s.lane = p.lane AND s.product_number = p.number
 WHERE p.subscribed <> coalesce(s.quantity, 0);

-- An allotment that is through has given away exactly what its product has sold.
SELECT 'shares do not sum' AS broken, p.lane, p.id, p.sold, sum(s.allotted) AS allotted
  FROM teller.product p
  JOIN teller.subscription s ON s.lane = p.lane AND s.product_number = p.number AND s.state <> 2
 WHERE p.allot_total IS NOT NULL
 GROUP BY p.lane, p.id, p.sold
HAVING bool_and(s.state = 3) AND sum(s.allotted) <> p.sold;

-- No buyer has more than the cap per account, nor all of them more than was sold or subscribed.
SELECT 'buyers exceed the cap' AS broken, p.lane, p.id, p.cap_per_account, max(b.quantity) AS most,
       sum(b.quantity) AS units
  FROM teller.product p
  JOIN teller.buyer b ON b.lane = p.lane AND b.product_number = p.number
 GROUP BY p.lane, p.id, p.cap_per_account, p.mode, p.sold, p.subscribed
HAVING max(b.quantity) > p.cap_per_account
    OR sum(b.quantity) <> CASE p.mode WHEN 1 THEN p.sold ELSE p.subscribed END;

-- Nothing was applied beyond a lane's position.
SELECT 'row beyond the position' AS broken, j.lane, j.log_offset, l.next_offset
  FROM teller.journal j JOIN teller.lane l USING (lane)
 WHERE j.log_offset >= l.next_offset;

-- Seals follow each other without a gap, up to the head that the lane remembers.
SELECT 'seals have a gap' AS broken, l.lane, l.next_seal, count(s.number) AS seals
  FROM teller.lane l LEFT JOIN teller.seal s USING (lane)
 GROUP BY l.lane, l.next_seal, l.seal_head
HAVING count(s.number) <> l.next_seal - 1
    OR l.seal_head IS DISTINCT FROM coalesce(
           (array_agg(s.digest ORDER BY s.number DESC) FILTER (WHERE s.number IS NOT NULL))[1],
           decode(repeat('00', 32), 'hex'));
