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
         WHERE j.counter_role IS NOT NULL AND j.amount <> 0) AS both_sides
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
